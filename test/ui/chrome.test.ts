import { afterEach, describe, expect, it } from 'vitest';
import { chromeMasks } from '../../src/client/chrome-masks.ts';
import { selectGeometry } from '../../src/client/selectors.ts';
import { WORDS_PER_CELL } from '../../src/core/cell.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { startLine } from '../../src/core/line-edit.ts';
import type { PaneView } from '../../src/core/session.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { NOW_MS, nine, pane, snapshot } from '../client/sample-session.ts';
import { cellText, isBold, openChrome } from './chrome-harness.ts';

type Chrome = Awaited<ReturnType<typeof openChrome>>;
let chrome: Chrome;
afterEach(() => {
  chrome.close();
  expect(chrome.errors).toEqual([]);
  expect(chrome.clock.pending()).toBe(0);
});

const team: Record<number, Partial<PaneView>> = {
  1: { name: 'planner', cpuPercent: 3.2, restarts: 2 },
  2: { name: 'coder' },
  3: {
    name: 'codex',
    state: 'fatal',
    reason: 'command not found: codex',
    hint: 'install: npm install -g @openai/codex',
  },
  4: { name: 'tests', state: 'backoff', reason: 'exited with code 1', restarts: 1, nextRestartAt: NOW_MS + 4000 },
  5: { name: '日本語の名前', state: 'exited', exit: { code: 0, signal: null } },
  6: { name: 'docs', state: 'stopped' },
  7: { name: 'api', state: 'starting' },
  8: { name: 'web', state: 'stopping' },
};

describe('the chrome', () => {
  it('draws titles, separators, notices and the status bar at 210x60', async () => {
    chrome = await openChrome({ cols: 210, rows: 60, panes: nine(team) });
    const lines = await chrome.lines();
    expect(lines[0]).toMatch(
      /^━▶1 planner ● running 3\.2% 120M ↻2 5m ━+┬─ 2 coder ● running 0% 120M 5m ─+┬─ 3 codex ✕ fatal ─+$/,
    );
    expect(lines[20]).toMatch(/^─ 4 tests ↻ backoff 4s ↻1 ─+┼─ 5 日本語の名前 ■ exited 0 ─+┼─ 6 docs ○ stopped ─+$/);
    expect(lines[40]).toMatch(
      /^─ 7 api ◌ starting 0% 120M 5m ─+┼─ 8 web ◍ stopping 0% 120M 5m ─+┼─ 9 pane-9 ● running 0% 120M 5m ─+$/,
    );
    expect(lines[17]).toContain('│✕ fatal: command not found: codex');
    expect(lines[19]).toContain('│ctrl+b s starts it again');
    expect(lines[59]).toMatch(
      /^ team ○1 stopped ◌1 starting ●3 running ↻1 backoff ◍1 stopping ■1 exited ✕1 fatal 4 tests restarts in 4s cpu 3\.2% mem 600M ↻3 +ctrl\+b \? help$/,
    );
    for (const row of [0, 20, 40])
      expect([...lines[row]!].filter((character) => '┬┼'.includes(character))).toHaveLength(2);
  });

  it('draws the same nine panes at 80x24, shorter', async () => {
    chrome = await openChrome({ cols: 80, rows: 24, panes: nine(team) });
    const lines = await chrome.lines();
    expect(lines[0]).toBe('━▶1 planner ● running ↻2 ━┬─ 2 coder ● running 0% 5m ┬─ 3 codex ✕ fatal ────────');
    expect(lines[23]).toMatch(/^ team .* ctrl\+b \? help$/);
  });

  it('shows six of nine panes at 60x19, and the others on a second page', async () => {
    chrome = await openChrome({ cols: 60, rows: 19, panes: nine(team) });
    expect((await chrome.lines())[0]).toMatch(/^━▶1 planner ● running 3\.2% ↻2 ┬─ 2 coder ● running 0% 120M ─/);
    chrome.store.dispatch({ type: 'focused', pane: 7 });
    const lines = await chrome.lines();
    expect(lines[0]).toMatch(/^━▶7 /);
    expect(lines[18]).toContain('page 2/2');
  });

  it('shows the focused pane alone at 40x12, below a line with the number and mark of all', async () => {
    chrome = await openChrome({ cols: 40, rows: 12, panes: nine(team) });
    chrome.store.dispatch({ type: 'focused', pane: 3 });
    const lines = await chrome.lines();
    expect(lines[0]).toMatch(/^ 1● {2}2● {2}3✕ {2}4. /);
    expect(lines[1]).toMatch(/^━▶3 codex ✕ fatal ━+$/);
    expect(lines.slice(8, 11)).toEqual([
      '✕ fatal: command not found: codex',
      'install: npm install -g @openai/codex',
      'ctrl+b s starts it again',
    ]);
    expect(lines[11]).toContain('pane 3/9');
    chrome.store.dispatch({ type: 'pane-called', pane: 1 });
    expect((await chrome.lines())[0]).toMatch(/^ ?1●!/);
  });

  it('still shows number, mark and word at 20x5, and a sentence below that', async () => {
    chrome = await openChrome({ cols: 20, rows: 5, panes: nine(team) });
    expect((await chrome.lines())[0]).toBe('━▶1 plann… ● running');
    chrome.store.dispatch({ type: 'resized', cols: 12, rows: 4 });
    expect(await chrome.text()).toBe('12×4 is too\nsmall: nonet\nneeds 20×5\n');
  });

  it('marks the focused title by shape and weight, not by colour alone', async () => {
    chrome = await openChrome({ cols: 80, rows: 24, color: false });
    chrome.store.dispatch({ type: 'focused', pane: 2 });
    const lines = await chrome.lines();
    expect(lines[0]).toMatch(/^─ 1 pane-1 .*┬━▶2 pane-2 /);
    const { grid } = chrome.terminal;
    const colOf = (name: string) => lines[0]!.indexOf(name);
    expect([isBold(grid, colOf('pane-1'), 0), isBold(grid, colOf('pane-2'), 0)]).toEqual([false, true]);
    for (let cell = 0; cell < 80; cell++) expect(grid.words[cell * WORDS_PER_CELL + 1]! & 0x3ffffff).toBe(0);
  });

  it('keeps every title in its column whatever the names are', async () => {
    const names = [
      '\x1b[31mred\x1b]0;x\x07',
      'تجربة\u202eabc',
      '👩‍👩‍👧🇩🇪❤️1️⃣🇽🇽',
      'नमस्ते',
      `z${'\u0323'.repeat(40)}`,
      '日本語日本語日本語日本語日本語日本語日本語日本語日本語',
      '\u{1f6dc}䷀ｱﾞ',
      '\n\n\t',
      '',
    ];
    const panes = nine(Object.fromEntries(names.map((name, i) => [i + 1, { name }])));
    for (const [cols, rows] of [
      [210, 60],
      [80, 24],
    ] as const) {
      chrome?.close();
      chrome = await openChrome({ cols, rows, panes });
      await chrome.text();
      const { grid } = chrome.terminal;
      const geometry = selectGeometry(chrome.store.getState());
      for (const { x, y, height } of geometry.separators) {
        for (let row = y; row < y + height; row++) expect(cellText(grid, row * cols + x)).toMatch(/^[│┬┼]$/);
      }
      for (const { title, pane: number } of geometry.boxes) {
        const cells = Array.from({ length: title.width }, (_, i) => cellText(grid, title.y * cols + title.x + i)).join(
          '',
        );
        expect(cells).toMatch(new RegExp(`^(━▶|─ )${number} .* ● running`, 'u'));
      }
      expect(await chrome.text()).not.toMatch(/[\u202a-\u202e\x00-\x09\x0b-\x1f]/);
    }
  });

  it('draws nothing when nothing has changed', async () => {
    chrome = await openChrome({ cols: 80, rows: 24 });
    await chrome.text();
    chrome.changes.length = 0;
    chrome.store.applyEvent({ event: 'panes', panes: nine() });
    chrome.clock.advance(10_000);
    chrome.store.dispatch({ type: 'key-pressed', key: 'a', pane: 1 });
    await chrome.text();
    expect(chrome.changes).toEqual([]);
  });

  it('redraws only the rows that have changed', async () => {
    chrome = await openChrome({ cols: 210, rows: 60 });
    await chrome.text();
    chrome.changes.length = 0;
    chrome.store.applyEvent({ event: 'panes', panes: [pane(5, { restarts: 1 })] });
    const lines = await chrome.lines();
    expect(lines[20]).toContain('5 pane-5 ● running 0% 120M ↻1 5m');
    expect(chrome.changes).toEqual([
      [20, 20],
      [59, 59],
    ]);
  });

  it('draws a title anew without any other', async () => {
    chrome = await openChrome({ cols: 210, rows: 60 });
    await chrome.text();
    chrome.regions.frames = 0;
    chrome.clock.advance(1000);
    chrome.store.applyEvent({ event: 'panes', panes: [pane(5, { startedAt: NOW_MS - 3_600_000 })] });
    expect((await chrome.lines())[20]).toContain('5 pane-5 ● running 0% 120M 1h00m');
    // The status bar looks at what the panes are, though not at how long.
    expect(chrome.regions.frames).toBeLessThanOrEqual(2);
  });

  it('says of a program that it runs but is not ready yet', async () => {
    chrome = await openChrome({ cols: 210, rows: 60, panes: [pane(1, { ready: false }), pane(2, { ready: true })] });
    const [line] = await chrome.lines();
    expect(line).toContain('● running (unready) 0%');
    expect(line).toContain('2 pane-2 ● running 0%');
  });

  it('draws new figures of all panes together, every two seconds', async () => {
    chrome = await openChrome({ cols: 210, rows: 60 });
    await chrome.text();
    chrome.changes.length = 0;
    for (let number = 1; number <= 9; number++) {
      chrome.store.applyEvent({ event: 'panes', panes: [pane(number, { cpuPercent: 12.3 })] });
    }
    expect((await chrome.lines())[0]).toContain('running 0% 120M');
    expect(chrome.changes).toEqual([]);
    chrome.clock.advance(2000);
    const lines = await chrome.lines();
    expect(lines[0]).toContain('running 12% 120M');
    expect(lines[59]).toContain('cpu 111% mem 1.1G');
    expect(chrome.changes).toEqual([0, 20, 40, 59].map((row) => [row, row]));
  });

  it('counts minutes, and draws nothing for the seconds between', async () => {
    chrome = await openChrome({ cols: 210, rows: 60, panes: nine({ 1: { startedAt: NOW_MS } }) });
    expect((await chrome.lines())[0]).toContain('120M <1m ');
    chrome.regions.frames = 0;
    chrome.clock.advance(59_000);
    expect((await chrome.lines())[0]).toContain('120M <1m ');
    expect(chrome.regions.frames).toBe(0);
    chrome.clock.advance(1000);
    expect((await chrome.lines())[0]).toContain('120M 1m ');
  });

  it('lets a rule run from the end of each title, heavy where the focus is', async () => {
    chrome = await openChrome({ cols: 104, rows: 24, panes: nine({ 2: { name: '日本' } }) });
    chrome.store.dispatch({ type: 'focused', pane: 2 });
    expect((await chrome.lines())[0]).toBe(
      '─ 1 pane-1 ● running 0% 120M 5m ──┬━▶2 日本 ● running 0% 120M 5m ━━━━┬─ 3 pane-3 ● running 0% 120M 5m ──',
    );
    chrome.store.dispatch({ type: 'zoom-toggled' });
    expect((await chrome.lines())[0]).toMatch(/^━▶2 日本 ● running 0% 120M 5m ━+$/);
  });

  it('holds nothing more after a thousand changes of what there is to draw', async () => {
    chrome = await openChrome({ cols: 80, rows: 24, panes: nine(team) });
    const before = await chrome.text();
    const { open } = chrome.regions;
    const hooks = () => process.eventNames().map((name) => [name, process.listenerCount(name)]);
    const hooksBefore = hooks();
    for (let i = 0; i < 125; i++) {
      for (const action of [
        { type: 'zoom-toggled' },
        { type: 'resized', cols: 20 + i, rows: 5 + (i % 40) },
        { type: 'zoom-toggled' },
        { type: 'help-opened' },
        { type: 'resized', cols: 10, rows: 3 },
        { type: 'confirm-asked', command: 'kill', pane: 1 },
        { type: 'list-opened', kind: 'palette' },
        { type: 'resized', cols: 80, rows: 24 },
        { type: 'mode-left' },
      ] as const) {
        chrome.store.dispatch(action);
        await Promise.resolve();
      }
    }
    expect(await chrome.text()).toBe(before);
    expect(chrome.regions.open).toBe(open);
    expect(hooks()).toEqual(hooksBefore);
  });

  it('counts down to a restart in title, notice and status bar', async () => {
    chrome = await openChrome({ cols: 210, rows: 60, panes: nine(team) });
    chrome.clock.advance(2000);
    const lines = await chrome.lines();
    expect(lines[20]).toContain('↻ backoff 2s');
    expect(lines[38]).toContain('↻ restarting in 2s: exited with code 1 (restart 1)');
    expect(lines[59]).toContain('4 tests restarts in 2s');
  });

  it('draws a notice over as many rows as its pane leaves free', async () => {
    const reason = 'exited with code 1 after 1 s because of something that takes long to tell';
    const panes = nine({ 4: { ...team[4], reason, repeats: 'failed 3 times the same way: exit code 1' } });
    chrome = await openChrome({ cols: 80, rows: 24, panes });
    const notice = async () => (await chrome.lines()).slice(9, 16).map((line) => line.slice(0, 26).trimEnd());
    expect((await notice()).join(' ').trim()).toMatch(/^↻ restarting in 4s: exited .*… ctrl\+b r restarts it now$/);
    chrome.store.dispatch({ type: 'rows-used', pane: 4, rows: 0 });
    expect((await notice()).join(' ').trim()).toBe(
      `↻ restarting in 4s: ${reason}; failed 3 times the same way (restart 1) ctrl+b r restarts it now`,
    );
    chrome.store.dispatch({ type: 'rows-used', pane: 4, rows: 7 });
    expect((await notice()).slice(0, 3)).toEqual(['', '', '']);
  });

  it('follows a new size, wider, narrower and back', async () => {
    chrome = await openChrome({ cols: 80, rows: 24 });
    const before = await chrome.text();
    for (const [cols, rows] of [
      [210, 60],
      [40, 10],
      [100, 24],
      [80, 30],
      [20, 5],
    ] as const) {
      chrome.store.dispatch({ type: 'resized', cols, rows });
      const lines = await chrome.lines();
      expect([lines.length, chrome.terminal.grid.cols]).toEqual([rows, cols]);
      expect(lines[cols === 40 ? 1 : 0]).toMatch(/^━▶1 pane-?1?/);
      expect(lines[rows - 1]).toContain(cols > 30 ? 'ctrl+b ? help' : 'team');
    }
    chrome.store.dispatch({ type: 'resized', cols: 80, rows: 24 });
    expect(await chrome.text()).toBe(before);
  });

  it('says the keys of another keymap at once, also in a help that is open', async () => {
    chrome = await openChrome({ cols: 120, rows: 40, panes: nine({ 2: { state: 'stopped' } }) });
    chrome.store.dispatch({ type: 'help-opened' });
    await chrome.text();
    chrome.setKeymap(createKeymap({ prefix: ['ctrl+a'], start: ['g'], zoom: null }));
    expect(await chrome.text()).toMatch(/Keys after ctrl\+a[\s\S]*no key +zoom the pane/);
    chrome.store.dispatch({ type: 'mode-left' });
    const text = await chrome.text();
    expect(text).toContain('ctrl+a g starts it');
    expect(text).toMatch(/ctrl\+a \? help$/);
    expect(text).not.toContain('ctrl+b');
  });

  it('shows the parts of the status bar that the person wants, in their order, and notices in any case', async () => {
    chrome = await openChrome({ cols: 120, rows: 40 });
    await chrome.text();
    chrome.store.dispatch({
      type: 'settings-changed',
      settings: { ...DEFAULT_SETTINGS, status: ['usage', 'session'] },
    });
    expect((await chrome.lines())[39]).toMatch(/^cpu .* mem \S+ +team$/);
    chrome.store.dispatch({ type: 'notice-shown', text: 'look here', kind: 'info' });
    expect((await chrome.lines())[39]).toMatch(/look here.*cpu .* team$/);
  });

  it('follows a session whose panes change', async () => {
    chrome = await openChrome({ cols: 80, rows: 24 });
    await chrome.text();
    chrome.store.applyEvent({ event: 'session', snapshot: snapshot(nine().slice(0, 2)) });
    const lines = await chrome.lines();
    expect(lines[0]).toMatch(/2 pane-2 ● running 0% 5m┐$/);
    expect(lines.join('\n')).not.toContain('pane-3');
    chrome.store.applyEvent({ event: 'session', snapshot: snapshot([]) });
    expect((await chrome.lines())[23]).toContain('team');
  });
});

describe('the status bar', () => {
  const bar = async () => (await chrome.lines()).at(-1)!;

  it('always shows the mode', async () => {
    chrome = await openChrome({ cols: 80, rows: 24 });
    for (const [action, words] of [
      [{ type: 'prefix-pressed' }, /^ PREFIX .*esc cancels/],
      [{ type: 'quit-asked' }, /^ QUIT /],
      [{ type: 'confirm-asked', command: 'kill', pane: 1 }, /^ CONFIRM .*y or n/],
      [{ type: 'help-opened' }, /^ HELP .*esc closes/],
      [{ type: 'mode-left' }, /^ team .*ctrl\+b \? help/],
      [{ type: 'zoom-toggled' }, / ZOOM .*pane 1\/9/],
    ] as const) {
      chrome.store.dispatch(action);
      expect(await bar()).toMatch(words);
    }
  });

  it('says that the focused pane is in copy mode, what is selected or searched for, and how to leave', async () => {
    chrome = await openChrome({ cols: 100, rows: 24 });
    const copy = { position: '[120/10000]', prompt: null, selecting: false };
    chrome.store.dispatch({ type: 'copy-changed', pane: 1, copy });
    expect(await bar()).toMatch(/^ COPY .*v selects {2}\/ searches {2}q leaves/);
    expect((await chrome.lines())[0]).toContain('[120/10000]');
    chrome.store.dispatch({ type: 'copy-changed', pane: 1, copy: { ...copy, selecting: true } });
    expect(await bar()).toMatch(/^ COPY SELECT .*y copies {2}esc clears/);
    chrome.store.dispatch({ type: 'copy-changed', pane: 1, copy: { ...copy, prompt: '/needle' } });
    expect(await bar()).toMatch(/^ SEARCH {2}\/needle .*enter finds {2}esc cancels/);
    chrome.store.dispatch({ type: 'focused', pane: 2 });
    expect(await bar()).not.toMatch(/COPY|SEARCH|needle/);
    chrome.store.dispatch({ type: 'focused', pane: 1 });
    chrome.store.dispatch({ type: 'prefix-pressed' });
    expect(await bar()).toMatch(/^ PREFIX /);
  });

  it('shows a notice for a few seconds in place of what matters less', async () => {
    chrome = await openChrome({ cols: 60, rows: 18 });
    chrome.store.dispatch({
      type: 'notice-shown',
      text: 'ctrl+b q is not bound: ctrl+b ? shows the keys',
      kind: 'warning',
    });
    expect(await bar()).toContain('ctrl+b q is not bound: ctrl+b ? shows the keys');
    chrome.clock.advance(6000);
    expect(await bar()).not.toContain('not bound');
    expect(chrome.store.getState().view.notice).toBeNull();
  });

  it('says when the daemon or the host is away', async () => {
    chrome = await openChrome({ cols: 60, rows: 18 });
    chrome.store.connectionLost();
    expect(await bar()).toMatch(/^ RECONNECTING /);
    chrome.store.applySnapshot(snapshot());
    chrome.store.dispatch({ type: 'host-status-changed', status: 'reconnecting' });
    expect(await bar()).toMatch(/^ RECONNECTING /);
    chrome.store.dispatch({ type: 'host-status-changed', status: 'live' });
    expect(await bar()).not.toContain('RECONNECTING');
  });

  it('says which page of how many', async () => {
    chrome = await openChrome({ cols: 210, rows: 60, panes: Array.from({ length: 11 }, (_, i) => pane(i + 1)) });
    expect(await bar()).toContain('page 1/2');
    chrome.store.dispatch({ type: 'focused', pane: 11 });
    const lines = await chrome.lines();
    expect(lines.at(-1)).toContain('page 2/2');
    expect(lines[0]).toMatch(/10 pane-10 .*┬━▶11 pane-11 /);
  });
});

describe('overlays', () => {
  it('fill exactly their mask and nothing of the chrome shows through', async () => {
    for (const [cols, rows] of [
      [210, 60],
      [80, 24],
      [60, 18],
      [20, 5],
    ] as const) {
      for (const action of [
        { type: 'help-opened' },
        { type: 'quit-asked' },
        { type: 'confirm-asked', command: 'kill', pane: 3 },
      ] as const) {
        chrome?.close();
        chrome = await openChrome({ cols, rows });
        const before = (await chrome.lines()).map((line) => [...line.padEnd(cols)]);
        chrome.store.dispatch(action);
        const after = (await chrome.lines()).map((line) => [...line.padEnd(cols)]);
        const [rect] = chromeMasks(chrome.store.getState(), chrome.keymap);
        for (let row = 0; row < rows - 1; row++) {
          for (let col = 0; col < cols; col++) {
            const inside =
              col >= rect!.x && col < rect!.x + rect!.width && row >= rect!.y && row < rect!.y + rect!.height;
            if (!inside) expect([col, row, after[row]![col]]).toEqual([col, row, before[row]![col]]);
            else expect('─━▶┬┼│●'.includes(after[row]![col]!) && !'━'.includes(after[row]![col]!)).toBe(false);
          }
        }
      }
    }
  });

  it('uncover what was below them', async () => {
    chrome = await openChrome({ cols: 80, rows: 24, panes: nine(team) });
    const before = await chrome.text();
    const { open } = chrome.regions;
    for (const action of [{ type: 'help-opened' }, { type: 'quit-asked' }] as const) {
      chrome.store.dispatch(action);
      expect(await chrome.text()).not.toBe(before);
      chrome.store.dispatch({ type: 'mode-left' });
      expect(await chrome.text()).toBe(before);
      expect(chrome.regions.open).toBe(open);
    }
  });

  it('the help lists the keys by group, filters and scrolls', async () => {
    chrome = await openChrome({ cols: 80, rows: 24 });
    chrome.store.dispatch({ type: 'help-opened' });
    const text = await chrome.text();
    expect(text).toContain('┏━ Keys after ctrl+b ━');
    expect(text).toMatch(
      /Focus[\s\S]*1…9 +focus the pane of that number[\s\S]*Panes[\s\S]*X +kill the whole tree at once/,
    );
    expect(text).toMatch(/1–20 of \d+/);
    chrome.store.dispatch({ type: 'help-scrolled', scroll: 1000 });
    expect(await chrome.text()).toMatch(/ctrl\+b +send ctrl\+b to the pane/);
    chrome.store.dispatch({ type: 'help-filtered', filter: 'zoom' });
    const filtered = await chrome.text();
    expect(filtered).toContain('filter: zoom▏');
    expect(filtered).toMatch(/z +zoom the pane, and back/);
    expect(filtered).not.toContain('kill the whole tree');
    chrome.store.dispatch({ type: 'help-filtered', filter: 'no such thing' });
    expect(await chrome.text()).toContain('no key does that');
  });

  it('show the end of what is typed, also in wide characters', async () => {
    chrome = await openChrome({ cols: 30, rows: 12 });
    chrome.store.dispatch({ type: 'help-opened' });
    chrome.store.dispatch({ type: 'help-filtered', filter: `${'x'.repeat(36)} END` });
    expect(await chrome.text()).toMatch(/filter: …x+ END▏/);
    chrome.store.dispatch({ type: 'mode-left' });
    for (const text of [`${'x'.repeat(60)} END`, `${'日'.repeat(60)} END`]) {
      chrome.store.dispatch({ type: 'rename-opened', pane: 1, line: startLine(text) });
      expect(await chrome.text()).toMatch(/…[x日]+ END +/u);
    }
    const line = { text: '日'.repeat(64), cursor: 0 };
    chrome.store.dispatch({ type: 'rename-edited', line });
    expect(await chrome.text()).toMatch(/ 日+… +/u);
  });

  it('a question names the pane and the keys that answer it', async () => {
    chrome = await openChrome({ cols: 80, rows: 24, panes: nine(team) });
    chrome.store.dispatch({ type: 'confirm-asked', command: 'kill', pane: 1 });
    const text = await chrome.text();
    expect(text).toContain('Kill 1 planner?');
    expect(text).toContain('y enter  kill');
    expect(text).toContain('n esc    cancel');
    chrome.store.dispatch({ type: 'quit-asked' });
    expect(await chrome.text()).toContain('d enter  detach: panes go on');
  });
});

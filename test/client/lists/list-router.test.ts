import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/client/input-effect.ts';
import { routeInput } from '../../../src/client/input-router.ts';
import { chosenItem, listLayout } from '../../../src/client/lists/list-layout.ts';
import type { ListKind } from '../../../src/client/lists/list-view.ts';
import { commandRow, keyCommandNames } from '../../../src/core/commands.ts';
import type { PaneFinds } from '../../../src/core/found-lines.ts';
import type { InputEvent, MouseEvent } from '../../../src/core/input-event.ts';
import { createKeymap } from '../../../src/core/keymap.ts';
import type { PaneView } from '../../../src/core/session.ts';
import { key, liveStore, nine, pane, snapshot } from '../sample-session.ts';

const keymap = createKeymap({});

/** An open list. What leaves the client is kept. */
function open(
  kind: ListKind,
  { panes = nine(), cols = 100, rows = 40 }: { panes?: PaneView[]; cols?: number; rows?: number } = {},
) {
  const store = liveStore({ panes, cols, rows });
  const left: Effect[] = [];
  store.dispatch({ type: 'list-opened', kind });
  const play = (...events: InputEvent[]): void => {
    for (const event of events) {
      for (const effect of routeInput(store.getState(), keymap, event)) {
        if (effect.type === 'view') store.dispatch(effect.action);
        else left.push(effect);
      }
    }
  };
  const layout = () => listLayout(store.getState(), keymap)!;
  return {
    store,
    left,
    layout,
    play,
    press: (...names: string[]) => play(...names.map((name) => key(name))),
    type: (text: string) => play(...[...text].map((character) => ({ ...key('a'), key: character, text: character }))),
    paste: (text: string) =>
      play(
        { type: 'paste', phase: 'start', text: '' },
        { type: 'paste', phase: 'data', text },
        { type: 'paste', phase: 'end', text: '' },
      ),
    chosen: () => chosenItem(layout())?.id,
    shown: () =>
      layout().rows.map((row) =>
        row.kind === 'heading' ? `# ${row.text}` : row.cells.map(({ text }) => text).join(' | '),
      ),
    view: () => store.getState().view,
    notice: () => store.getState().view.notice?.text,
    found(panes: PaneFinds[], text: string, status: 'running' | 'done' = 'done') {
      store.dispatch({ type: 'search-changed', search: { status, query: { text, regex: false }, panes, problem: '' } });
    },
  };
}

const finds = (number: number, lines: number[], count = lines.length): PaneFinds => ({
  pane: number,
  cols: 66,
  count,
  found: lines.map((line) => ({ line, text: `  line ${line}`, skipped: 0, matches: [[2, 6]] })),
});

describe('the palette', () => {
  it('has every command that a key can run, with its key, and every pane', () => {
    const { layout } = open('palette');
    const rows = layout().rows.flatMap((row) => (row.kind === 'item' ? [row] : []));
    for (const name of keyCommandNames) {
      if (name === 'palette' || /^focus-\d$/.test(name)) continue;
      const row = rows.find(({ id }) => id === `command ${name}`);
      expect(row?.press).toBe(keymap.pressFor(name) ?? '');
      expect(row?.cells[1]?.text).toBe(commandRow(name).summary);
    }
    expect(rows.filter(({ id }) => id.startsWith('pane ')).map(({ press }) => press)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `ctrl+b ${number}`),
    );
  });

  it('runs what is chosen as its key would, for the focused pane, and questions are asked', () => {
    const { store, type, press, left, view } = open('palette');
    store.dispatch({ type: 'focused', pane: 4 });
    type('kill');
    press('enter');
    expect(left).toEqual([{ type: 'command', command: 'kill', pane: 4, confirmed: false }]);
    expect([view().mode, view().list]).toEqual(['normal', null]);
  });

  it.each([
    ['rnow', 'command restart-now'],
    ['reload', 'command reload'],
    ['cpm', 'command copy-mode'],
    ['go to 7', 'pane 7'],
    ['codex', 'pane 3'],
    ['last pane', 'command focus-last'],
    ['sepan', 'command search-panes'],
  ])('finds with “%s” first of all %s', (text, wanted) => {
    const { type, chosen } = open('palette', { panes: nine({ 3: { name: 'codex' } }) });
    type(text);
    expect(chosen()).toBe(wanted);
  });

  it('goes to a pane', () => {
    const { type, press, view, left } = open('palette');
    type('go to 8');
    press('enter');
    expect([view().focused, view().mode, left]).toEqual([8, 'normal', []]);
  });

  it('shows the keys that the layout gives', () => {
    const store = liveStore();
    store.dispatch({ type: 'list-opened', kind: 'palette' });
    const own = createKeymap({ prefix: ['ctrl+a'], restart: null, reload: ['f5'] });
    const rows = listLayout(store.getState(), own)!.rows;
    const pressOf = (id: string) => rows.flatMap((row) => (row.kind === 'item' && row.id === id ? [row.press] : []))[0];
    expect([pressOf('command reload'), pressOf('command restart'), pressOf('command zoom')]).toEqual([
      'ctrl+a f5',
      '',
      'ctrl+a z',
    ]);
  });
});

describe('going to a pane', () => {
  const panes = nine({
    2: { name: 'planner', title: 'thinking about it' },
    3: { name: 'web', command: 'npm run dev', state: 'fatal' },
    5: { name: '日本語', state: 'stopped' },
  });

  it.each([
    ['2', 2],
    ['plan', 2],
    ['thinking', 2],
    ['npm dev', 3],
    ['fatal', 3],
    ['stopped', 5],
    ['本', 5],
  ])('is by number, name, title, command or state: “%s”', (text, wanted) => {
    const { type, press, view, chosen } = open('go-to', { panes });
    type(text);
    expect(chosen()).toBe(`pane ${wanted}`);
    press('enter');
    expect(view().focused).toBe(wanted);
  });

  it('moves the choice with arrows, pages and ends, and what is chosen stays chosen while panes change', () => {
    const { press, chosen, store, layout } = open('go-to', { rows: 8 });
    press('down', 'down');
    expect(chosen()).toBe('pane 3');
    press('up', 'ctrl+n', 'ctrl+p', 'tab', 'shift+tab');
    expect(chosen()).toBe('pane 2');
    press('end');
    expect([chosen(), layout().scroll + layout().pageRows]).toEqual(['pane 9', 9]);
    press('page_up');
    expect(chosen()).toBe(`pane ${9 - layout().pageRows}`);
    press('home', 'up');
    expect([chosen(), layout().scroll]).toEqual(['pane 1', 0]);
    press('down', 'down');
    store.applySnapshot(snapshot([pane(2), pane(3), pane(4)]));
    expect(chosen()).toBe('pane 3');
    store.applySnapshot(snapshot([pane(2), pane(4)]));
    expect(chosen()).toBe('pane 2');
  });

  it('is not by letters that are somewhere in a command', () => {
    const { type, shown } = open('go-to', {
      panes: nine({ 9: { name: 'flaky' } }).map((view) => ({ ...view, command: '/fabulous/long/path' })),
    });
    type('fla');
    expect(shown()).toEqual(['9 flaky | ● running | /fabulous/long/path']);
  });

  it('tells which panes call', () => {
    const { store, shown } = open('go-to');
    store.dispatch({ type: 'pane-called', pane: 4 });
    expect(shown()[3]).toBe('4 pane-4 | ! ● running | bash');
  });

  it('keeps the zoom', () => {
    const { store, type, press, view } = open('go-to');
    store.dispatch({ type: 'zoom-toggled' });
    type('6');
    press('enter');
    expect([view().focused, view().zoomed]).toEqual([6, true]);
  });

  it('says what a key without use does, and that there is nothing to take', () => {
    const { press, type, notice, view } = open('go-to');
    press('f5');
    expect(notice()).toBe('f5 does nothing here');
    press('ctrl+b');
    expect(notice()).toBe('ctrl+b does nothing here');
    type('zzz');
    press('enter');
    expect([notice(), view().mode]).toEqual(['there is nothing to choose', 'list']);
  });
});

describe('what is typed into a list', () => {
  it('is edited at its end, and may be pasted on one line', () => {
    const { type, press, paste, view } = open('palette');
    type('go to');
    press('space', 'x', 'backspace');
    expect(view().list?.query).toBe('go to ');
    press('ctrl+w');
    expect(view().list?.query).toBe('go ');
    press('ctrl+u');
    paste('\n one\n\ttwo\x1b[31m');
    expect(view().list?.query).toBe('one two [31m');
    paste('x'.repeat(2000));
    expect(view().list?.query.length).toBe(500);
  });

  it.each(['escape', 'ctrl+c', 'ctrl+g'])('is left with %s, and nothing reaches a pane, not even releases', (name) => {
    const { play, press, view, left } = open('palette');
    play(key('q'), key('q', 'repeat'), key('q', 'release'), key('ctrl+z'));
    expect(view().list?.query).toBe('qq');
    press(name);
    play(key(name, 'release'));
    expect([view().mode, view().list, left]).toEqual(['normal', null, []]);
  });

  it('chooses the best match again', () => {
    const { type, press, chosen } = open('palette');
    press('down', 'down', 'down');
    type('zoom');
    expect(chosen()).toBe('command zoom');
  });
});

describe('the search through all panes', () => {
  it('shows what was found by pane, with how many there are when not all are shown', () => {
    const { type, found, shown, layout } = open('search', { panes: nine({ 2: { name: 'web', state: 'exited' } }) });
    type('line');
    found([finds(7, [3]), finds(2, [9, 4], 250)], 'line');
    expect(shown()).toEqual(['# 2 web ■', 'line 9', 'line 4', '# 7 pane-7 ●', 'line 3']);
    expect(layout().rows.map((row) => (row.kind === 'heading' ? row.note : ''))).toEqual([
      'the newest 2 of 250 lines',
      '',
      '',
      '1 line',
      '',
    ]);
    expect(layout().note).toBe('251 lines, 2 panes');
  });

  it('goes from line to line and, with tab, from pane to pane', () => {
    const { type, found, press, chosen } = open('search');
    type('line');
    found([finds(1, [9, 8, 7]), finds(2, [6, 5]), finds(3, [4])], 'line');
    const chain = [
      'down',
      'tab',
      'down',
      'tab',
      'tab',
      'shift+tab',
      'down',
      'shift+tab',
      'shift+tab',
      'end',
      'home',
    ].map((name) => {
      press(name);
      return chosen()!.slice('found '.length);
    });
    expect(chain).toEqual(['1 8', '2 6', '2 5', '3 4', '3 4', '2 6', '2 5', '2 6', '1 9', '3 4', '1 9']);
  });

  it('keeps the heading in view, and the line that is chosen where its pane has got more', () => {
    const { type, found, press, layout, chosen } = open('search', { rows: 10 });
    type('line');
    found([finds(1, [9, 8, 7]), finds(2, [6, 5, 4, 3, 2, 1])], 'line');
    press('end', 'shift+tab');
    const { scroll, rows } = layout();
    expect(rows[scroll]).toMatchObject({ kind: 'heading', id: 'pane 2' });
    press('down');
    found([finds(1, [12, 11, 10, 9, 8, 7]), finds(2, [6, 5, 4, 3, 2, 1])], 'line');
    expect(chosen()).toBe('found 2 5');
  });

  it('jumps: the pane gets the focus, and its line is shown', () => {
    const { type, found, press, left, view } = open('search');
    type('line');
    found([finds(1, [9]), finds(5, [6, 5])], 'line');
    press('end', 'enter');
    expect([view().focused, view().mode]).toEqual([5, 'normal']);
    expect(left).toEqual([
      {
        type: 'show-found',
        target: { pane: 5, query: { text: 'line', regex: false }, cols: 66, rank: 1, found: finds(5, [5]).found[0] },
      },
    ]);
  });

  it('does not take a line that was found for less than is typed, but waits for its own', () => {
    const { type, found, press, left, view } = open('search');
    type('lin');
    found([finds(1, [9])], 'lin');
    type('e 7');
    press('enter');
    expect([left, view().mode, view().list?.accepting]).toEqual([[], 'list', true]);
    press('backspace');
    expect(view().list?.accepting).toBe(false);
  });

  it('brings back what was searched for before, with its kind', () => {
    const { store, type, press, view, layout } = open('search');
    press('ctrl+r');
    expect(layout().prompt).toBe('regex: ');
    type('a.c');
    press('escape');
    store.dispatch({ type: 'list-opened', kind: 'palette' });
    press('escape');
    store.dispatch({ type: 'list-opened', kind: 'search' });
    expect(layout().footer).toContain('last search');
    press('up');
    expect(view().list).toMatchObject({ query: 'a.c', regex: true });
  });

  it.each([
    [{ status: 'running', panes: [], problem: '' }, 'searching …', false],
    [{ status: 'done', panes: [], problem: '' }, '', false],
    [{ status: 'done', panes: [], problem: 'Unterminated group' }, '✕ Unterminated group', true],
    [{ status: 'running', panes: [finds(1, [1])], problem: '' }, '1 line, 1 pane …', false],
  ] as const)('tells how it stands: %j', (search, note, troubled) => {
    const { store, type, layout } = open('search');
    type('x');
    store.dispatch({ type: 'search-changed', search: { ...search, query: { text: 'x', regex: false } } });
    expect([layout().note, layout().troubled]).toEqual([note, troubled]);
  });

  it('says so while the panes cannot be reached', () => {
    const { store, type, layout } = open('search');
    type('x');
    store.dispatch({ type: 'host-status-changed', status: 'reconnecting' });
    expect(layout().note).toBe('✕ the panes cannot be reached just now');
  });
});

describe('the mouse in a list', () => {
  const at = (row: number, button: MouseEvent['button'] = 'left', col = 50): MouseEvent => ({
    type: 'mouse',
    action: 'press',
    button,
    col,
    row,
    modifiers: 0,
  });

  it('chooses with a click, takes with one more, and never reaches what is beneath', () => {
    const { play, layout, chosen, view, left } = open('go-to');
    const { rect } = layout();
    play(at(rect.y + 2 + 3));
    expect(chosen()).toBe('pane 4');
    play(at(rect.y), at(rect.y + 1), at(rect.y + 2, 'right'), at(0), at(rect.y + 4, 'left', 1));
    expect([chosen(), view().focused, view().mode]).toEqual(['pane 4', 1, 'list']);
    play(at(rect.y + 2 + 3));
    expect([view().focused, view().mode, left]).toEqual([4, 'normal', []]);
  });

  it('moves the choice with the wheel', () => {
    const { play, chosen } = open('go-to');
    play(at(0, 'wheel-down'));
    expect(chosen()).toBe('pane 4');
    play(at(0, 'wheel-up'), at(0, 'wheel-up'));
    expect(chosen()).toBe('pane 1');
  });
});

it.each([
  [200, 50],
  [80, 24],
  [40, 12],
  [20, 5],
])('every list is on a screen of %d by %d, with room for an item', (cols, rows) => {
  for (const kind of ['palette', 'go-to', 'search'] as const) {
    const { layout, type, found } = open(kind, { cols, rows });
    if (kind === 'search') {
      type('line');
      found([finds(1, [9, 8])], 'line');
    }
    const { rect, pageRows, chosen, scroll } = layout();
    expect(rect.x + rect.width).toBeLessThanOrEqual(cols);
    expect(rect.y + rect.height).toBeLessThanOrEqual(rows - 1);
    expect(pageRows).toBeGreaterThanOrEqual(2);
    expect(chosen - scroll).toBeLessThan(pageRows);
  }
});

it('there is no list on a screen that is too small, and it can be closed', () => {
  const { press, type, store, view, left } = open('palette', { cols: 10, rows: 3 });
  expect(listLayout(store.getState(), keymap)).toBeNull();
  type('kill');
  press('down', 'enter');
  expect([left, view().mode]).toEqual([[], 'list']);
  press('escape');
  expect(view().mode).toBe('normal');
});

import { afterEach, describe, expect, it } from 'vitest';
import { chromeMasks } from '../../src/client/chrome-masks.ts';
import type { SearchView } from '../../src/client/lists/list-view.ts';
import { FG_INVERSE, FG_UNDERLINE, WORDS_PER_CELL } from '../../src/core/cell.ts';
import type { FoundLine } from '../../src/core/found-lines.ts';
import { nine } from '../client/sample-session.ts';
import { cellText, openChrome } from './chrome-harness.ts';

type Chrome = Awaited<ReturnType<typeof openChrome>>;
let chrome: Chrome;
afterEach(() => {
  chrome.close();
  expect(chrome.errors).toEqual([]);
});

const team = nine({ 1: { name: 'planner' }, 2: { name: '日本語', title: 'thinking' }, 3: { state: 'fatal' } });

function found(text: string, ...matches: [number, number][]): FoundLine {
  return { line: 1, text, skipped: 0, matches };
}

function searched(lines: FoundLine[], changes: Partial<SearchView> = {}): SearchView {
  const panes = [
    { pane: 1, cols: 66, count: lines.length, found: lines.map((line, i) => ({ ...line, line: 100 - i })) },
  ];
  return { status: 'done', query: { text: 'x', regex: false }, panes, problem: '', ...changes };
}

/** The text of the cells that have this look. */
function looking(bit: number): string {
  const { grid } = chrome.terminal;
  let text = '';
  for (let cell = 0; cell < grid.cols * grid.rows; cell++) {
    const [rect] = chromeMasks(chrome.store.getState(), chrome.keymap).slice(-1);
    const row = Math.floor(cell / grid.cols);
    const inside = rect && row >= rect.y && row < rect.y + rect.height;
    if (inside && (grid.words[cell * WORDS_PER_CELL + 1]! & bit) !== 0) text += cellText(grid, cell);
  }
  return text;
}

describe('a list', () => {
  it('of commands shows name, meaning and key of each, and what is chosen by a sign and by colour', async () => {
    chrome = await openChrome({ cols: 100, rows: 30, panes: team });
    chrome.store.dispatch({ type: 'list-opened', kind: 'palette' });
    let text = await chrome.text();
    expect(text).toContain('┏━ Commands ━');
    expect(text).toMatch(/┃ ▶ start +start a stopped pane +ctrl\+b s ┃/);
    expect(text).toMatch(/┃ {3}reload +replace programs without a gap.* +┃/);
    expect(text).toMatch(/^ COMMANDS .*enter takes {2}esc closes/m);
    expect(looking(FG_INVERSE)).toMatch(/^▶ start +start a stopped pane +ctrl\+b s$/);
    chrome.store.dispatch({ type: 'list-typed', query: 'rn' });
    text = await chrome.text();
    expect(text).toMatch(/❯ rn▏[\s\S]*▶ restart-now/);
    expect(looking(FG_UNDERLINE)).toMatch(/^rn/);
    chrome.store.dispatch({ type: 'list-typed', query: 'no such thing' });
    expect(await chrome.text()).toContain('no command is called that');
  });

  it('of panes keeps its columns whatever their names are', async () => {
    chrome = await openChrome({ cols: 80, rows: 24, panes: team });
    chrome.store.dispatch({ type: 'list-opened', kind: 'go-to' });
    const text = await chrome.text();
    expect(text).toMatch(/▶ 1 planner {2}● running {2}bash +ctrl\+b 1/);
    expect(text).toMatch(/ 2 日本語 {3}● running {2}thinking — bash +ctrl\+b 2/);
    expect(text).toMatch(/ 3 pane-3 {3}✕ fatal {4}bash +ctrl\+b 3/);
  });

  it('of found lines shows the first match however far it is, and marks whole characters', async () => {
    chrome = await openChrome({ cols: 80, rows: 24, panes: team });
    chrome.store.dispatch({ type: 'list-opened', kind: 'search' });
    chrome.store.dispatch({ type: 'list-typed', query: 'x' });
    const far = `${'before '.repeat(20)}needle after`;
    const lines = [
      found(far, [140, 146]),
      found('  indented x', [11, 12]),
      found('日本語の needle', [0, 2], [5, 7]),
      found('cafe\u0301 x\u202e', [3, 4]),
    ];
    chrome.store.dispatch({ type: 'search-changed', search: searched(lines) });
    const text = await chrome.text();
    expect(text).toMatch(/search: x▏ +4 lines, 1 pane ┃/);
    expect(text).toMatch(/1 planner ● {2}4 lines/);
    expect(text).toMatch(/▶ ….*needle after/);
    expect(text).toContain('   indented x');
    expect(looking(FG_UNDERLINE).normalize('NFC')).toBe('needlex日本ne\u00e9');
    expect(text).not.toContain('\u202e');
  });

  it('tells what is wrong with a query', async () => {
    chrome = await openChrome({ cols: 40, rows: 12, panes: team });
    chrome.store.dispatch({ type: 'list-opened', kind: 'search' });
    chrome.store.dispatch({ type: 'list-regex-toggled' });
    chrome.store.dispatch({ type: 'list-typed', query: 'x(' });
    chrome.store.dispatch({
      type: 'search-changed',
      search: searched([], { panes: [], problem: 'Unterminated group', query: { text: 'x(', regex: true } }),
    });
    const text = await chrome.text();
    expect(text).toContain('regex: x(▏');
    expect(text).toContain('✕ Unterminated group');
  });

  it('is drawn again only when something in it has changed, and then only as a part of the screen', async () => {
    chrome = await openChrome({ cols: 100, rows: 30, panes: team });
    chrome.store.dispatch({ type: 'list-opened', kind: 'go-to' });
    await chrome.text();
    const { frames } = chrome.regions;
    chrome.store.dispatch({ type: 'key-pressed', key: 'x', pane: null });
    chrome.store.dispatch({ type: 'list-typed', query: '' });
    chrome.store.applyEvent({ event: 'panes', panes: team });
    await chrome.text();
    expect(chrome.regions.frames).toBe(frames);
    chrome.changes.length = 0;
    chrome.store.dispatch({ type: 'list-chosen', chosen: 'pane 2', scroll: 0 });
    await chrome.text();
    expect(chrome.regions.frames).toBe(frames + 1);
    expect(chrome.changes.every(([first, last]) => last - first <= 1)).toBe(true);
  });

  it.each([
    [200, 50],
    [80, 24],
    [40, 12],
    [20, 5],
  ])('covers its box at %d×%d, and uncovers it', async (cols, rows) => {
    chrome = await openChrome({ cols, rows, panes: team });
    const before = await chrome.text();
    for (const kind of ['palette', 'go-to', 'search'] as const) {
      chrome.store.dispatch({ type: 'list-opened', kind });
      chrome.store.dispatch({ type: 'list-typed', query: kind === 'search' ? 'x' : '' });
      chrome.store.dispatch({ type: 'search-changed', search: searched([found('a line with x in it', [12, 13])]) });
      const text = await chrome.text();
      expect(text).toContain('▶ ');
      const [rect] = chromeMasks(chrome.store.getState(), chrome.keymap).slice(-1);
      const { grid } = chrome.terminal;
      for (let row = rect!.y; row < rect!.y + rect!.height; row++) {
        const cells = Array.from({ length: rect!.width }, (_, x) => cellText(grid, row * cols + rect!.x + x)).join('');
        if (rows > 10) expect(cells).toMatch(/^[┏┃┗].*[┓┃┛]$/);
        expect(cells).not.toContain('┬');
      }
      chrome.store.dispatch({ type: 'mode-left' });
      expect(await chrome.text()).toBe(before);
    }
  });
});

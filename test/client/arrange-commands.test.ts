import { describe, expect, it, vi } from 'vitest';
import { createKeyCommands } from '../../src/client/key-commands.ts';
import type { RequestDaemon } from '../../src/client/request-daemon.ts';
import { selectGeometry, selectPaneSizes } from '../../src/client/selectors.ts';
import { arrangedGrid } from '../../src/core/arrangement.ts';
import type { KeyCommandName } from '../../src/core/commands.ts';
import { NonetError } from '../../src/core/errors.ts';
import type { Grid, PaneSpec } from '../../src/core/layout.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { liveStore, pane, snapshot } from './sample-session.ts';

type Options = { count?: number; shape?: Grid; cols?: number; rows?: number; answer?: () => Promise<unknown> };

function open({ count = 9, shape = regularGrid(3, 3), cols = 210, rows = 60, answer }: Options = {}) {
  const store = liveStore({ cols, rows });
  const panes = Array.from({ length: count }, (_, i) => pane(i + 1));
  const specs = panes.map(({ name }) => ({ name }) as PaneSpec);
  const show = (grid: Grid) => {
    const base = snapshot(panes, grid);
    store.applySnapshot({ ...base, layout: { ...base.layout, panes: specs } });
  };
  show(shape);
  const requests: [string, unknown][] = [];
  const requestDaemon = ((name: string, params: unknown) => {
    requests.push([name, params]);
    return answer?.() ?? Promise.resolve({});
  }) as RequestDaemon;
  const copyMode = { copied: null, enter: vi.fn(), enterPageUp: vi.fn(), paste: vi.fn(), edit: vi.fn() };
  const commands = createKeyCommands({
    store,
    requestDaemon,
    detach: vi.fn(),
    redraw: vi.fn(),
    openLog: vi.fn(),
    turnTo: vi.fn(),
    copyMode,
  });
  return {
    store,
    show,
    commands,
    requests,
    run: (command: KeyCommandName, on = store.getState().view.focused) => commands.run(command, on, false),
    view: () => store.getState().view,
    notice: () => store.getState().view.notice?.text,
    widths: () => selectGeometry(store.getState()).boxes.map(({ inner }) => inner.width),
    told: () => selectPaneSizes(store.getState()).map(({ cols: width }) => width),
  };
}

describe('the next arrangement', () => {
  it('is asked of the daemon and named when it is there', async () => {
    const { run, requests, notice } = open();
    run('next-arrangement');
    expect(requests).toEqual([['arrange', { change: 'shape', arrangement: 'main-left' }]]);
    await vi.waitFor(() => expect(notice()).toBe('arrangement: main-left'));
  });

  it('passes over those that this screen has no room for, and says which', async () => {
    const { run, requests, notice } = open({ cols: 100, rows: 60, shape: arrangedGrid('main-top', 9) });
    run('next-arrangement');
    expect(requests).toMatchObject([['arrange', { arrangement: 'grid' }]]);
    const narrow = open({ cols: 80, rows: 24 });
    narrow.run('next-arrangement');
    await vi.waitFor(() => expect(narrow.notice()).toMatch(/^arrangement: main-left|^no room here for main-left/));
    const tiny = open({ cols: 40, rows: 12 });
    tiny.run('next-arrangement');
    expect(tiny.requests).toEqual([]);
    expect(tiny.notice()).toBe('no room here for main-left, main-top, columns, rows');
    await vi.waitFor(() => expect(notice()).toContain('arrangement: grid'));
  });

  it('ends a zoom when it is there, so that it can be seen', async () => {
    const { run, view } = open();
    run('zoom');
    run('next-arrangement');
    expect(view().zoomed).toBe(true);
    await vi.waitFor(() => expect(view().zoomed).toBe(false));
  });

  it('gives the zoomed pane one new size, also where borders that were moved before are still asked for', async () => {
    const answers: (() => void)[] = [];
    const { run, store, view, show, told } = open({
      answer: () => new Promise((resolve) => answers.push(() => resolve({}))),
    });
    run('resize-right');
    run('zoom');
    run('next-arrangement');
    show(arrangedGrid('main-left', 9));
    const [zoomed] = told();
    const widths = new Set<number>();
    store.subscribe(() => widths.add(told()[0]!));
    for (const answer of answers) answer();
    await vi.waitFor(() => expect([view().zoomed, view().preview]).toEqual([false, null]));
    expect([...widths]).toEqual([zoomed, told()[0]]);
  });
});

describe('panes change places', () => {
  it('with the next and the one before, around the end, and keep the focus', () => {
    const { run, requests, view } = open({ count: 3, shape: regularGrid(1, 3) });
    run('swap-next');
    run('swap-previous');
    expect(requests).toEqual([
      ['arrange', { change: 'swap', panes: [1, 2] }],
      ['arrange', { change: 'swap', panes: [1, 3] }],
    ]);
    expect(view().focused).toBe(1);
  });

  it('not when there is only one', () => {
    const { run, requests, notice } = open({ count: 1, shape: regularGrid(1, 1) });
    run('swap-next');
    expect([requests, notice()]).toEqual([[], 'there is no other pane to swap with']);
  });
});

describe('pages', () => {
  it('turn to the same place, or the last pane, and around', () => {
    const { run, view } = open({ count: 7, shape: regularGrid(1, 3) });
    const focus: number[] = [];
    run('focus-2');
    for (const command of ['next-page', 'next-page', 'next-page', 'previous-page'] as const) {
      run(command);
      focus.push(view().focused);
    }
    expect(focus).toEqual([5, 7, 1, 7]);
    expect(selectGeometry(open({ count: 7, shape: regularGrid(1, 3) }).store.getState())).toMatchObject({
      page: 0,
      pages: 3,
    });
  });

  it('are none where all panes are in sight', () => {
    const { run, notice } = open();
    run('next-page');
    expect(notice()).toBe('all panes are on this page');
  });

  it('turn while a pane is zoomed', () => {
    const { run, view } = open({ count: 5, shape: regularGrid(2, 2) });
    run('zoom');
    run('next-page');
    expect(view()).toMatchObject({ focused: 5, zoomed: true });
  });
});

describe('a border', () => {
  it('moves at once, again before the daemon has answered, and stays when it has', async () => {
    let answered: (() => void)[] = [];
    const waiting = () => new Promise((resolve) => answered.push(() => resolve({})));
    const { run, commands, requests, view, widths, told, show } = open({
      shape: regularGrid(1, 2),
      count: 2,
      cols: 101,
      answer: waiting,
    });
    run('resize-right');
    expect(view().mode).toBe('resize');
    expect(widths()).toEqual([51, 49]);
    commands.arrange({ do: 'move', direction: 'right', cells: 5 });
    expect(widths()).toEqual([56, 44]);
    expect(told()).toEqual([56, 44]);
    expect(requests.at(-1)).toEqual(['arrange', { change: 'sizes', rows: [59], columns: [56, 44] }]);
    show({ ...regularGrid(1, 2), rowShares: [59], colShares: [56, 44] });
    for (const answer of answered) answer();
    answered = [];
    await vi.waitFor(() => expect(view().preview).toBeNull());
    expect(widths()).toEqual([56, 44]);
  });

  it('goes back when the daemon is away', async () => {
    const { run, widths, notice } = open({
      shape: regularGrid(1, 2),
      count: 2,
      cols: 101,
      answer: () => Promise.reject(new NonetError('disconnected', 'the daemon is away', { hint: '' })),
    });
    run('resize-left');
    expect(widths()).toEqual([49, 51]);
    await vi.waitFor(() => expect(notice()).toBe('arrange: the daemon is away'));
    expect(widths()).toEqual([50, 50]);
  });

  it('that cannot move says why', () => {
    const alone = open();
    alone.run('zoom');
    alone.run('resize-left');
    expect(alone.notice()).toBe('this pane is zoomed: there is no border to move');
    expect(alone.view().mode).toBe('normal');
    const row = open({ shape: regularGrid(1, 2), count: 2 });
    row.run('resize-up');
    expect(row.notice()).toBe('there is only one row');
    const narrow = open({ shape: regularGrid(1, 2), count: 2, cols: 41 });
    narrow.run('resize-left');
    expect(narrow.notice()).toBe('no pane gets narrower than this');
    expect(narrow.requests).toEqual([]);
  });

  it('that is dragged moves on the screen alone until it is let go', () => {
    const { store, commands, widths, told, requests } = open({ shape: regularGrid(1, 2), count: 2, cols: 101 });
    expect(told()).toEqual([50, 50]);
    const grid = { ...regularGrid(1, 2), colShares: [70, 30] };
    store.dispatch({ type: 'grid-previewed', preview: { grid, held: true } });
    expect(widths()).toEqual([70, 30]);
    expect(told()).toEqual([50, 50]);
    commands.arrange({ do: 'commit' });
    expect(told()).toEqual([70, 30]);
    expect(requests).toEqual([['arrange', { change: 'sizes', rows: [59], columns: [70, 30] }]]);
  });
});

describe('panes added, closed and saved', () => {
  it('a new pane gets the focus, one that cannot run says why', async () => {
    const { commands, requests, notice } = open({
      answer: () => Promise.resolve({ pane: 3, name: 'x', ok: false, message: 'no such program' }),
    });
    commands.arrange({ do: 'add-pane', command: 'x', beside: 2 });
    expect(requests).toEqual([['add-pane', { command: 'x', beside: 2 }]]);
    await vi.waitFor(() => expect(notice()).toBe('3 x: no such program'));
  });

  it('closing asks first, also for a pane that does not run', () => {
    const { run, requests, view } = open();
    run('close-pane', 4);
    expect(view()).toMatchObject({ mode: 'confirm', confirm: { command: 'close-pane', pane: 4 } });
    expect(requests).toEqual([]);
  });

  it('a file that is there is asked about, with the whole name', async () => {
    const { commands, requests, view } = open({
      answer: () => Promise.resolve({ status: 'exists', file: '/x', notes: [] }),
    });
    commands.arrange({ do: 'save-layout', file: '/tmp/mine', overwrite: false });
    expect(requests).toEqual([['save-layout', { file: '/tmp/mine.yaml', overwrite: false }]]);
    await vi.waitFor(() => expect(view().prompt).toEqual({ kind: 'overwrite', file: '/tmp/mine.yaml' }));
  });
});

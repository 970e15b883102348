import { describe, expect, it } from 'vitest';
import type { StandIn } from '../../../src/client/compositor.ts';
import { createCopyBuffers, pastePieces } from '../../../src/client/copy-mode/copy-buffers.ts';
import { createCopyModes, pageBack } from '../../../src/client/copy-mode/copy-modes.ts';
import { createCopyMouse } from '../../../src/client/copy-mode/copy-mouse.ts';
import { FG_INVERSE, FG_UNDERLINE } from '../../../src/core/cell.ts';
import { ALT, type MouseEvent } from '../../../src/core/input-event.ts';
import type { ClientEvent } from '../../../src/protocol/data.ts';
import { createScreen } from '../../../src/terminal/screen.ts';
import { historyFrames } from '../../helpers/history.ts';
import { createTestClock, key, liveStore, nine } from '../sample-session.ts';

const COLS = 20;
const ROWS = 5;

/** Copy mode of pane 1, which has shown this; its lines come when told to. */
function stage(text: string, { rows = ROWS } = {}) {
  const clock = createTestClock();
  const store = liveStore({ clock });
  const screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 1000 });
  screen.write(text.replaceAll('\n', '\r\n'));
  const asked: ClientEvent[] = [];
  const copied: string[] = [];
  let reachable = true;
  let image: StandIn | null = null;
  let size = { rows, cols: COLS };
  const modes = createCopyModes({
    store,
    send(event) {
      if (reachable) asked.push(event);
      return reachable;
    },
    setStandIn(pane, next) {
      if (pane === 1) image = next;
    },
    schedule() {},
    sizeOf: () => size,
    onCopied: (part) => copied.push(part),
  });
  const mouse = createCopyMouse({
    modes,
    clock,
    rectOf: () => ({ x: 10, y: 2, width: size.cols, height: size.rows }),
    onCopied: (part) => copied.push(part),
  });
  const cells = (bit: number): string[] => {
    const words = image?.grid.words ?? new Uint32Array();
    return Array.from({ length: size.rows }, (_, y) =>
      Array.from({ length: size.cols }, (_, x) => ((words[(y * size.cols + x) * 3 + 1]! & bit) !== 0 ? '#' : '.')).join(
        '',
      ),
    );
  };
  return {
    store,
    modes,
    asked,
    copied,
    clock,
    mouse,
    setReachable: (next: boolean) => (reachable = next),
    resize(next: typeof size) {
      size = next;
      modes.update();
    },
    /** The next frames of what was asked for last; all of them unless told how many. */
    deliver({ linesEach = 10, count = 1000 } = {}) {
      const request = asked.findLast((event) => event.event === 'history');
      const id = request?.event === 'history' ? request.id : 0;
      for (const frame of historyFrames(screen, { id, linesEach }).slice(0, count)) modes.onFrame(frame);
    },
    type: (...names: string[]) => names.forEach((name) => void modes.press(1, key(name))),
    report: (action: MouseEvent['action'], col: number, row: number, modifiers = 0) =>
      mouse.receive(1, { type: 'mouse', action, button: 'left', col: col + 10, row: row + 2, modifiers }),
    rows: () =>
      Array.from({ length: size.rows }, (_, y) =>
        Array.from({ length: size.cols }, (_, x) =>
          String.fromCodePoint((image?.grid.words[(y * size.cols + x) * 3] ?? 0) & 0x1fffff || 32),
        )
          .join('')
          .trimEnd(),
      ),
    isShown: () => image !== null,
    cursor: () => image?.cursor,
    inverse: () => cells(FG_INVERSE),
    underlined: () => cells(FG_UNDERLINE),
    view: () => store.getState().view.copies.get(1),
    notice: () => store.getState().view.notice?.text,
  };
}

const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i + 1}`).join('\n');

describe('copy mode', () => {
  it('shows the newest lines as soon as they come, and keeps keys that come before them', () => {
    const { modes, type, deliver, rows, view, asked, isShown } = stage(numbered(100));
    modes.enter(1, 'key');
    expect(asked).toEqual([{ event: 'history', pane: 1, id: 1 }]);
    expect(view()).toEqual({ position: '', prompt: null, selecting: false });
    expect(isShown()).toBe(false);
    type('k');
    deliver({ count: 1 });
    expect(rows()).toEqual(['line 96', 'line 97', 'line 98', 'line 99', 'line 100']);
    type('ctrl+u');
    expect(rows()[0]).toBe('line 94');
    expect(view()?.position).toBe('[2/95]');
  });

  it('does what needs all lines when they are all there, and what was pressed after it after it', () => {
    const { modes, type, deliver, rows, cursor, view } = stage(numbered(100));
    modes.enter(1, 'key');
    deliver({ count: 2 });
    type('g', 'j');
    expect(rows()[4]).toBe('line 100');
    deliver();
    expect(rows()).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
    expect(cursor()).toMatchObject({ col: 0, row: 1 });
    expect(view()?.position).toBe('[95/95]');
  });

  it('gives the program what was typed behind the key that leaves, though the lines came later', () => {
    const { modes, type, deliver, copied, asked, view } = stage(numbered(100));
    modes.enter(1, 'key');
    type('V', 'y', 'l');
    modes.paste(1, 'ls');
    type('enter');
    expect(asked.filter(({ event }) => event === 'input')).toEqual([]);
    deliver();
    expect(copied).toEqual(['line 100']);
    expect(view()).toBeUndefined();
    const given = asked.flatMap((event) => (event.event === 'input' && event.pane === 1 ? event.input : []));
    expect(given.map((event) => (event.type === 'key' ? event.key : event.type === 'paste' ? event.text : ''))).toEqual(
      ['l', '', 'ls', '', 'enter'],
    );
  });

  it('goes on with what there is when the host is lost', () => {
    const { modes, type, deliver, rows } = stage(numbered(100));
    modes.enter(1, 'key');
    deliver({ count: 2 });
    type('g');
    modes.hostLost();
    expect(rows()[0]).toBe('line 81');
  });

  it('is left with a word to the host, and says when that cannot be reached', () => {
    const { modes, type, deliver, asked, view, isShown, setReachable, notice } = stage(numbered(100));
    modes.enter(1, 'key');
    deliver({ count: 1 });
    type('q');
    expect(asked.at(-1)).toEqual({ event: 'history-end', id: 1 });
    expect([view(), isShown()]).toEqual([undefined, false]);
    deliver();
    expect(isShown()).toBe(false);
    setReachable(false);
    modes.enter(1, 'key');
    expect(view()).toBe(undefined);
    expect(notice()).toBe('the panes cannot be reached just now');
  });

  it('marks what is selected and what is found', () => {
    const { modes, type, deliver, inverse, underlined, copied } = stage('one two\n日本 two\nlast');
    modes.enter(1, 'key');
    deliver();
    type('g', '/', 't', 'w', 'o', 'enter');
    expect(underlined().slice(0, 3)).toEqual(['....###.............', '.....###............', '....................']);
    type('v', 'j', 'b');
    expect(inverse().slice(0, 3)).toEqual(['....###.............', '##..................', '....................']);
    type('y');
    expect(copied).toEqual(['two\n日']);
  });

  it('keeps its place when the pane gets another size', () => {
    const { modes, deliver, rows, resize } = stage(numbered(100));
    modes.act(1, 'key', pageBack);
    deliver();
    modes.scroll(1, -30);
    const [top] = rows();
    resize({ rows: 3, cols: 10 });
    expect(rows()[0]).toBe(top);
    resize({ rows: 9, cols: 40 });
    expect(rows()[0]).toBe(top);
  });

  it('ends when its pane does', () => {
    const { modes, deliver, store, view, isShown } = stage(numbered(9));
    modes.enter(1, 'key');
    deliver();
    store.applyEvent({ event: 'session', snapshot: { ...store.getState().session.snapshot!, panes: nine().slice(1) } });
    modes.update();
    expect([view(), isShown()]).toEqual([undefined, false]);
  });

  it('reads all lines for those who ask, with or without being open', () => {
    const { modes, deliver, isShown } = stage(numbered(50));
    const read: number[] = [];
    modes.read(1, (snapshot, row) => read.push(snapshot.count, row));
    deliver();
    expect(read).toEqual([50, 49]);
    expect(isShown()).toBe(false);
  });
});

describe('the wheel', () => {
  it('opens copy mode and, back at the newest line, closes it', () => {
    const { modes, deliver, rows, view } = stage(numbered(100));
    modes.scroll(1, -3);
    expect(view()).toBe(undefined);
    deliver();
    expect(rows()[0]).toBe('line 93');
    modes.scroll(1, -3);
    modes.scroll(1, 3);
    expect(view()?.position).toBe('[3/95]');
    modes.scroll(1, 3);
    expect(view()).toBe(undefined);
  });

  it('opens nothing where there is nothing above, and closes nothing that a key has opened', () => {
    const short = stage('short');
    short.modes.scroll(1, -3);
    short.deliver();
    expect(short.view()).toBe(undefined);
    short.modes.scroll(1, 3);
    expect(short.asked.filter(({ event }) => event === 'history')).toHaveLength(1);
    const { modes, deliver, view } = stage(numbered(100));
    modes.enter(1, 'key');
    deliver();
    modes.scroll(1, 3);
    expect(view()?.position).toBe('[0/95]');
  });
});

describe('the left button', () => {
  it('selects what it is drawn over and copies it at the release', () => {
    const { report, deliver, copied, view, inverse } = stage('one two three\nfour five six');
    report('press', 4, 0);
    report('move', 4, 0);
    expect(view()).toBe(undefined);
    report('move', 3, 1);
    deliver();
    expect(inverse().slice(0, 2)).toEqual(['....#########.......', '####................']);
    report('release', 3, 1);
    expect(copied).toEqual(['two three\nfour']);
    expect(view()).toBe(undefined);
  });

  it('takes a word with two clicks, a line with three, a block with Alt', () => {
    const { report, deliver, copied, clock } = stage('see /etc/hosts:3 now\nfour five six');
    const click = (): void => {
      report('press', 6, 0);
      report('release', 6, 0);
      deliver();
    };
    click();
    expect(copied).toEqual([]);
    click();
    click();
    expect(copied).toEqual(['/etc/hosts:3', 'see /etc/hosts:3 now']);
    clock.advance(1000);
    click();
    clock.advance(1000);
    click();
    expect(copied).toHaveLength(2);
    report('press', 1, 0, ALT);
    report('move', 2, 1, ALT);
    deliver();
    report('release', 2, 1, ALT);
    expect(copied[2]).toBe('ee\nou');
  });

  it('takes both when three clicks are faster than the lines, and leaves no view open', () => {
    const { report, deliver, copied, view } = stage('see /etc/hosts:3 now\nfour five six');
    for (let clicks = 0; clicks < 3; clicks++) {
      report('press', 6, 0);
      report('release', 6, 0);
    }
    deliver();
    deliver();
    expect(copied).toEqual(['/etc/hosts:3', 'see /etc/hosts:3 now']);
    expect(view()).toBe(undefined);
  });

  it('scrolls as long as it is held past the edge, faster with time, and no longer', () => {
    const { report, deliver, copied, rows, clock } = stage(numbered(300));
    report('press', 3, 2);
    report('move', 0, -1);
    deliver();
    clock.advance(50);
    expect(rows()[0]).toBe('line 295');
    clock.advance(450);
    expect(rows()[0]).toBe('line 286');
    clock.advance(500);
    expect(rows()[0]).toBe('line 266');
    report('release', 0, -1);
    expect(clock.pending()).toBe(0);
    expect(copied[0]!.split('\n').slice(0, 2)).toEqual(['line 266', 'line 267']);
    expect(copied[0]!.endsWith('line 298'.slice(0, 4))).toBe(true);
  });

  it('leaves a view open that was open before', () => {
    const { modes, report, deliver, copied, rows, view } = stage(numbered(100));
    modes.scroll(1, -30);
    deliver();
    report('press', 0, 0);
    report('move', 3, 0);
    report('release', 3, 0);
    expect(copied).toEqual(['line']);
    expect(rows()[0]).toBe('line 66');
    expect(view()?.selecting).toBe(true);
  });
});

describe('what has been copied', () => {
  it('is kept, the newest first, each once, twenty at most', () => {
    const buffers = createCopyBuffers();
    expect(buffers.newest).toBe(null);
    for (let i = 0; i < 30; i++) buffers.add(`text ${i % 25}`);
    expect(buffers.newest).toBe('text 4');
    expect(buffers.all).toHaveLength(20);
    expect(new Set(buffers.all).size).toBe(20);
  });

  it('is pasted in pieces that cut no character', () => {
    const text = `a${'😀'.repeat(1000)}`;
    const pieces = pastePieces(text, 100);
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
    expect(pastePieces('')).toEqual([]);
  });
});

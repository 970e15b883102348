import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCellGrid } from '../../src/core/cell.ts';
import type { Pane } from '../../src/host/pane.ts';
import { createViewer } from '../../src/host/viewer.ts';
import { readScreenFrame } from '../../src/protocol/screen-frame.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';

const COLS = 10;
const ROWS = 3;

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] }),
);
afterEach(() => void vi.useRealTimers());

function stage(paneCount = 1) {
  const screens: Screen[] = [];
  const panes = new Map<number, Pane>();
  for (let number = 1; number <= paneCount; number++) {
    const screen = createScreen({ cols: COLS, rows: ROWS, scrollback: 0, onFrameEnd: () => viewer.frameEnded(number) });
    screens.push(screen);
    // All of a pane that a viewer looks at.
    panes.set(number, { number, screen, backlogBytes: 0 } as unknown as Pane);
  }
  const frames: Buffer[] = [];
  const viewer = createViewer({ panes, send: (payload) => frames.push(payload) });
  const grids = new Map<number, ReturnType<typeof createCellGrid>>();
  let applied = 0;
  return {
    viewer,
    panes,
    frames,
    print(text: string, { pane = 1, echo = false } = {}) {
      screens[pane - 1]!.write(text);
      viewer.changed(pane, echo);
    },
    /** The first row of a pane as the client has it after all frames so far. */
    row(pane = 1): string {
      for (; applied < frames.length; applied++) {
        readScreenFrame(frames[applied]!, {
          pane(header) {
            if (header.cleared) grids.set(header.pane, createCellGrid(header.cols, header.rows));
            return grids.get(header.pane)!;
          },
          run: () => {},
        });
      }
      const grid = grids.get(pane);
      if (!grid) return '';
      return Array.from({ length: COLS }, (_, col) => String.fromCodePoint(grid.words[col * 3]! & 0x1fffff || 32))
        .join('')
        .trimEnd();
    },
    settle: () => vi.advanceTimersByTime(2000),
    acknowledgeAll: () => frames.forEach((frame) => void viewer.acknowledge(frame.readUInt32LE(0))),
  };
}

describe('a viewer', () => {
  it('gets the newest rows, however many changes there were', () => {
    const { viewer, print, settle, row, frames, acknowledgeAll } = stage();
    viewer.setPanes(new Set([1]));
    settle();
    for (let i = 0; i < 1000; i++) {
      print(`\r${i}`);
      vi.advanceTimersByTime(1);
      acknowledgeAll();
    }
    settle();
    expect(row()).toBe('999');
    // One second of changes while nobody types.
    expect(frames.length).toBeLessThanOrEqual(33);
  });

  it('that does not acknowledge gets two frames and then silence, and the newest picture when it does', () => {
    const { viewer, print, settle, row, frames, acknowledgeAll } = stage();
    viewer.setPanes(new Set([1]));
    settle();
    for (let i = 0; i < 500; i++) {
      print(`\r${i}`);
      settle();
    }
    expect(frames.length).toBe(2);
    acknowledgeAll();
    settle();
    expect(row()).toBe('499');
    expect(frames.length).toBe(3);
  });

  it('gets the echo of a key at once, without waiting for the next frame', () => {
    const { viewer, print, settle, row } = stage();
    viewer.setPanes(new Set([1]));
    settle();
    print('a');
    settle();
    print('b', { echo: true });
    expect(row()).toBe('ab');
  });

  it('gets nothing of a frame that is not finished, and all of it when it is', () => {
    const { viewer, print, row } = stage();
    viewer.setPanes(new Set([1]));
    vi.advanceTimersByTime(100);
    print('\x1b[?2026hhalf');
    vi.advanceTimersByTime(500);
    expect(row()).toBe('');
    print(' done\x1b[?2026l');
    vi.advanceTimersByTime(100);
    expect(row()).toBe('half done');
  });

  it('gets a frame that is never finished after a second', () => {
    const { viewer, print, row } = stage();
    viewer.setPanes(new Set([1]));
    vi.advanceTimersByTime(100);
    print('\x1b[?2026hstuck');
    vi.advanceTimersByTime(1200);
    expect(row()).toBe('stuck');
  });

  it('sees a program that begins its next frame in one breath with the end of the last', () => {
    const { viewer, print, row } = stage();
    viewer.setPanes(new Set([1]));
    vi.advanceTimersByTime(100);
    print('\x1b[?2026h');
    for (let i = 0; i < 20; i++) {
      print(`\r${i}\x1b[?2026l\x1b[?2026h`);
      vi.advanceTimersByTime(10);
    }
    expect(Number(row())).toBeGreaterThan(0);
  });

  it('gets only the panes that it shows, and a pane that comes back from nothing', () => {
    const { viewer, print, settle, row, frames, acknowledgeAll } = stage(2);
    viewer.setPanes(new Set([1]));
    settle();
    acknowledgeAll();
    const before = frames.length;
    print('hidden', { pane: 2 });
    settle();
    expect(frames.length).toBe(before);
    viewer.setPanes(new Set([1, 2]));
    settle();
    expect(row(2)).toBe('hidden');
  });

  it('is told of a pane that is gone that there is nothing in it, once, and sees the next one of its number', () => {
    const { viewer, panes, print, settle, row, frames, acknowledgeAll } = stage(2);
    viewer.setPanes(new Set([1, 2]));
    print('gone');
    print('stays', { pane: 2 });
    settle();
    acknowledgeAll();
    const removed = panes.get(1)!;
    panes.delete(1);
    viewer.changed(1, false);
    settle();
    expect([row(1), row(2)]).toEqual(['', 'stays']);
    acknowledgeAll();
    const count = frames.length;
    viewer.changed(1, false);
    settle();
    expect(frames.length).toBe(count);
    panes.set(1, removed);
    print('\rnext');
    settle();
    expect(row(1)).toBe('next');
  });
});

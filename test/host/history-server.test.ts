import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { createSnapshot } from '../../src/client/copy-mode/snapshot.ts';
import { historyText } from '../../src/core/copy-mode/history-text.ts';
import { createHistoryServer } from '../../src/host/history-server.ts';
import type { Pane } from '../../src/host/pane.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';

let screen: Screen;
afterEach(() => screen.dispose());

const numbers = (first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, i) => `line ${first + i}`).join('\r\n');

function stage({ scrollback = 20_000, rows = 10 } = {}) {
  screen = createScreen({ cols: 40, rows, scrollback, onFrameEnd: () => server.frameEnded(1) });
  const frames: Buffer[] = [];
  let reads = true;
  const server = createHistoryServer({
    panes: new Map([[1, { number: 1, screen } as unknown as Pane]]),
    send: (payload) => frames.push(payload),
    ready: () => reads,
  });
  onTestFinished(server.dispose);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    server,
    frames,
    turn,
    setReading(next: boolean) {
      reads = next;
      if (next) server.drained();
    },
    /** Turns of the event loop until nothing more comes. */
    async settle() {
      for (let before = -1; before !== frames.length; await turn(), await turn()) before = frames.length;
    },
    snapshot() {
      const snapshot = createSnapshot(1);
      for (const frame of frames) snapshot.take(frame);
      return snapshot;
    },
  };
}

describe('a history', () => {
  it('begins at once with the newest lines and comes to its oldest, a piece in each turn', async () => {
    const { server, frames, turn, settle, snapshot } = stage();
    screen.write(numbers(1, 10_000));
    server.start(1, 1);
    expect(frames).toHaveLength(1);
    expect(snapshot().text(9999).text).toBe('line 10000');
    expect(snapshot().complete).toBe(false);
    await turn();
    expect(frames.length).toBeLessThanOrEqual(3);
    await settle();
    expect(frames.length).toBeGreaterThan(20);
    expect(snapshot().complete).toBe(true);
    expect(historyText(snapshot())).toBe(`${numbers(1, 10_000).replaceAll('\r', '')}\n`);
  });

  it('stays as it was while output goes on', async () => {
    const { server, turn, settle, snapshot } = stage();
    screen.write(numbers(1, 5000));
    server.start(1, 1);
    for (let more = 0; more < 10; more++) {
      await turn();
      screen.write(`\r\n${numbers(100_000, 100_050)}`);
    }
    await settle();
    expect(historyText(snapshot())).toBe(`${numbers(1, 5000).replaceAll('\r', '')}\n`);
  });

  it('of a full scrollback loses only what leaves it before it was sent', async () => {
    const { server, turn, settle, snapshot } = stage({ scrollback: 2000 });
    screen.write(numbers(1, 5000));
    server.start(1, 1);
    await turn();
    screen.write(`\r\n${numbers(100_000, 100_299)}`);
    await settle();
    const { first, count, complete } = snapshot();
    expect({ first, count, complete }).toEqual({ first: 300, count: 2010, complete: true });
    expect(snapshot().text(300).text).toBe(`line ${5000 - 2010 + 301}`);
    expect(historyText(snapshot()).split('\n').slice(0, -1)).toEqual(numbers(5000 - 2010 + 301, 5000).split('\r\n'));
  });

  it('ends early when the lines are erased', async () => {
    const { server, turn, settle, snapshot } = stage();
    screen.write(numbers(1, 5000));
    server.start(1, 1);
    await turn();
    screen.write('\x1b[3J\x1bcreset');
    await settle();
    expect(snapshot().complete).toBe(true);
    const { first, count } = snapshot();
    expect(first).toBeGreaterThan(0);
    for (let row = first; row < count; row++) expect(snapshot().text(row).text).toBe(`line ${row + 1}`);
  });

  it('waits while the client does not read, and ends when it has had enough', async () => {
    const { server, frames, settle, setReading } = stage();
    screen.write(numbers(1, 10_000));
    setReading(false);
    server.start(1, 1);
    await settle();
    expect(frames).toHaveLength(1);
    setReading(true);
    await settle();
    expect(frames.length).toBeGreaterThan(20);
    frames.length = 0;
    server.start(1, 2);
    server.cancel(2);
    await settle();
    expect(frames).toHaveLength(1);
  });

  it('comes as a whole before the pane gets another size', async () => {
    const { server, settle, snapshot } = stage();
    screen.write(numbers(1, 3000));
    server.start(1, 1);
    server.beforeResize(1);
    screen.resize(5, 4);
    await settle();
    expect(historyText(snapshot())).toBe(`${numbers(1, 3000).replaceAll('\r', '')}\n`);
  });

  it('is never of half a synchronized frame', async () => {
    const { server, frames, settle, snapshot } = stage();
    screen.write('old\x1b[?2026h\x1b[H\x1b[2Jne');
    server.start(1, 1);
    await settle();
    expect(frames).toEqual([]);
    screen.write('w\x1b[?2026l');
    await settle();
    expect(historyText(snapshot())).toBe('new\n');
  });

  it('of a pane that is not there is empty', () => {
    const { server, snapshot } = stage();
    server.start(7, 1);
    expect(snapshot()).toMatchObject({ count: 0, complete: true });
  });
});

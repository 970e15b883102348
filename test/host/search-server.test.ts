import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CODEPOINT_MASK, WORDS_PER_CELL } from '../../src/core/cell.ts';
import type { Pane } from '../../src/host/pane.ts';
import { createSearchServer } from '../../src/host/search-server.ts';
import type { FoundEvent } from '../../src/protocol/data.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';

const screens: Screen[] = [];
const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
  for (const screen of screens.splice(0)) screen.dispose();
});

/** Panes 1, 2, … that have shown these texts. */
function stage(texts: string[], { cols = 70, scrollback = 10_000 } = {}) {
  const panes = new Map<number, Pane>();
  for (const [index, text] of texts.entries()) {
    const screen = createScreen({ cols, rows: 19, scrollback });
    screen.write(text.replaceAll('\n', '\r\n'));
    screens.push(screen);
    panes.set(index + 1, { number: index + 1, screen } as unknown as Pane);
  }
  const events: FoundEvent[] = [];
  let reads = true;
  let heard = (): void => {};
  const server = createSearchServer({
    panes,
    send(event) {
      // What is sent is read later, and by somebody else.
      events.push(structuredClone(event));
      heard();
    },
    ready: () => reads,
  });
  disposers.push(server.dispose);
  return {
    panes,
    server,
    events,
    setReading(next: boolean) {
      reads = next;
      if (next) server.drained();
    },
    turns: async (count: number) => {
      for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
    },
    done: (id = 1) =>
      new Promise<void>((resolve) => {
        heard = () => {
          if (events.some((event) => event.id === id && event.done)) resolve();
        };
        heard();
      }),
    /** What is known of each pane in the end. */
    finds: (id = 1) =>
      new Map(
        events.filter((event) => event.id === id).flatMap(({ panes: list }) => list.map((pane) => [pane.pane, pane])),
      ),
    last: () => events.at(-1),
  };
}

const GOAL_MS = 200;

/** Of all threads of this process. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function sumOfCells(panes: Pane[]): number {
  let sum = 0;
  for (const { screen } of panes) {
    for (let row = -screen.scrollbackLines; row < screen.rows; row++) {
      const { words } = screen.line(row)!;
      for (let at = 0; at < words.length; at += WORDS_PER_CELL) sum += words[at]! & CODEPOINT_MASK;
    }
  }
  return sum;
}

const numbers = (count: number, text = 'line'): string =>
  Array.from({ length: count }, (_, i) => `${text} ${i}`).join('\n');

describe('a search through all panes', () => {
  it('tells each pane’s lines and how many there are', async () => {
    const { server, done, finds, last } = stage(['one\ntwo', numbers(500), 'nothing', 'line']);
    server.start(1, { text: 'LINE', regex: false });
    await expect(done()).resolves.toBeUndefined();
    server.start(2, { text: 'line', regex: false });
    await done(2);
    expect([...finds(1).keys()]).toEqual([]);
    expect([...finds(2)].map(([pane, { count, found }]) => [pane, count, found.length])).toEqual([
      [2, 500, 100],
      [4, 1, 1],
    ]);
    expect(finds(2).get(2)!.found[0]).toEqual({ line: 499, text: 'line 499', skipped: 0, matches: [[0, 4]] });
    expect(last()).toMatchObject({ done: true, problem: '' });
  });

  it('leaves the others their turn: in pieces, and the first is not done before it returns', async () => {
    const { server, events, turns, done } = stage(Array.from({ length: 9 }, () => numbers(10_000)));
    server.start(1, { text: 'absent', regex: false });
    expect(events).toEqual([]);
    const pieces: number[] = [];
    while (!events.some((event) => event.done)) {
      const before = performance.now();
      await turns(1);
      pieces.push(performance.now() - before);
    }
    await done();
    expect(pieces.length).toBeGreaterThan(5);
    // Four milliseconds, where this machine has nothing else to do just then.
    expect(Math.min(...pieces.slice(1, -1))).toBeLessThan(20);
  });

  it('of ninety thousand lines is answered in a fifth of a second, as far as this machine is free', async () => {
    const text = Array.from({ length: 10_100 }, (_, i) => `${i} ● compiled src/module-${i % 97}.ts in ${i % 13} ms`);
    const { server, done, finds, panes } = stage(Array.from({ length: 9 }, () => text.join('\n')));
    expect([...panes.values()].reduce((sum, { screen }) => sum + screen.scrollbackLines, 0)).toBe(90_000);
    let fastest = Infinity;
    for (const [id, query] of [
      { text: 'absent', regex: false },
      { text: 'in 1', regex: false },
      { text: 'module-9\\d.*12 ms$', regex: true },
      { text: 'Absent', regex: false },
    ].entries()) {
      const startedAt = process.cpuUsage();
      server.start(id, query);
      await done(id);
      fastest = Math.min(fastest, cpuMsSince(startedAt));
    }
    expect(finds(1).get(9)!.count).toBeGreaterThan(1000);
    // 70 to 110 ms where nobody else uses the two cores. A machine that is ten times as slow just now takes as much longer to look at cells.
    const startedAt = process.cpuUsage();
    expect(sumOfCells([...panes.values()])).toBeGreaterThan(0);
    expect(fastest).toBeLessThan(Math.max(GOAL_MS * 2, cpuMsSince(startedAt) * 8));
  });

  it('ends with another query, and when it is cancelled', async () => {
    const { server, events, turns, done } = stage(Array.from({ length: 9 }, () => numbers(10_000)));
    server.start(1, { text: '9', regex: false });
    await turns(1);
    server.start(2, { text: '8', regex: false });
    await done(2);
    const from = events.findIndex(({ id }) => id === 2);
    expect(events.slice(from).every(({ id }) => id === 2)).toBe(true);
    expect(events.some(({ id, done: ended }) => id === 1 && ended)).toBe(false);
    server.start(3, { text: '7', regex: false });
    server.cancel(2);
    await done(3);
    server.start(4, { text: '6', regex: false });
    server.cancel(4);
    const count = events.length;
    await turns(200);
    expect(events).toHaveLength(count);
  });

  it('waits while the client does not read', async () => {
    const { server, events, turns, done, setReading } = stage([numbers(10_000)]);
    setReading(false);
    server.start(1, { text: 'line', regex: false });
    await turns(50);
    expect(events).toEqual([]);
    setReading(true);
    await done();
  });

  it('for what is no regular expression tells why', () => {
    const { server, events } = stage(['x']);
    server.start(1, { text: '(', regex: true });
    expect(events).toEqual([{ event: 'found', id: 1, panes: [], done: true, problem: 'Unterminated group' }]);
  });

  it('gives up a pattern that would take for ever, and others go on', async () => {
    const { server, done, last, finds } = stage([numbers(50), `${'a'.repeat(60)}\nb`]);
    const startedAt = performance.now();
    server.start(1, { text: '^(a+)+b', regex: true });
    await done();
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(last()).toMatchObject({ done: true, problem: 'this pattern takes too long' });
    server.start(2, { text: '^b$', regex: true });
    await done(2);
    expect(finds(2).get(2)!.count).toBe(1);
  });

  it('does not take a machine that stands still for a pattern that takes too long', async () => {
    const { server, done, last, finds, panes } = stage([numbers(50)]);
    const { screen } = panes.get(1)!;
    let stalls = 5;
    const clock = new Int32Array(new SharedArrayBuffer(4));
    const slow = new Proxy(screen, {
      get(target, name) {
        if (stalls-- > 0) Atomics.wait(clock, 0, 0, 100);
        return Reflect.get(target, name);
      },
    });
    panes.set(1, { number: 1, screen: slow } as unknown as Pane);
    server.start(1, { text: '[0-9]$', regex: true });
    await done();
    expect(stalls).toBeLessThanOrEqual(0);
    expect(last()).toMatchObject({ done: true, problem: '' });
    expect(finds().get(1)!.count).toBe(50);
  });

  it('does not give up a pattern to which the machine gave no time', async () => {
    const { server, events, turns, done, last } = stage([`${'a'.repeat(60)}`]);
    const used = vi.spyOn(process, 'cpuUsage').mockReturnValue({ user: 0, system: 0 });
    onTestFinished(() => used.mockRestore());
    server.start(1, { text: '^(a+)+b', regex: true });
    await turns(5);
    expect(events.some((event) => event.done)).toBe(false);
    used.mockRestore();
    await done();
    expect(last()).toMatchObject({ problem: 'this pattern takes too long' });
  });

  it('leaves out a pane that has been removed meanwhile, and tells a limited number of lines in all', async () => {
    const { server, done, finds, panes } = stage(Array.from({ length: 25 }, () => numbers(300)));
    server.start(1, { text: 'line', regex: false });
    panes.delete(3);
    await done();
    const all = [...finds().values()];
    expect(all.map(({ pane }) => pane)).not.toContain(3);
    expect(all.reduce((sum, { found }) => sum + found.length, 0)).toBe(2000);
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(24 * 300);
  });
});

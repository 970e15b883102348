import { describe, expect, it } from 'vitest';
import { createOutputScheduler } from '../../src/host/output-scheduler.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const chunk = (size: number, fill = 'x') => Buffer.alloc(size, fill);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function source(parse: (chunk: Buffer) => void = () => {}) {
  const log = { parsed: 0, paused: false, pauses: 0 };
  return {
    log,
    parse(data: Buffer) {
      log.parsed += data.length;
      parse(data);
    },
    pause() {
      log.paused = true;
      log.pauses++;
    },
    resume() {
      log.paused = false;
    },
  };
}

describe('the output scheduler', () => {
  it('parses small output at once', () => {
    const scheduler = createOutputScheduler();
    const quiet = source();
    scheduler.add(quiet).push(chunk(100));
    expect(quiet.log.parsed).toBe(100);
  });

  it('pauses a pane that floods and lets it go on when most is parsed', async () => {
    const scheduler = createOutputScheduler();
    const flood = source();
    const queue = scheduler.add(flood);
    for (let i = 0; i < 40; i++) queue.push(chunk(4095));
    expect(flood.log.pauses).toBe(1);
    while (queue.bytes > 0) await turn();
    expect(flood.log).toMatchObject({ parsed: 40 * 4095, paused: false });
  });

  it('parses the output of a pane that was typed into before that of floods', async () => {
    const order: string[] = [];
    let clock = 0;
    const scheduler = createOutputScheduler(() => clock);
    const flood = scheduler.add(source(() => order.push('flood')));
    const typed = scheduler.add(source(() => order.push('echo')));
    for (let i = 0; i < 30; i++) flood.push(chunk(4095));
    order.length = 0;
    scheduler.expectEcho(typed);
    await turn();
    await turn();
    typed.push(chunk(8));
    expect(order).toEqual(['echo']);
    clock += 100;
    while (flood.bytes > 0) await turn();
    expect(order.filter((name) => name === 'flood').length).toBeGreaterThan(10);
  });

  it('does not hold floods back for longer than a few milliseconds when nothing is echoed', async () => {
    let clock = 0;
    const scheduler = createOutputScheduler(() => clock);
    const flood = source();
    const queue = scheduler.add(flood);
    const silent = scheduler.add(source());
    for (let i = 0; i < 10; i++) queue.push(chunk(4095));
    scheduler.expectEcho(silent);
    await turn();
    const held = queue.bytes;
    expect(held).toBeGreaterThan(0);
    clock += 20;
    await waitUntil('the flood to go on', () => queue.bytes < held);
    while (queue.bytes > 0) await turn();
  });

  it('keeps the order of a pane’s output', async () => {
    let text = '';
    const scheduler = createOutputScheduler();
    const queue = scheduler.add(
      source((data) => {
        text += data[0]! - 48;
      }),
    );
    for (let i = 0; i < 10; i++) queue.push(chunk(4000, String(i)));
    queue.flush();
    expect(text).toBe('0123456789');
  });
});

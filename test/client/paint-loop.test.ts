import { describe, expect, it } from 'vitest';
import { createOuterState } from '../../src/client/outer-state.ts';
import type { OuterWishes } from '../../src/client/outer-wishes.ts';
import { createPaintLoop } from '../../src/client/paint-loop.ts';
import { createTestClock } from './sample-session.ts';

const WISHES: OuterWishes = {
  kittyFlags: null,
  modifyOtherKeys: false,
  mouse: 'buttons',
  cursorColor: null,
  title: '',
  progress: null,
};

/** A terminal that takes what it is given when it is told to. */
function stage() {
  const written: string[] = [];
  const shown: number[] = [];
  let drained = true;
  let picture = '';
  let waiting: (() => void)[] = [];
  const loop = createPaintLoop({
    output: {
      get drained() {
        return drained;
      },
      write: (text) => void written.push(text),
      onDrained(listener) {
        if (drained) listener();
        else waiting.push(listener);
      },
      finish() {},
    },
    outerState: createOuterState({ clock: createTestClock(), onDue() {} }),
    paintPicture() {
      const text = picture;
      picture = '';
      return text;
    },
    onShown: (frames) => shown.push(...frames),
    guard: (run) => run(),
  });
  return {
    loop,
    written,
    shown,
    draw: (text: string) => {
      picture = text;
    },
    stall: () => {
      drained = false;
    },
    drain() {
      drained = true;
      const ready = waiting;
      waiting = [];
      for (const listener of ready) listener();
    },
    turn: () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve))),
  };
}

describe('the paint loop', () => {
  it('writes modes, messages and the frame at once, in this order', async () => {
    const { loop, written, draw, turn } = stage();
    loop.wish(WISHES);
    loop.say('\x07');
    draw('FRAME');
    loop.schedule();
    await turn();
    expect(written).toEqual([expect.stringMatching(/^\x1b\[\?1000h.*\x07FRAME$/s)]);
  });

  it('writes nothing when nothing has changed', async () => {
    const { loop, written, turn } = stage();
    loop.wish(WISHES);
    await turn();
    written.length = 0;
    loop.wish({ ...WISHES });
    loop.schedule();
    await turn();
    expect(written).toEqual([]);
  });

  it('holds all back while the terminal is busy, and keeps of many messages the last', async () => {
    const { loop, written, shown, draw, stall, drain, turn } = stage();
    draw('first');
    loop.arrived(1);
    loop.schedule();
    await turn();
    expect(shown).toEqual([1]);
    stall();
    draw('second');
    loop.arrived(2);
    loop.schedule();
    for (let i = 0; i < 1000; i++) loop.say(`<${i}>`);
    await turn();
    expect(written).toEqual(['first']);
    drain();
    await turn();
    expect(written).toHaveLength(2);
    expect(written[1]).toMatch(/^<968>.*<999>second$/);
    expect(shown).toEqual([1, 2]);
  });

  it('acknowledges a frame when the terminal has it, also one that changes nothing', async () => {
    const { loop, shown, draw, stall, drain, written, turn } = stage();
    loop.arrived(1);
    loop.schedule();
    await turn();
    expect([shown, written]).toEqual([[1], []]);
    draw('x');
    loop.arrived(2);
    stallAfterWrite();
    loop.schedule();
    await turn();
    expect(shown).toEqual([1]);
    drain();
    expect(shown).toEqual([1, 2]);
    function stallAfterWrite(): void {
      const { push } = written;
      written.push = (...texts) => {
        stall();
        return push.apply(written, texts);
      };
    }
  });
});

import type { BufferLine, XtermCore } from './xterm-core.ts';

/**
 * Which lines begin with a shell's prompt (OSC 133 A). The mark is on the line itself and goes where the line goes: xterm's markers
 * would each cost time whenever a line scrolls, and a day in a shell leaves thousands.
 */
export type PromptMarks = {
  /** Marks the cursor's line. */
  mark(): void;
  /** Marked rows, counted from the top of the screen, ascending; those in the scrollback are negative. */
  rows(): number[];
};

export function trackPromptMarks(core: XtermCore): PromptMarks {
  /** What is erased is no prompt any more: `clear`, and shells that draw theirs again. */
  core._inputHandler.registerCsiHandler({ final: 'J' }, ({ params }) => {
    const kind = params[0]!;
    const { x, y, ybase, lines } = core.buffer;
    const first = kind === 0 ? (x === 0 ? y : y + 1) : 0;
    const end = kind === 1 ? y : kind === 0 || kind === 2 ? core.rows : 0;
    for (let row = first; row < end; row++) {
      const line = lines.get(ybase + row);
      if (line) marked.delete(line);
    }
    return false;
  });

  return {
    mark() {
      if (core.buffer !== core.buffers.normal) return;
      const line = core.buffer.lines.get(core.buffer.ybase + core.buffer.y);
      if (!line) return;
      forgetRecycledLines(line);
      marked.add(line);
    },
    rows() {
      const { lines, ybase } = core.buffers.normal;
      const rows: number[] = [];
      if (core.buffer !== core.buffers.normal) return rows;
      for (let i = 0; i < lines.length; i++) {
        const line = lines.get(i);
        if (line && marked.has(line)) rows.push(i - ybase);
      }
      return rows;
    },
  };
}

/** Of all screens. */
const marked = new WeakSet<BufferLine>();

/** The line that leaves a full scrollback comes back as the new one, by its prototype's copyFrom; watched from the first mark on. */
function forgetRecycledLines(line: BufferLine): void {
  const prototype = Object.getPrototypeOf(line) as BufferLine;
  if (prototype === watched) return;
  watched = prototype;
  const { copyFrom } = prototype;
  prototype.copyFrom = function (this: BufferLine, other: BufferLine): void {
    marked.delete(this);
    copyFrom.call(this, other);
  };
}
let watched: BufferLine | null = null;

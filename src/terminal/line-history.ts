import type { IParser } from '@xterm/headless';
import { departuresOf } from './line-departures.ts';
import { readLineText } from './line-text.ts';
import type { ScreenBuffer, XtermCore } from './xterm-core.ts';
import { followLine } from './xterm-reflow.ts';

/**
 * The lines of the normal screen under numbers that stay: the first line ever is 0, and a line keeps its number while it moves up into the
 * scrollback and until it is thrown away. Only a new width, which breaks lines elsewhere, changes them.
 */
export type LineHistory = {
  /** The oldest line there is. */
  readonly first: number;
  /** The first row of the screen. */
  readonly top: number;
  /** The line the cursor is in. */
  readonly cursor: number;
  /** One more than the last row of the screen. */
  readonly end: number;
  readonly alternate: boolean;
  /** Its text, without trailing blanks unless the next line continues it. */
  line(number: number): string | null;
  /** Whether the line continues the one before. */
  continues(number: number): boolean;
  /** From this line on they are wanted: see onDiscard. */
  keep(number: number): void;
  /** A row of the alternate screen, from 0. */
  alternateRow(row: number): string | null;
  /** Follows a line through a change of size; the function tells its number then, or null when it is gone. */
  pin(number: number): () => number | null;
  dispose(): void;
};

export type HistoryEvents = {
  /** The oldest line is about to be thrown away for a new one, and is one of those to keep. */
  onDiscard(): void;
  /** The program is about to erase the screen. */
  onErase(): void;
  /** … what is above the screen. */
  onEraseScrollback(): void;
  /** Everything is gone; numbers go on above those that were. */
  onReset(): void;
  /** The program is about to leave the alternate screen. */
  onLeaveAlternate(): void;
};

export function createLineHistory(core: XtermCore, parser: IParser, events: HistoryEvents): LineHistory {
  const { buffers } = core._bufferService;
  let normal = buffers.normal;
  let departures = departuresOf(normal.lines);
  /** What the list's count is short of the number of the line that is at index 0 now. */
  let offset = -departures.count;
  let kept = 0;
  let unfollow = (): void => {};
  follow(normal);

  function follow({ lines }: ScreenBuffer): void {
    const { recycle } = lines;
    lines.recycle = () => {
      if (departures.count + offset >= kept) events.onDiscard();
      return recycle.call(lines);
    };
    unfollow = () => {
      lines.recycle = recycle;
    };
  }

  function base(): number {
    return departures.count + offset;
  }

  /** A full reset makes new buffers. */
  function current(): ScreenBuffer {
    if (buffers.normal !== normal) {
      unfollow();
      const next = base() + normal.lines.length;
      normal = buffers.normal;
      departures = departuresOf(normal.lines);
      offset = next - departures.count;
      follow(normal);
      events.onReset();
    }
    return normal;
  }

  function read(buffer: ScreenBuffer, index: number): string | null {
    const line = index < 0 || index >= buffer.lines.length ? undefined : buffer.lines.get(index);
    if (!line) return null;
    const next = index + 1 < buffer.lines.length ? buffer.lines.get(index + 1) : undefined;
    return readLineText(line, Math.min(line.length, core.cols), next?.isWrapped !== true);
  }

  const handlers = [
    parser.registerCsiHandler({ final: 'J' }, (params) => {
      const what = params[0] ?? 0;
      // From the cursor down is everything when the cursor is at the top.
      if (what === 2 || (what === 0 && core.buffer.y === 0 && core.buffer.x === 0)) events.onErase();
      else if (what === 3) events.onEraseScrollback();
      return false;
    }),
    parser.registerEscHandler({ final: 'c' }, () => {
      events.onErase();
      return false;
    }),
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => {
      const leaves = params.some((mode) => mode === 47 || mode === 1047 || mode === 1049);
      if (leaves && buffers.active !== buffers.normal) events.onLeaveAlternate();
      return false;
    }),
  ];

  return {
    get first() {
      current();
      return base();
    },
    get top() {
      return current().ybase + base();
    },
    get cursor() {
      const buffer = current();
      return base() + buffer.ybase + buffer.y;
    },
    get end() {
      return current().ybase + base() + core.rows;
    },
    get alternate() {
      return buffers.active !== buffers.normal;
    },
    line: (number) => read(current(), number - base()),
    continues(number) {
      const { lines } = current();
      const index = number - base();
      return index >= 0 && index < lines.length && lines.get(index)!.isWrapped;
    },
    keep(number) {
      kept = number;
    },
    alternateRow: (row) => read(buffers.alt, buffers.alt.ybase + row),
    pin(number) {
      const buffer = current();
      const whereIsIt = followLine(buffer, number - base());
      return () => {
        const index = current() === buffer ? whereIsIt() : null;
        return index === null ? null : base() + index;
      };
    },
    dispose() {
      unfollow();
      for (const handler of handlers) handler.dispose();
    },
  };
}

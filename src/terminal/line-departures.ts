import type { ScreenBuffer, XtermCore } from './xterm-core.ts';

type LineList = ScreenBuffer['lines'];

/** How many lines a list has lost at its beginning since it was first asked. One listener a list, for it is called for every line of a flood. */
export type Departures = { count: number };

export function departuresOf(lines: LineList): Departures {
  const known = departuresByList.get(lines);
  if (known) return known;
  const departures = { count: 0 };
  lines.onTrim((count) => {
    departures.count += count;
  });
  departuresByList.set(lines, departures);
  return departures;
}
const departuresByList = new WeakMap<LineList, Departures>();

/** Counts lines that leave the top of the scrollback, so that a line can be found again while output goes on. */
export function countDepartures(core: XtermCore): { count(): number } {
  let { lines } = core.buffer;
  let departures = departuresOf(lines);
  /** The list's count at which it became the one that is shown, less all that departed before. */
  let offset = 0;
  let length = lines.length;

  return {
    count() {
      // A reset and the alternate screen come with lists of their own.
      if (core.buffer.lines !== lines) {
        const departed = departures.count - offset + length;
        lines = core.buffer.lines;
        departures = departuresOf(lines);
        offset = departures.count - departed;
      }
      length = lines.length;
      return departures.count - offset;
    },
  };
}

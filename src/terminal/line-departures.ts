import type { XtermCore } from './xterm-core.ts';

/** Counts lines that leave the top of the scrollback, so that a line can be found again while output goes on. */
export function countDepartures(core: XtermCore): { count(): number } {
  let list: XtermCore['buffer']['lines'] | null = null;
  let length = 0;
  let departed = 0;

  /** A reset and the alternate screen come with lists of their own. */
  function follow(): void {
    const { lines } = core.buffer;
    if (lines !== list) {
      departed += length;
      list = lines;
      if (!followed.has(lines)) {
        followed.add(lines);
        lines.onTrim((count) => {
          if (lines === list) departed += count;
        });
      }
    }
    length = lines.length;
  }
  const followed = new WeakSet<object>();

  follow();
  return {
    count() {
      follow();
      return departed;
    },
  };
}

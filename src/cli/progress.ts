import { cutText, sanitizeText } from '../core/display-text.ts';
import { type PaneInfo, type PaneStateName, STATE_MARKS, stateWord } from '../core/session.ts';
import type { Connection } from '../protocol/connection.ts';
import { daemonRequests } from '../protocol/control.ts';

/** Where nothing is said for this long, people begin to wonder. */
const INTERVAL_MS = 500;

const onTheWay: Record<PaneStateName, boolean> = {
  stopped: false,
  starting: true,
  running: false,
  backoff: true,
  stopping: true,
  exited: false,
  fatal: false,
};

/** Waits, and on a terminal says in one line what for, as long as it takes; the line is gone afterwards. */
export async function withProgress<T>(work: Promise<T>, describe: () => string | Promise<string>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work;
  let over = false;
  let drawn = false;
  const draw = async (): Promise<void> => {
    // What it asks may fail for the reason that ends the wait.
    const text = await Promise.resolve(describe()).catch(() => '');
    if (over || text === '') return;
    drawn = true;
    stderr.write(`\x1b[G\x1b[K${cutText(sanitizeText(text), Math.max(1, stderr.columns - 1))}`);
  };
  const timer = setInterval(() => void draw(), INTERVAL_MS);
  try {
    return await work;
  } finally {
    over = true;
    clearInterval(timer);
    if (drawn) stderr.write('\x1b[G\x1b[K');
  }
}

/** The same, with the panes that are on their way to something else. */
export function withPaneProgress<T>(connection: Connection, what: string, work: Promise<T>): Promise<T> {
  return withProgress(work, async () =>
    describeWait(what, await connection.request(daemonRequests, 'list', {}).catch(() => [])),
  );
}

/** `waiting, 2 of 9 to go: 3 coder ◍ stopping, 5 docs ◍ stopping`. */
export function describeWait(what: string, panes: readonly PaneInfo[]): string {
  const waiting = panes.filter(({ state }) => onTheWay[state]);
  const names = waiting.map((pane) => `${pane.pane} ${pane.name} ${STATE_MARKS[pane.state]} ${stateWord(pane)}`);
  return waiting.length === 0
    ? `${what} …`
    : `${what}, ${waiting.length} of ${panes.length} to go: ${names.join(', ')}`;
}

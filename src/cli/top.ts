import type { SessionPaths } from '../config/paths.ts';
import { NonetError } from '../core/errors.ts';
import type { Connection } from '../protocol/connection.ts';
import { daemonRequests, type PaneUsage } from '../protocol/control.ts';
import { printJson, printLine, wantsColor } from './output.ts';
import { connectDaemon } from './session-daemon.ts';
import { renderTop, type TopSort } from './top-view.ts';

export type TopOptions = { once: boolean; json: boolean; sort: string };

const INTERVAL_MS = 1_000;
/** Five minutes. */
const POINTS = 300;
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';
const SEQUENCE = /\x1b(?:\[[\d;?<]*[ -/]*[@-~]|O.|[^\x1b[O])/g;
const PLAIN_COLS = 160;
const SORT_NAMES: Record<string, TopSort> = {
  n: 'number',
  number: 'number',
  c: 'cpu',
  cpu: 'cpu',
  m: 'memory',
  memory: 'memory',
};
/** What a shell expects of a program that a signal ended. */
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Shows what panes use, again every second until a key says to leave; once, as plain text, where nobody watches. */
export async function top(paths: SessionPaths, { once, json, sort: word }: TopOptions): Promise<number> {
  const sort = SORT_NAMES[word];
  if (!sort) throw new NonetError('usage', `--sort takes number, cpu or memory, not ${JSON.stringify(word)}`);
  const connection = await connectDaemon(paths);
  try {
    if (json || once || !process.stdout.isTTY || !process.stdin.isTTY) {
      const panes = await readUsage(connection);
      if (json) printJson(panes);
      else printLine(plainTable(paths.session, panes, sort));
      return 0;
    }
    return await watch(paths, connection, sort);
  } finally {
    connection.close();
  }
}

function readUsage(connection: Connection): Promise<PaneUsage[]> {
  return connection.request(daemonRequests, 'usage', { panes: ['all'], span: '5m', points: POINTS });
}

function plainTable(session: string, panes: PaneUsage[], sort: TopSort): string {
  const cols = process.stdout.columns ?? PLAIN_COLS;
  const view = { session, panes, sort, cols, rows: panes.length + 2, color: wantsColor(), note: '', keys: false };
  return renderTop(view).join('\n');
}

async function watch(paths: SessionPaths, first: Connection, firstSort: TopSort): Promise<number> {
  const { stdin, stdout } = process;
  let connection = first;
  let sort = firstSort;
  let panes: PaneUsage[] = [];
  let note = '';
  let open = true;
  let leave: (code: number) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  const left = new Promise<number>((resolve, reject) => {
    leave = resolve;
    fail = reject;
  });

  function draw(): void {
    // A terminal that does not read gets the newest when it does.
    if (!open || stdout.writableNeedDrain) return;
    const { columns: cols, rows } = stdout;
    const lines = renderTop({ session: paths.session, panes, sort, cols, rows, color: wantsColor(), note, keys: true });
    stdout.write(`\x1b[?2026h\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J\x1b[?2026l`);
  }

  async function refresh(): Promise<void> {
    try {
      if (connection.closed) connection = await connectDaemon(paths);
      panes = await readUsage(connection);
      note = '';
    } catch (error) {
      if (error instanceof NonetError && error.code === 'no-such-session') return fail(error);
      // The daemon is being replaced; panes go on.
      note = `these figures are old: ${(error as Error).message}`;
    }
    draw();
    if (open) timer = setTimeout(() => void refresh(), INTERVAL_MS);
  }

  function onKey(data: Buffer): void {
    // Arrows, Alt and the like begin with an escape, and are no escape.
    const keys = [...data.toString('latin1').replace(SEQUENCE, '')];
    if (keys.some((key) => key === 'q' || key === '\x1b' || key === '\x03')) {
      leave(0);
      return;
    }
    for (const key of keys) sort = SORT_NAMES[key] ?? sort;
    draw();
  }

  function restore(): void {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    try {
      stdin.setRawMode(false);
      stdout.write(LEAVE);
    } catch {
      // The terminal is gone: there is nothing to put back.
    }
  }

  const onSignal = (signal: NodeJS.Signals): void => leave(SIGNAL_CODES[signal as keyof typeof SIGNAL_CODES]);
  const onGone = (): void => leave(SIGNAL_CODES.SIGHUP);
  const signals = Object.keys(SIGNAL_CODES) as NodeJS.Signals[];
  // Also for a defect that ends the process.
  process.on('exit', restore);
  for (const signal of signals) process.on(signal, onSignal);
  stdin.on('data', onKey).on('end', onGone).on('error', onGone);
  stdout.on('resize', draw).on('error', onGone);
  try {
    stdin.setRawMode(true);
    stdout.write(ENTER);
    await refresh();
    return await left;
  } finally {
    restore();
    process.off('exit', restore);
    for (const signal of signals) process.off(signal, onSignal);
    stdin.off('data', onKey).off('end', onGone).pause();
    stdout.off('resize', draw);
    connection.close();
  }
}

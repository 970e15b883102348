import { appendFileSync, renameSync, statSync } from 'node:fs';

/** The daemon's own log: JSON lines in a file that only its owner reads. What is logged are names and reasons, never environments or input. */
export type Log = {
  /** What passes: requests and events by name. */
  trace(fields: Record<string, unknown>, message: string): void;
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
};

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];
type Entry = [Level, Record<string, unknown>, string];

/** Beyond this the file begins anew; the one before it is kept. Looked at now and then: traces are not for months. */
const MAX_BYTES = 10_000_000;
const CHECK_MS = 10_000;

/** The one switch: `NONET_LOG`, where daemon and host are started. Anything else means `info`. */
export function logLevelOf(value: string | undefined): Level {
  return LEVELS.find((level) => level === value) ?? 'info';
}

/** Starts to load pino and keeps what is said meanwhile: it costs as long as the rest of the start-up. */
export function createLog(file: string, level: Level = 'info'): Log & { load(): Promise<void> } {
  const waiting: Entry[] = [];
  let logger: Log | null = null;
  const lowest = LEVELS.indexOf(level);

  function entry(own: Level): Log[Level] {
    if (LEVELS.indexOf(own) < lowest) return () => {};
    return (fields, message) => {
      if (!logger) waiting.push([own, fields, message]);
      else logger[own](fields, message);
    };
  }

  return {
    trace: entry('trace'),
    debug: entry('debug'),
    info: entry('info'),
    warn: entry('warn'),
    error: entry('error'),
    async load() {
      const { pino } = await import('pino');
      beginAnew(file);
      // Synchronous: the last line before a crash is the one that matters, and there are few.
      const destination = pino.destination({ dest: file, sync: true, mode: 0o600 });
      // A full disk must not end the daemon.
      destination.on('error', () => {});
      logger = pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
      setInterval(() => beginAnew(file) && destination.reopen(), CHECK_MS).unref();
      for (const [own, fields, message] of waiting.splice(0)) logger[own](fields, message);
    },
  };
}

/** True when the file was too big and has been moved to `FILE.1`. */
function beginAnew(file: string): boolean {
  try {
    if (statSync(file).size < MAX_BYTES) return false;
    renameSync(file, `${file}.1`);
    return true;
  } catch {
    return false;
  }
}

/** For the last moment, when nothing can be relied on. */
export function logFatal(file: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const entry = { level: 60, time: new Date().toISOString(), pid: process.pid, msg: `unexpected: ${text}` };
  try {
    appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  } catch {
    // Nobody is left to tell.
  }
}

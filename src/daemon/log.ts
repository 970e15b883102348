import { appendFileSync } from 'node:fs';

/** The daemon's own log: JSON lines in a file that only its owner reads. What is logged are names and reasons, never environments. */
export type Log = {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
};

type Level = 'info' | 'warn' | 'error';
type Entry = [Level, Record<string, unknown>, string];

/** Starts to load pino and keeps what is said meanwhile: it costs as long as the rest of the start-up. */
export function createLog(file: string): Log & { load(): Promise<void> } {
  const waiting: Entry[] = [];
  let logger: Log | null = null;

  function write(...[level, fields, message]: Entry): void {
    if (!logger) waiting.push([level, fields, message]);
    else logger[level](fields, message);
  }

  return {
    info: (fields, message) => write('info', fields, message),
    warn: (fields, message) => write('warn', fields, message),
    error: (fields, message) => write('error', fields, message),
    async load() {
      const { pino } = await import('pino');
      // Synchronous: the last line before a crash is the one that matters, and there are few.
      const destination = pino.destination({ dest: file, sync: true, mode: 0o600 });
      // A full disk must not end the daemon.
      destination.on('error', () => {});
      logger = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
      for (const [level, fields, message] of waiting.splice(0)) logger[level](fields, message);
    },
  };
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

import { appendFileSync } from 'node:fs';

/** Writes down what went wrong in the client itself; it is about to leave and cannot show it. */
export function logDefect(file: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    appendFileSync(file, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
  } catch {
    // No log then; the client's last message is what there is.
  }
}

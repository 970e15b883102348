import { createTerminalProbe, type TerminalAbilities } from './terminal-probe.ts';

/** A terminal that has said nothing by now says nothing at all. */
const SILENCE_MS = 800;
/** Over ssh the first answer takes as long as the line. */
const REMOTE_SILENCE_MS = 2500;
/** For one that has begun to answer: what is not read here is typed into the shell. */
const TALKING_MS = 5000;

/** `interrupted`: ctrl+c was pressed meanwhile. */
export type ProbedTerminal = { abilities: TerminalAbilities; interrupted: boolean };

/**
 * Probes the terminal that this process runs in; standard input and output must be one. It is left as it was found, and its answers are
 * read up to the last one, so that none of them is taken for typing later.
 */
export function probeTerminal(): Promise<ProbedTerminal> {
  const { stdin, stdout, env } = process;
  const probe = createTerminalProbe({ env, cols: stdout.columns, rows: stdout.rows });
  const silenceMs = env['SSH_CONNECTION'] ? REMOTE_SILENCE_MS : SILENCE_MS;
  return new Promise((resolve) => {
    let timer = setTimeout(finish, silenceMs);
    let patient = false;

    function onData(bytes: Buffer): void {
      const next = probe.push(bytes);
      if (next !== '') stdout.write(next);
      if (probe.done || probe.interrupted) finish();
      else if (probe.talking && !patient) {
        patient = true;
        clearTimeout(timer);
        timer = setTimeout(finish, TALKING_MS);
      }
    }

    function finish(): void {
      clearTimeout(timer);
      stdin.off('data', onData);
      stdin.off('end', finish);
      stdin.off('error', finish);
      stdin.pause();
      try {
        stdin.setRawMode(false);
      } catch {
        // The terminal is gone.
      }
      resolve({ abilities: probe.result(), interrupted: probe.interrupted });
    }

    stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.on('end', finish);
    stdin.on('error', finish);
    stdout.write(probe.start);
  });
}

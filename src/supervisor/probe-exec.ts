import { spawn } from 'node:child_process';
import type { ProbeResult } from './probe.ts';

export type ExecOptions = {
  cwd: string;
  env: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal;
};

const MAX_OUTPUT_BYTES = 64 * 1024;
/** For what is left in the pipe after the end. */
const PIPE_MS = 100;
const MAX_DETAIL = 200;

/**
 * Runs a program in a process group of its own and ends the whole group with it: after its end, its time, or when the look is called off.
 * What it prints beyond 64 KB is read and forgotten, so that it does not block.
 */
export function probeExec(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env, timeoutMs, signal }: ExecOptions,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ok: false, detail: 'called off' });
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = Buffer.alloc(0);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        // The last of it: what a program says about its failure comes at the end.
        output = Buffer.concat([output, chunk.subarray(-MAX_OUTPUT_BYTES)]).subarray(-MAX_OUTPUT_BYTES);
      });
      // EIO and the like: there is nothing more to read.
      stream.on('error', () => {});
    }
    const timer = setTimeout(() => finish(`killed after ${timeoutMs} ms`), timeoutMs);
    const onAbort = (): void => finish('called off');
    signal.addEventListener('abort', onAbort, { once: true });
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, killedBy) => {
      clearTimeout(timer);
      const end = (): void => (code === 0 ? finish('exit code 0', true) : finish(killedBy ?? `exit code ${code}`));
      // What it has printed may still be in the pipe. Its children hold that open, until they are ended; who has left the group is not
      // waited for.
      killGroup(child.pid);
      child.once('close', end);
      setTimeout(end, PIPE_MS).unref();
    });

    function finish(what: string, ok = false): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      const said = lastLine(output.toString('utf8'));
      resolve({ ok, detail: said === '' ? what : `${what}: ${said}` });
    }
  });
}

/** Its number is not used again while any process of the group is left; once none is, ESRCH says so. */
function killGroup(group: number | undefined): void {
  if (group === undefined) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  return line
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
}

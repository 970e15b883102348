import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Gives a text to a program on its standard input: `wl-copy`, `xclip`, `pbcopy`. Nobody waits for it; `onFailed` tells what went wrong. */
export function runCopyCommand(argv: readonly string[], text: string, onFailed: (reason: string) => void): void {
  const [file = '', ...args] = argv;
  let failed = false;
  const fail = (reason: string): void => {
    if (!failed) onFailed(`${file}: ${reason}`);
    failed = true;
  };
  let child: ChildProcessByStdio<Writable, null, null>;
  try {
    child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  } catch (error) {
    // Some reasons are told at once (EACCES, ENOTDIR), others later (ENOENT).
    fail((error as Error).message);
    return;
  }
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => {
    if (code !== 0) fail(signal ? `ended by ${signal}` : `ended with ${code}`);
  });
  // A program that has enough before the end tells so by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  child.unref();
}

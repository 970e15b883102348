import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** A configuration file is read in a moment; one that takes longer waits for something that will not come. */
const TIMEOUT_MS = 5_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Runs in the child. What the file itself prints is left of the marker. */
const READER = `
import { pathToFileURL } from 'node:url';
// With -e these are global: a module would find them and export nothing.
for (const name of ['module', 'exports', 'require', '__filename', '__dirname']) delete globalThis[name];
const [, file, marker] = process.argv;
const found = await import(pathToFileURL(file).href);
let value = found.default ?? found;
if (value && value.__esModule && value.default) value = value.default;
if (typeof value === 'function') value = value();
const text = JSON.stringify(await value) ?? 'null';
process.stdout.write(marker + text + marker, () => process.exit(0));
`;

/**
 * What a JavaScript file exports, as JSON says it. The file is a program and runs with all that its owner may do; so only one that the user
 * (or root) owns, and that nobody else may change, is run, in a process of its own.
 */
export async function runConfigScript(
  file: string,
  options: { timeoutMs?: number } = {},
): Promise<{ ok: true; value: unknown } | { ok: false; message: string; line?: number }> {
  const { timeoutMs = TIMEOUT_MS } = options;
  let real: string;
  try {
    real = realpathSync(file);
    const unsafe = whyUnsafe(real);
    if (unsafe !== null) return { ok: false, message: unsafe };
  } catch (error) {
    return {
      ok: false,
      message: `cannot read it: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`,
    };
  }
  const marker = `--${randomUUID()}--`;
  const argv = ['--input-type=module', '--no-warnings', '-e', READER, real, marker];
  const settings = {
    cwd: path.dirname(real),
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT_BYTES,
  } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, settings, (error, stdout, stderr) => {
      const json = stdout.split(marker)[1];
      if (json !== undefined && stdout.split(marker).length === 3)
        return resolve({ ok: true, value: JSON.parse(json) });
      if (error?.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        return resolve({ ok: false, message: `it prints more than ${MAX_OUTPUT_BYTES / 1024 / 1024} MB` });
      if (error?.killed) return resolve({ ok: false, message: `it has not ended within ${timeoutMs / 1000} s` });
      resolve({ ok: false, ...reasonOf(stderr, real) });
    });
    child.stdin?.end();
  });
}

function whyUnsafe(file: string): string | null {
  const { uid, mode } = statSync(file);
  const self = process.getuid?.();
  if (self !== undefined && uid !== self && uid !== 0) return 'it belongs to another user, so that it is not run';
  return (mode & 0o022) !== 0 ? 'other users may change it, so that it is not run; chmod go-w cures that' : null;
}

/** Node's own words: `file:LINE` before the quoted code, and the first line that names an error. */
function reasonOf(stderr: string, file: string): { message: string; line?: number } {
  const lines = stderr.split('\n').map((line) => line.trim());
  const message =
    lines.find((line) => /^(\w*Error\b|Uncaught|Error \[)/.test(line)) ?? lines.find((line) => line !== '');
  const place = stderr.indexOf(`${file}:`);
  const line = place < 0 ? undefined : /^\d+/.exec(stderr.slice(place + file.length + 1))?.[0];
  return {
    message: `running it failed: ${message ?? 'it ended without a word'}`,
    ...(line ? { line: Number(line) } : {}),
  };
}

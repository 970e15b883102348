import fs from 'node:fs';
import path from 'node:path';
import { agentOfCommand, installHint } from '../core/agents.ts';

export type PreflightResult = { ok: true } | { ok: false; reason: string; hint: string };

/** What execvp(3) searches without PATH. */
const DEFAULT_PATH = '/bin:/usr/bin';
/** The kernel reads no more of a script's first line (BINPRM_BUF_SIZE). */
const MAX_SHEBANG = 256;

/**
 * Looks whether a command can start at all, with the pane's own PATH and directory, and names the true cause if it cannot: the pty
 * library reports all of these as an exit with code 1. A few system calls; what changes between this and the spawn is a crash like any other.
 */
export function preflight(command: {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}): PreflightResult {
  return checkDirectory(command.cwd) ?? checkProgram(command.argv[0] ?? '', command) ?? { ok: true };
}

function failure(reason: string, hint: string): PreflightResult {
  return { ok: false, reason, hint };
}

function checkDirectory(cwd: string): PreflightResult | null {
  const hint = 'correct cwd in the layout, or make the directory';
  try {
    if (!fs.statSync(cwd).isDirectory()) return failure(`working directory is not a directory: ${cwd}`, hint);
    fs.accessSync(cwd, fs.constants.X_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return failure(`working directory not found: ${cwd}`, hint);
    if (code === 'ENOTDIR') return failure(`working directory is not a directory: ${cwd}`, hint);
    if (code === 'EACCES') return failure(`no permission to enter the working directory: ${cwd}`, hint);
    return failure(`working directory cannot be used: ${cwd} (${code})`, hint);
  }
}

function checkProgram(
  program: string,
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): PreflightResult | null {
  if (program === '') return failure('command is empty', 'give the pane a command');
  if (program.includes('/')) {
    const problem = problemOf(path.resolve(cwd, program));
    return problem === 'not-found' ? missing(program) : problem;
  }
  // As execvp(3): what may not be run is passed over, and only told of if nothing else is found.
  let refused: PreflightResult | null = null;
  for (const directory of (env['PATH'] ?? DEFAULT_PATH).split(':')) {
    const problem = problemOf(path.resolve(cwd, directory, program));
    if (problem === null) return null;
    if (problem !== 'not-found') refused ??= problem;
  }
  return refused ?? missing(program);
}

function missing(program: string): PreflightResult {
  const hint = installHint(agentOfCommand(program));
  return failure(
    `command not found: ${program}`,
    hint === '' ? 'install it, or correct the command or PATH in the layout' : hint,
  );
}

function problemOf(file: string): PreflightResult | 'not-found' | null {
  let stat: fs.Stats;
  try {
    stat = fs.statSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' ? failure(`no permission to reach the command: ${file}`, '') : 'not-found';
  }
  if (stat.isDirectory()) return failure(`command is a directory: ${file}`, 'name the program in it');
  if (!stat.isFile()) return failure(`command is not a program: ${file}`, 'name a program');
  try {
    fs.accessSync(file, fs.constants.X_OK);
  } catch {
    return failure(`command is not executable: ${file}`, `chmod +x ${file}`);
  }
  const interpreter = interpreterOf(file);
  if (interpreter !== null && !fs.existsSync(interpreter)) {
    return failure(
      `command not found: ${interpreter}, which the first line of ${file} names`,
      'install it, or correct that line',
    );
  }
  return null;
}

/** The absolute path after `#!`, or null. */
function interpreterOf(file: string): string | null {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'r');
  } catch {
    // May be run without being read.
    return null;
  }
  try {
    const buffer = Buffer.alloc(MAX_SHEBANG);
    const text = buffer.toString('latin1', 0, fs.readSync(descriptor, buffer, 0, MAX_SHEBANG, 0));
    return /^#![ \t]*(\/[^\s]+)/.exec(text)?.[1] ?? null;
  } catch {
    return null;
  } finally {
    fs.closeSync(descriptor);
  }
}

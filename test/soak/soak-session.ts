import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NODE, PROJECT } from '../helpers/fixture.ts';
import { isAlive, type ProcessRow, processesWithMarker } from '../helpers/process-list.ts';
import { baseEnvironment, openTerminal, type TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** A nonet of its own that runs without a test around it. */
export type SoakSession = {
  readonly root: string;
  cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  attach(cols: number, rows: number): TerminalSession;
  processes(): ProcessRow[];
  /** Null while it is not there, or another one has not left yet. */
  pidOf(entry: 'host' | 'daemon'): number | null;
  /** Ends what is left by force, and tells what that was. */
  end(): Promise<string[]>;
};

const NAME = 'soak';

export function createSoakSession(): SoakSession {
  // Short, because socket paths may not be long.
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ns-'));
  const id = randomUUID();
  const env: Record<string, string> = { ...baseEnvironment(), HOME: root, HISTFILE: '', SOAK_SESSION: id };
  for (const base of ['RUNTIME_DIR', 'STATE_HOME', 'CONFIG_HOME', 'CACHE_HOME']) {
    env[`XDG_${base}`] = path.join(root, base.toLowerCase());
  }
  fs.mkdirSync(env['XDG_RUNTIME_DIR']!, { mode: 0o700 });
  // An installation of its own: a build meanwhile must not change what runs.
  const installed = path.join(root, 'nonet');
  for (const part of ['dist', 'layouts', 'package.json']) {
    fs.cpSync(path.join(PROJECT, part), path.join(installed, part), { recursive: true });
  }
  fs.symlinkSync(path.join(PROJECT, 'node_modules'), path.join(installed, 'node_modules'));
  const bin = path.join(installed, 'dist/cli/bin.js');
  const processes = () => processesWithMarker(`SOAK_SESSION=${id}`);

  return {
    root,
    cli(...args) {
      return new Promise((resolve) => {
        const options = { cwd: root, env, timeout: 60_000 };
        execFile(NODE, [bin, ...args, '-s', NAME], options, (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
          resolve({ code, stdout, stderr });
        });
      });
    },
    attach: (cols, rows) => openTerminal({ argv: [NODE, bin, 'attach', '-s', NAME], cols, rows, cwd: root, env }),
    processes,
    pidOf(entry) {
      const found = processes().filter(({ argv }) =>
        argv.find((word, i) => i > 0 && !word.startsWith('-'))?.endsWith(`/${entry}/main.js`),
      );
      // A child between fork and exec looks like its parent.
      const own = found.filter(({ parentPid }) => !found.some(({ pid }) => pid === parentPid));
      return own.length === 1 ? own[0]!.pid : null;
    },
    async end() {
      await waitUntil('everything to be gone', () => processes().length === 0, { timeoutMs: 5000 }).catch(() => {});
      const left = processes();
      for (const { pid } of left) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      const sockets = fs
        .readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isSocket())
        .map(({ name }) => `the socket ${name}`);
      fs.rmSync(root, { recursive: true, force: true });
      return [...left.map(({ argv }) => argv.join(' ')), ...sockets];
    },
  };
}

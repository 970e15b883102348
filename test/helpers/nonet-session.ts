import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { PaneInfo } from '../../src/core/session.ts';
import { NODE, PROJECT } from './fixture.ts';
import { isAlive, type ProcessRow, processesWithMarker } from './process-list.ts';
import { baseEnvironment, openTerminal, type TerminalSession } from './terminal-session.ts';
import { waitUntil } from './wait-until.ts';

/**
 * A nonet of its own: own directories, own environment, every process that comes of it marked. When the test ends, the session is taken
 * down and nothing of it may be left: no process, no socket.
 */
export type NonetSession = {
  readonly name: string;
  /** The working directory of every command: where layouts lie. */
  readonly directory: string;
  readonly env: Record<string, string>;
  cli(args: string[], options?: CliOptions): Promise<CliResult>;
  /** `cli`, and an error with its output if it does not exit 0. */
  run(args: string[], options?: CliOptions): Promise<string>;
  /** Writes the layout (an object or YAML), and starts it with a client in a terminal. */
  up(layout: LayoutSource, options?: ClientOptions): TerminalSession;
  /** `up -d`. */
  start(layout: LayoutSource, args?: string[]): Promise<void>;
  attach(options?: ClientOptions): TerminalSession;
  /** Any command of nonet in a terminal. */
  open(args: string[], options?: ClientOptions): TerminalSession;
  /** A program in a terminal with the same environment, as the shell that a person types `nonet` into. */
  openProgram(argv: [string, ...string[]], options?: ClientOptions): TerminalSession;
  writeLayout(layout: LayoutSource): string;
  list(): Promise<PaneInfo[]>;
  pane(selector: number | string): Promise<PaneInfo>;
  capture(pane: number | string): Promise<string>;
  processes(): ProcessRow[];
  hostPid(): number;
  daemonPid(): number;
  /** Once there is no other: for a moment there may be one, which finds that it is not needed. */
  onlyDaemonPid(): Promise<number>;
  clientPids(): number[];
  socketFiles(): string[];
  dispose(): Promise<void>;
};

export type LayoutSource = string | Record<string, unknown>;
export type CliOptions = { input?: string; env?: Record<string, string>; cwd?: string; timeoutMs?: number };
export type CliResult = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
export type ClientOptions = {
  cols?: number;
  rows?: number;
  env?: Record<string, string>;
  answers?: 'all' | 'none';
  args?: string[];
};

const manifest = JSON.parse(fs.readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as { bin: { nonet: string } };
export const NONET: [string, string] = [NODE, path.join(PROJECT, manifest.bin.nonet)];

/** Made in a test: it is disposed when the test has ended, and what is left then fails the test. */
export function createNonet({ name = 'e2e', runtimeDirectory = 'run' } = {}): NonetSession {
  // Short, because socket paths may not be long.
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'nt-'));
  const directory = path.join(root, name);
  const marker = `E2E_SESSION=${randomUUID()}`;
  const env: Record<string, string> = {
    ...baseEnvironment(),
    HOME: path.join(root, 'home'),
    XDG_RUNTIME_DIR: path.join(root, runtimeDirectory),
    XDG_STATE_HOME: path.join(root, 'state'),
    XDG_CONFIG_HOME: path.join(root, 'config'),
    XDG_CACHE_HOME: path.join(root, 'cache'),
    HISTFILE: '',
    // Not a NONET_ name: those are nonet's own and do not reach the panes.
    E2E_SESSION: marker.slice('E2E_SESSION='.length),
  };
  for (const made of [directory, env['HOME']!, env['XDG_RUNTIME_DIR']!]) {
    fs.mkdirSync(made, { recursive: true, mode: 0o700 });
  }
  const terminals: TerminalSession[] = [];
  let layouts = 0;
  let disposed = false;

  const nonetProcesses = () =>
    processesWithMarker(marker).filter((row) => !row.environment.some((entry) => entry.startsWith('NONET_PANE=')));
  const pidsOf = (entry: string) => {
    const pids = nonetProcesses()
      .filter((row) => row.argv.find((argument, i) => i > 0 && !argument.startsWith('-'))?.endsWith(entry))
      .map(({ pid, parentPid }) => ({ pid, parentPid }));
    // A child between fork and exec looks like its parent.
    return pids.filter(({ parentPid }) => !pids.some(({ pid }) => pid === parentPid)).map(({ pid }) => pid);
  };
  const one = (entry: string, pids: number[]): number => {
    if (pids.length !== 1)
      throw new Error(`expected one ${entry}, found ${pids.length}\n${describe(nonetProcesses())}`);
    return pids[0]!;
  };

  const session: NonetSession = {
    name,
    directory,
    env,
    cli(args, { input, env: more = {}, cwd = directory, timeoutMs = 30_000 } = {}) {
      return new Promise((resolve, reject) => {
        const child = spawn(NONET[0], [NONET[1], ...args], { cwd, env: { ...env, ...more } });
        const out: Buffer[] = [];
        const talk: Buffer[] = [];
        const deadline = setTimeout(() => {
          child.kill('SIGKILL');
          reject(new Error(`nonet ${args.join(' ')} took more than ${timeoutMs} ms\n${out}\n${talk}`));
        }, timeoutMs);
        child.stdout.on('data', (data: Buffer) => out.push(data));
        child.stderr.on('data', (data: Buffer) => talk.push(data));
        child.on('error', reject);
        // `close`: what is started in the background must not hold the caller's pipes open; if it does, this times out.
        child.on('close', (code, signal) => {
          clearTimeout(deadline);
          resolve({
            code,
            signal,
            stdout: Buffer.concat(out).toString('utf8'),
            stderr: Buffer.concat(talk).toString('utf8'),
          });
        });
        child.stdin.on('error', () => {});
        child.stdin.end(input ?? '');
      });
    },
    async run(args, options) {
      const { code, signal, stdout, stderr } = await session.cli(args, options);
      if (code === 0) return stdout;
      throw new Error(`nonet ${args.join(' ')} ended with ${signal ?? code}\n${stdout}\n${stderr}`);
    },
    up: (layout, options) =>
      session.open(['up', session.writeLayout(layout), '-s', name, ...(options?.args ?? [])], options),
    async start(layout, args = []) {
      await session.run(['up', session.writeLayout(layout), '-s', name, '-d', ...args]);
    },
    attach: (options) => session.open(['attach', '-s', name, ...(options?.args ?? [])], options),
    open: (args, options) => session.openProgram([...NONET, ...args], options),
    openProgram(argv, { cols = 120, rows = 40, env: more = {}, answers } = {}) {
      const terminal = openTerminal({ argv, cols, rows, answers, cwd: directory, env: { ...env, ...more } });
      terminals.push(terminal);
      return terminal;
    },
    writeLayout(layout) {
      const file = path.join(directory, `layout-${++layouts}.yaml`);
      // JSON is YAML.
      fs.writeFileSync(file, typeof layout === 'string' ? layout : JSON.stringify({ version: 1, ...layout }, null, 2));
      return file;
    },
    list: async () => JSON.parse(await session.run(['list', '-s', name, '--json'])) as PaneInfo[],
    async pane(selector) {
      const rows = await session.list();
      const row = rows.find((candidate) => candidate.pane === selector || candidate.name === selector);
      if (!row) throw new Error(`no pane ${selector} in ${JSON.stringify(rows)}`);
      return row;
    },
    capture: (pane) => session.run(['capture', String(pane), '-s', name]),
    processes: () => processesWithMarker(marker),
    hostPid: () => one('host', pidsOf('/host/main.js')),
    daemonPid: () => one('daemon', pidsOf('/daemon/main.js')),
    async onlyDaemonPid() {
      let pids: number[] = [];
      await waitUntil('one daemon', () => {
        pids = pidsOf('/daemon/main.js');
        return pids.length === 1 || `${pids.length} of them`;
      });
      return pids[0]!;
    },
    clientPids: () => pidsOf(`/${path.basename(manifest.bin.nonet)}`),
    socketFiles: () => findSockets(root),
    async dispose() {
      if (disposed) return;
      disposed = true;
      const problems: string[] = [];
      for (const terminal of terminals) await terminal.close();
      // A test may have taken it down itself, or have had nothing to start.
      if (processesWithMarker(marker).length > 0) {
        try {
          const down = await session.cli(['down', '-s', name, '--timeout', '3'], { timeoutMs: 20_000 });
          if (down.code !== 0) problems.push(`nonet down ended with ${down.code}\n${down.stdout}${down.stderr}`);
        } catch (error) {
          problems.push((error as Error).message);
        }
      }
      await waitUntil('every process to be gone', () => processesWithMarker(marker).length === 0, {
        timeoutMs: 5000,
      }).catch(() => {});
      const left = processesWithMarker(marker);
      if (left.length > 0) problems.push(`${left.length} processes are left after down:\n${describe(left)}`);
      for (const { pid } of left) killOutright(pid);
      await waitUntil('the rest to be gone', () => !left.some((row) => isAlive(row.pid)));
      const sockets = findSockets(root);
      if (sockets.length > 0) problems.push(`sockets are left after down: ${sockets.join(' ')}`);
      const logs = problems.length > 0 ? readLogs(root) : '';
      fs.rmSync(root, { recursive: true, force: true });
      if (problems.length > 0) throw new Error(`${problems.join('\n')}${logs}`);
    },
  };
  onTestFinished(() => session.dispose(), 60_000);
  return session;
}

function describe(rows: ProcessRow[]): string {
  return rows.map((row) => `  ${row.pid} (parent ${row.parentPid}, ${row.state}) ${row.argv.join(' ')}`).join('\n');
}

function killOutright(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

function findSockets(directory: string): string[] {
  return walk(directory).filter((file) => fs.lstatSync(file, { throwIfNoEntry: false })?.isSocket());
}

/** The last words of daemon and host, for the failure's message. */
function readLogs(directory: string): string {
  return walk(directory)
    .filter((file) => file.endsWith('.log'))
    .map((file) => `\n--- ${path.basename(file)}\n${fs.readFileSync(file, 'utf8').slice(-2000)}`)
    .join('');
}

function walk(directory: string): string[] {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const full = path.join(directory, entry.name);
    return entry.isDirectory() ? walk(full) : [full];
  });
}

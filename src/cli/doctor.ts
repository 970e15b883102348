import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ProbedTerminal } from '../client/probe-terminal.ts';
import type { TerminalAbilities } from '../client/terminal-probe.ts';
import { findProgram } from '../config/find-program.ts';
import { lookForLimitMeans } from '../config/limit-means.ts';
import { listSessionNames, resolvePaths } from '../config/paths.ts';
import { readSettings, settingsFile } from '../config/settings-file.ts';
import { agentTable, installCommand, knownAgentNames } from '../core/agents.ts';
import { NonetError } from '../core/errors.ts';
import { describeLimitSupport } from '../core/limit-means.ts';
import { VERSION } from '../core/version.ts';
import { ensurePrivateDirectory } from '../protocol/endpoint.ts';
import { printJson, printLine, wantsColor } from './output.ts';
import { tryConnect } from './session-daemon.ts';

/**
 * What this machine can and cannot do for nonet. `warning`: works, but less well; `problem`: something of nonet does not work. Each has
 * advice on what to do.
 */
export type Finding = {
  topic: 'versions' | 'directories' | 'limits' | 'sessions' | 'agents' | 'terminal';
  level: 'ok' | 'warning' | 'problem';
  text: string;
  advice: string;
};

const finding = (topic: Finding['topic'], level: Finding['level'], text: string, advice = ''): Finding => ({
  topic,
  level,
  text,
  advice,
});

/** Panes need one each, and so do clients and files. */
const FEW_FILES = 256;
const FEW_PROCESSES = 512;
const FEW_PTYS = 16;

/** `terminal` is null where standard input or output is none, and cannot be asked. */
export type Examination = { findings: Finding[]; terminal: TerminalAbilities | null; interrupted: boolean };

export async function examine(session: string): Promise<Examination> {
  const [findings, probed] = await Promise.all([examineMachine(session), examineTerminal()]);
  if (!probed) return { findings, terminal: null, interrupted: false };
  const { abilities, interrupted } = probed;
  const { describeTerminal } = await import('./doctor-terminal.ts');
  const told = describeTerminal(abilities, process.env).map(({ level, text, advice }) =>
    finding('terminal', level, text, advice),
  );
  return { findings: [...findings, ...told], terminal: abilities, interrupted };
}

async function examineTerminal(): Promise<ProbedTerminal | null> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return null;
  return (await import('../client/probe-terminal.ts')).probeTerminal();
}

async function examineMachine(session: string): Promise<Finding[]> {
  return [
    ...versions(),
    ...directories(session),
    await configuration(),
    ...limits(),
    ...(await paneLimits()),
    ...(await sessions()),
    ...agents(process.env['PATH'] ?? ''),
  ];
}

/** Returns the exit code: 1 if anything does not work. */
export function reportFindings({ findings, terminal }: Examination, json: boolean): number {
  const failed = findings.some(({ level }) => level === 'problem');
  if (json) {
    printJson({ ok: !failed, findings, terminal });
    return failed ? 1 : 0;
  }
  const color = wantsColor();
  let topic = '';
  for (const { level, text, advice, ...found } of findings) {
    if (found.topic !== topic) printLine(`${topic === '' ? '' : '\n'}${found.topic}`);
    topic = found.topic;
    const mark = MARKS[level];
    printLine(`  ${color ? `\x1b[${mark.color}m${mark.text}\x1b[0m` : mark.text} ${text}`);
    if (advice !== '') printLine(`    → ${advice}`);
  }
  return failed ? 1 : 0;
}

const MARKS = {
  ok: { text: '✓', color: 32 },
  warning: { text: '!', color: 33 },
  problem: { text: '✕', color: 31 },
} as const;

function versions(): Finding[] {
  return [
    finding('versions', 'ok', `nonet ${VERSION}, Node ${process.versions.node} (${process.execPath})`),
    finding('versions', 'ok', `${os.type()} ${os.release()} ${process.arch}, ${os.availableParallelism()} processors`),
  ];
}

function directories(session: string): Finding[] {
  let paths: ReturnType<typeof resolvePaths>;
  try {
    paths = resolvePaths({ env: process.env, session });
  } catch (error) {
    return [finding('directories', 'problem', (error as Error).message, 'set XDG_RUNTIME_DIR to a shorter path')];
  }
  const found = [
    ['sockets', path.dirname(paths.runtimeDirectory)],
    ['state and logs', paths.stateDirectory],
  ].map(([what, directory]) => {
    try {
      ensurePrivateDirectory(directory!);
      accessSync(directory!, constants.R_OK | constants.W_OK | constants.X_OK);
      return finding('directories', 'ok', `${what}: ${directory}`);
    } catch (error) {
      const reason = error instanceof NonetError ? error.message : `${directory}: ${(error as Error).message}`;
      return finding('directories', 'problem', `${what}: ${reason}`, 'make it a directory of your own with mode 0700');
    }
  });
  return found;
}

async function configuration(): Promise<Finding> {
  const file = settingsFile(process.env);
  if (!exists(file)) return finding('directories', 'ok', `configuration: ${file} (none yet)`);
  const result = await readSettings(file, process.env);
  if (result.ok) return finding('directories', 'ok', `configuration: ${file}`);
  const count = result.problems.length === 1 ? 'a mistake' : `${result.problems.length} mistakes`;
  const text = `configuration: ${file} has ${count}: none of it holds`;
  return finding('directories', 'warning', text, `nonet check ${file}`);
}

function limits(): Finding[] {
  const found: Finding[] = [];
  const files = limitOf('Max open files');
  if (files !== null) {
    found.push(
      files < FEW_FILES
        ? finding('limits', 'warning', `only ${files} open files`, 'raise it: ulimit -n 4096')
        : finding('limits', 'ok', `open files: ${amount(files)}`),
    );
  }
  const processes = limitOf('Max processes');
  if (processes !== null) {
    found.push(
      processes < FEW_PROCESSES
        ? finding('limits', 'warning', `only ${processes} processes`, 'raise it: ulimit -u 4096')
        : finding('limits', 'ok', `processes: ${amount(processes)}`),
    );
  }
  const [used, most] = [numberIn('/proc/sys/kernel/pty/nr'), numberIn('/proc/sys/kernel/pty/max')];
  if (used !== null && most !== null) {
    const text = `pseudo-terminals: ${used} of ${most} in use`;
    found.push(
      most - used < FEW_PTYS
        ? finding('limits', 'warning', text, 'close what holds them, or raise /proc/sys/kernel/pty/max')
        : finding('limits', 'ok', text),
    );
  }
  return found;
}

/** How `limits:` of a layout are kept. */
async function paneLimits(): Promise<Finding[]> {
  return describeLimitSupport(await lookForLimitMeans()).map(({ level, text, advice }) =>
    finding('limits', level, text, advice),
  );
}

async function sessions(): Promise<Finding[]> {
  const names = listSessionNames(process.env);
  const found: Finding[] = [];
  for (const name of names) {
    const paths = resolvePaths({ env: process.env, session: name });
    try {
      const connection = await tryConnect(paths);
      if (!connection) {
        if (exists(paths.hostSocket)) {
          const advice = `nonet up -s ${name} brings it back`;
          found.push(
            finding('sessions', 'warning', `${name}: no daemon answers, but there is a host’s socket`, advice),
          );
        }
        continue;
      }
      const { version, pid } = connection.peer;
      connection.close();
      found.push(
        version === VERSION
          ? finding('sessions', 'ok', `${name}: daemon ${version}, pid ${pid}`)
          : finding('sessions', 'warning', `${name}: its daemon is ${version}`, `nonet upgrade -s ${name}`),
      );
    } catch (error) {
      const advice = error instanceof NonetError ? error.hint : `see ${paths.daemonLog}`;
      found.push(finding('sessions', 'problem', `${name}: ${(error as Error).message}`, advice));
    }
  }
  return found.length > 0 ? found : [finding('sessions', 'ok', 'none is running')];
}

function agents(searchPath: string): Finding[] {
  return knownAgentNames.map((name) => {
    const { title, command } = agentTable[name];
    const place = findProgram(command, searchPath);
    return place
      ? finding('agents', 'ok', `${title}: ${place}`)
      : finding('agents', 'ok', `${title}: not installed`, installCommand(name));
  });
}

function exists(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch {
    return false;
  }
}

/** The soft limit of this process, Infinity for none; null where the system does not say (/proc is Linux’s). */
function limitOf(name: string): number | null {
  const line = readOrEmpty('/proc/self/limits')
    .split('\n')
    .find((row) => row.startsWith(name));
  const soft = line?.slice(name.length).trim().split(/\s+/)[0];
  if (soft === undefined) return null;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

function numberIn(file: string): number | null {
  const text = readOrEmpty(file).trim();
  return text === '' ? null : Number(text);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function amount(count: number): string {
  return count === Number.POSITIVE_INFINITY ? 'as many as there can be' : String(count);
}

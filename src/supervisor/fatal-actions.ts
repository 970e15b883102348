import { spawn } from 'node:child_process';
import { dependentsOf } from '../core/dependencies.ts';
import type { PaneSupervisor } from './pane-supervisor.ts';

export type FatalDeps = {
  panes: () => readonly PaneSupervisor[];
  log: Record<'info' | 'warn', (facts: Record<string, unknown>, text: string) => void>;
};

/** Long enough for a mail or a call, short enough that none of them pile up. */
const RUN_TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 16_384;

/** Does what the layout says is to be done when a pane has given up. */
export function actOnFatal(supervisor: PaneSupervisor, { panes, log }: FatalDeps): void {
  const { spec, state } = supervisor;
  switch (spec.onFatal.action) {
    case 'notify':
      return;
    case 'stop_dependents': {
      const reason = `stopped because ${spec.name}, which it depends on, gave up`;
      for (const dependent of dependentsOf(spec.name, panes())) {
        dependent.stopBecause({ kind: 'dependency', reason, failure: false });
      }
      return;
    }
    case 'run':
      runCommand(spec.onFatal.argv, {
        cwd: spec.cwd,
        env: { ...supervisor.env, NONET_PANE_NAME: spec.name, NONET_REASON: state.reason },
        say: (level, facts, text) => log[level]({ name: spec.name, ...facts }, text),
      });
  }
}

type RunOptions = {
  cwd: string;
  env: Record<string, string>;
  say: (level: 'info' | 'warn', facts: Record<string, unknown>, text: string) => void;
};

function runCommand([program, ...args]: readonly [string, ...string[]], { cwd, env, say }: RunOptions): void {
  // A group of its own, so that all of it can be ended when its time is over.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, MAX_OUTPUT);
    });
  }
  const timer = setTimeout(() => {
    say('warn', { command: program }, `on_fatal: killed after ${RUN_TIMEOUT_MS / 1000} s`);
    killGroup(child.pid);
  }, RUN_TIMEOUT_MS);
  timer.unref();
  child.once('error', (error) => {
    clearTimeout(timer);
    say('warn', { command: program, error: error.message }, 'on_fatal: the command cannot be run');
  });
  // Not `close`: something that it left behind may keep its output open for ever.
  child.once('exit', (code, signal) => {
    clearTimeout(timer);
    setImmediate(() => {
      say(code === 0 ? 'info' : 'warn', { command: program, code, signal, output }, 'on_fatal: the command has ended');
      child.stdout.destroy();
      child.stderr.destroy();
    });
  });
}

/** Of a child that has not been reaped: the number is still its own. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone in this moment.
  }
}

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readLayout } from '../config/load-layout.ts';
import { isSessionName, resolvePaths, type SessionPaths } from '../config/paths.ts';
import { formatProblem } from '../config/problem.ts';
import { restoreEdits } from '../config/restore-edits.ts';
import { readSessionFile, type SavedSessionFile } from '../config/session-file.ts';
import { layoutDefaults } from '../config/settings-file.ts';
import { NonetError } from '../core/errors.ts';
import { renameLayout } from '../core/layout-rename.ts';
import { scaleLayout } from '../core/layout-scale.ts';
import { daemonRequests } from '../protocol/control.ts';
import { say } from './output.ts';
import { ensureDaemon, tryConnect } from './session-daemon.ts';
import { ownEnvironment } from './up.ts';

/** Brings back the sessions of this machine that ended without being taken down. Returns the exit code. */
export async function resurrectAll(): Promise<number> {
  const names = savedSessionNames();
  let exitCode = 0;
  let count = 0;
  for (const session of names) {
    const paths = resolvePaths({ env: process.env, session });
    const saved = readSessionFile(paths.sessionStateDirectory);
    if (!saved || saved.closed) continue;
    count++;
    // One session that cannot come back does not keep the others from it.
    const code = await resurrect(paths).catch((error: Error) => {
      say(`session ${session}: ${error.message}`);
      return 1;
    });
    exitCode = Math.max(exitCode, code);
  }
  if (count === 0) say('there is no session to bring back');
  return exitCode;
}

/** Brings back one session, also one that was taken down. */
export async function resurrect(paths: SessionPaths): Promise<number> {
  const running = await tryConnect(paths);
  if (running) {
    const panes = await running.request(daemonRequests, 'list', {}).finally(() => running.close());
    if (panes.length > 0) {
      say(`session ${paths.session} is running already`);
      return 0;
    }
  }
  const saved = readSessionFile(paths.sessionStateDirectory);
  if (!saved) {
    throw new NonetError('no-such-session', `nothing is saved of session "${paths.session}"`, {
      hint: 'a session is saved by itself while it runs; nonet up starts one',
    });
  }
  const layout = await layoutOf(saved);
  if (!layout) return 2;
  const { stdout } = process;
  const connection = await ensureDaemon(paths);
  try {
    await connection.request(daemonRequests, 'up', {
      layout,
      env: ownEnvironment(),
      size: stdout.isTTY ? { cols: stdout.columns, rows: stdout.rows } : null,
      renames: saved.renames,
      origin: { preset: saved.layout.preset, profile: saved.profile, cwd: saved.cwd, scaled: saved.scaled },
      resurrect: saved.panes.map(({ name, wanted, restarts }) => ({ name, wanted, restarts })),
    });
  } finally {
    connection.close();
  }
  const waiting = layout.panes.filter(
    ({ name, resurrect: how }) =>
      how === 'ask' && saved.panes.some((pane) => pane.name === name && pane.wanted === 'up'),
  );
  say(`session ${paths.session} is back: nonet attach -s ${paths.session} shows it`);
  if (waiting.length > 0) {
    const names = waiting.map(({ name }) => name).join(', ');
    say(`not started again by themselves (resurrect: ask): ${names}; nonet start -s ${paths.session} PANE does`);
  }
  return 0;
}

/** The layout as its file is now, with the environment of who asks; null after its problems have been told. */
async function layoutOf(saved: SavedSessionFile) {
  const { layout, profile, cwd } = saved;
  const defaults = await layoutDefaults(process.env);
  const result = readLayout({
    source: layout.file === null ? { preset: layout.preset ?? 'default' } : { file: layout.file },
    env: process.env,
    cwd,
    ...(profile === null ? {} : { profile }),
    ...defaults,
  });
  if (result.ok) {
    const scaled = Object.entries(saved.scaled).reduce(
      (before, [kind, count]) => scaleLayout(before, kind, count) ?? before,
      result.layout,
    );
    return restoreEdits(renameLayout(scaled, saved.renames), saved, { env: ownEnvironment(), defaults });
  }
  for (const problem of result.problems) say(formatProblem(problem));
  return null;
}

function savedSessionNames(): string[] {
  const { stateDirectory } = resolvePaths({ env: process.env, session: 'any' });
  try {
    return readdirSync(path.join(stateDirectory, 'sessions')).filter(isSessionName).sort();
  } catch {
    return [];
  }
}

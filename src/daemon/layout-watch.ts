import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { formatProblem } from '../config/problem.ts';
import type { SessionWish } from './deposit.ts';
import type { Log } from './log.ts';

/**
 * With `reload: auto`, applies the layout's file when it has changed. A file with mistakes changes nothing: they are told, and the session
 * stays as it is.
 */
export type LayoutWatch = {
  /** The session has another layout, or its first. */
  follow(): void;
  dispose(): void;
};

export type LayoutWatchDeps = {
  wish: () => SessionWish | null;
  apply: (wish: SessionWish) => Promise<unknown>;
  notify: (kind: 'info' | 'error', text: string) => void;
  log: Log;
};

/** One look at one file costs nothing, and finds it again however an editor replaces it, on every file system. */
const LOOK_MS = 500;
/** An editor may write in several pieces. */
const QUIET_MS = 200;

export function createLayoutWatch({ wish, apply, notify, log }: LayoutWatchDeps): LayoutWatch {
  let watched: string | null = null;
  let quiet: NodeJS.Timeout | null = null;
  /** What has been applied or refused already. */
  let seen = '';

  function stop(): void {
    if (watched !== null) unwatchFile(watched, changed);
    if (quiet) clearTimeout(quiet);
    watched = null;
    quiet = null;
  }

  function changed(): void {
    if (quiet) clearTimeout(quiet);
    quiet = setTimeout(() => {
      quiet = null;
      void reload();
    }, QUIET_MS);
  }

  async function reload(): Promise<void> {
    const present = wish();
    const file = watched;
    if (!present || file === null) return;
    const text = readText(file);
    // Removed for the moment in which it is replaced, or for good: neither says what the session should be.
    if (text === null || text === seen) return;
    seen = text;
    try {
      // Validation is half of what a daemon loads; without a change it is never needed.
      const { loadLayout } = await import('../config/load-layout.ts');
      const { layoutDefaults } = await import('../config/settings-file.ts');
      const { env, origin } = present;
      const result = loadLayout({
        source: { file },
        text,
        env,
        profile: origin?.profile ?? null,
        cwd: origin?.cwd ?? '/',
        ...(await layoutDefaults(env)),
      });
      if (!result.ok) {
        const [first] = result.problems;
        const more = result.problems.length > 1 ? ` (and ${result.problems.length - 1} more)` : '';
        log.warn(
          { problems: result.problems.map(formatProblem) },
          'the changed layout has mistakes and is not applied',
        );
        notify('error', `layout not applied: ${first ? formatProblem(first) : ''}${more}`);
        return;
      }
      await apply({ ...present, layout: result.layout, origin: origin && { ...origin, scaled: {} } });
      notify('info', 'the changed layout is applied');
    } catch (error) {
      log.error({ error: String(error) }, 'the changed layout cannot be applied');
      notify('error', `layout not applied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return {
    follow() {
      const layout = wish()?.layout;
      const file = layout?.reload === 'auto' ? layout.file : null;
      if (file === watched) return;
      stop();
      watched = file;
      if (file === null) return;
      seen = readText(file) ?? '';
      watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
    },
    dispose: stop,
  };
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

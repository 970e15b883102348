import { type Stats, unwatchFile, watchFile } from 'node:fs';
import { formatProblem } from '../config/problem.ts';
import { readSettings } from '../config/settings-file.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';

/** A person's configuration while a client is attached: read again whenever it has changed. With mistakes in it, what was before stays. */
export type SettingsWatch = { dispose(): void };

export type SettingsWatchOptions = {
  file: string;
  env: Readonly<Record<string, string | undefined>>;
  onChange(settings: Settings): void;
  onProblem(text: string): void;
  onWarning(text: string): void;
};

/**
 * One look at one name costs nothing. It finds the file however an editor replaces it, behind a link, on every file system, and also when
 * it, or its directory, is not there yet.
 */
const LOOK_MS = 500;
/** An editor may write in several pieces, or take the file away for a moment. */
const QUIET_MS = 100;

export function watchSettings({ file, env, onChange, onProblem, onWarning }: SettingsWatchOptions): SettingsWatch {
  let quiet: NodeJS.Timeout | null = null;
  let disposed = false;
  let turn = 0;

  function changed(now: Stats, before: Stats): void {
    // Node also tells, once, of a file that is not there and never was.
    if (now.mtimeMs === 0 && before.mtimeMs === 0) return;
    if (quiet) clearTimeout(quiet);
    quiet = setTimeout(reload, QUIET_MS);
  }

  function reload(): void {
    quiet = null;
    const mine = ++turn;
    readSettings(file, env).then(
      (result) => {
        // A later look knows better.
        if (disposed || mine !== turn) return;
        if (!result.ok) {
          onProblem(settingsProblem(result.problems));
          return;
        }
        onChange(result.settings);
        if (result.warnings[0]) onWarning(formatProblem(result.warnings[0]));
      },
      (error: unknown) => {
        if (!disposed) onProblem(error instanceof Error ? error.message : String(error));
      },
    );
  }

  watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
  return {
    dispose() {
      disposed = true;
      if (quiet) clearTimeout(quiet);
      unwatchFile(file, changed);
    },
  };
}

/** What a client has at the start: with mistakes in the file the defaults, and what to say about it. */
export async function initialSettings(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ settings: Settings; problem: string | null }> {
  const result = await readSettings(file, env);
  if (result.ok) return { settings: result.settings, problem: null };
  return { settings: DEFAULT_SETTINGS, problem: settingsProblem(result.problems) };
}

/** The first one; `nonet check` names them all. */
function settingsProblem(problems: readonly Parameters<typeof formatProblem>[0][]): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  if (!first) return 'the configuration cannot be read';
  // The place comes first, where a narrow screen still shows it; the directory is always the same.
  return `${formatProblem({ ...first, file: first.file.replace(/^.*\//, '') })}${more}; not applied`;
}

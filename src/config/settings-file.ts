import path from 'node:path';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { Variables } from './expand-variables.ts';
import type { SettingsResult } from './load-settings.ts';
import { configDirectory } from './paths.ts';
import { readTextFile } from './text-file.ts';

/** Where a person's configuration is, and what it says. YAML and schema are loaded only when there is one. */
const MAX_BYTES = 64 * 1024;

export function settingsFile(env: Variables): string {
  return path.join(configDirectory(env), 'config.yaml');
}

/** All defaults where there is no such file. `displayName`: its name in messages. */
export async function readSettings(file: string, env: Variables, displayName = file): Promise<SettingsResult> {
  const read = readTextFile(file, MAX_BYTES);
  if (!read.ok) {
    const missing = read.message.endsWith('no such file');
    if (missing) return { ok: true, settings: DEFAULT_SETTINGS, warnings: [] };
    return { ok: false, problems: [{ file: displayName, line: 1, col: 1, message: read.message }] };
  }
  const { loadSettings } = await import('./load-settings.ts');
  return loadSettings(read.text, { file: displayName, env });
}

/** What a layout that does not say takes from the person's configuration; nothing where that has mistakes. */
export async function layoutDefaults(env: Variables): Promise<{ scrollback?: number }> {
  const result = await readSettings(settingsFile(env), env);
  const scrollback = result.ok ? result.settings.scrollback : null;
  return scrollback === null ? {} : { scrollback };
}

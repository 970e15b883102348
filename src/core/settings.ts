import type { CopyKeys } from './copy-mode/copy-state.ts';
import { formatChord, parseChord } from './keys.ts';
import type { Layout } from './layout.ts';

/** A person's own settings, from their configuration file, every default filled in: how nonet is for them, whatever the session. */
export type Settings = {
  /** As in a layout: command name → chords after the prefix, and `prefix` itself. */
  keys: Layout['keys'];
  mouse: boolean;
  theme: ThemeChoice;
  borders: BorderChoice;
  /** Lines kept above the screen where a layout does not say; null for nonet's own default. */
  scrollback: number | null;
  /** Is given what is copied, on its standard input; empty for none. */
  copyCommand: readonly string[];
  copyKeys: CopyKeys;
  /** What the status bar shows, in this order. */
  status: readonly StatusPartName[];
  /** Sentences in place of a picture. */
  lines: boolean;
};

export const THEME_CHOICES = ['auto', 'dark', 'light'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** `auto`: lines and marks of Unicode where the locale has them. */
export const BORDER_CHOICES = ['auto', 'unicode', 'ascii'] as const;
export type BorderChoice = (typeof BORDER_CHOICES)[number];

/** Modes and notices are always shown. */
export const STATUS_PARTS = ['session', 'page', 'states', 'next_restart', 'usage', 'restarts', 'hint'] as const;
export type StatusPartName = (typeof STATUS_PARTS)[number];

export const COPY_KEYS = ['vi', 'emacs'] as const satisfies readonly CopyKeys[];

export const DEFAULT_SETTINGS: Settings = {
  keys: {},
  mouse: true,
  theme: 'auto',
  borders: 'auto',
  scrollback: null,
  copyCommand: [],
  copyKeys: 'vi',
  status: STATUS_PARTS,
  lines: false,
};

/**
 * The keys of a session for a person: a layout speaks of one session and wins, command by command; a key that it gives to a command is
 * taken from whatever command the person gave it to.
 */
export function mergeKeys(own: Layout['keys'], layout: Layout['keys']): Layout['keys'] {
  const given = new Set(Object.entries(layout).flatMap(([name, keys]) => (name === 'prefix' ? [] : chordNames(keys))));
  const kept = Object.entries(own)
    .filter(([name]) => !Object.hasOwn(layout, name))
    .map(([name, keys]) => [name, name === 'prefix' ? keys : chordNames(keys).filter((chord) => !given.has(chord))]);
  return { ...Object.fromEntries(kept), ...layout };
}

/** Each chord as it is written everywhere. */
function chordNames(keys: readonly string[] | null): string[] {
  return (keys ?? []).map((text) => {
    const chord = parseChord(text);
    return chord ? formatChord(chord) : text;
  });
}

/** Whether the mouse is ours: as the layout says, and the person where it says nothing. */
export function wantsMouse(settings: Settings, layout: Pick<Layout, 'mouse'>): boolean {
  return layout.mouse ?? settings.mouse;
}

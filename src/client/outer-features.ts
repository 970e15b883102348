import type { ColorDepth } from '../terminal/color-depth.ts';

/** How a terminal takes a notification: kitty's, urxvt's, iTerm2's, or as a bell. */
export type NotificationDialect = 'osc99' | 'osc777' | 'osc9' | 'bell';

/** What cannot be asked for and follows from who the terminal is. */
export type OuterFeatures = {
  notifications: NotificationDialect;
  /** OSC 9;4. Terminals that do not know it show it as a notification. */
  progress: boolean;
  /** Takes 24-bit colours. */
  rgb: boolean;
  /** SGR 4:n and 58. */
  underlines: boolean;
};

export type Environment = Readonly<Record<string, string | undefined>>;

const PLAIN: OuterFeatures = { notifications: 'bell', progress: false, rgb: false, underlines: false };
const MODERN: OuterFeatures = { ...PLAIN, rgb: true, underlines: true };

/** `version`: what follows the name, in the terminal's own words. */
type Row = { name: RegExp; features(version: string): OuterFeatures };

/**
 * By the answer to XTVERSION, or by what else a terminal calls itself. Sources: the terminals' own documentation of escape codes; for
 * progress the release that stopped showing OSC 9;4 as a notification.
 */
const terminals: readonly Row[] = [
  { name: /^kitty/i, features: () => ({ ...MODERN, notifications: 'osc99' }) },
  { name: /^ghostty/i, features: () => ({ ...MODERN, notifications: 'osc777', progress: true }) },
  {
    name: /^wezterm/i,
    // Versions are dates.
    features: (version) => ({ ...MODERN, notifications: 'osc777', progress: version >= '20250209' }),
  },
  { name: /^foot/i, features: () => ({ ...MODERN, notifications: 'osc777' }) },
  { name: /^contour/i, features: () => ({ ...MODERN, notifications: 'osc777' }) },
  {
    name: /^iterm/i,
    features: (version) => ({ ...MODERN, notifications: 'osc9', progress: isAtLeast(version, [3, 6, 6]) }),
  },
  { name: /^mintty/i, features: () => ({ ...MODERN, progress: true }) },
  { name: /^conemu/i, features: () => ({ ...PLAIN, rgb: true, progress: true }) },
  { name: /^windows terminal/i, features: () => ({ ...PLAIN, rgb: true, progress: true }) },
  { name: /^warp/i, features: () => ({ ...PLAIN, rgb: true, notifications: 'osc9' }) },
  { name: /^(vte|tmux|xterm\.js|vscode|alacritty|konsole)/i, features: () => MODERN },
  { name: /^nonet/i, features: () => ({ ...MODERN, notifications: 'osc777', progress: true }) },
  { name: /^rxvt/i, features: () => ({ ...PLAIN, notifications: 'osc777' }) },
];

/** `versionText`: the answer to XTVERSION, null when there is none. */
export function outerFeatures(versionText: string | null, env: Environment): OuterFeatures {
  const identity = versionText ?? nameFromEnvironment(env);
  const row = terminals.find(({ name }) => name.test(identity));
  return row ? row.features(/[\s(](\d[\d.]*)/.exec(identity)?.[1] ?? '') : PLAIN;
}

/** Whose variables reach us: not over ssh, and inside tmux only TERM_PROGRAM is tmux's own. */
function nameFromEnvironment(env: Environment): string {
  const program = env['TERM_PROGRAM'];
  if (program) return `${program.replace(/\.app$/, '')} ${env['TERM_PROGRAM_VERSION'] ?? ''}`;
  if (env['WT_SESSION']) return 'windows terminal';
  if (env['ConEmuANSI'] === 'ON') return 'conemu';
  return (env['TERM'] ?? '').replace(/^xterm-(?=kitty|ghostty)/, '');
}

/** Colours as far as the environment tells. Terminals that answer may tell more. */
export function depthFromEnvironment(env: Environment): ColorDepth {
  const term = env['TERM'] ?? '';
  if (isPlainTerminal(env)) return 'none';
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '') || term.endsWith('-direct')) return 'rgb';
  if (/^(xterm-(kitty|ghostty)|alacritty|foot|wezterm|contour)/.test(term)) return 'rgb';
  return term.includes('256color') ? '256' : '16';
}

/** No colours, and not to be asked anything but what even a VT100 answers. */
export function isPlainTerminal(env: Environment): boolean {
  return /^(|dumb|unknown|vt\d+.*)$/.test(env['TERM'] ?? '');
}

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [i, number] of wanted.entries()) {
    const part = parts[i] || 0;
    if (part !== number) return part > number;
  }
  return true;
}

import type { PaneSpec } from '../core/layout.ts';
import type { Variables } from './expand-variables.ts';

/**
 * The environment of a pane's program: what the person's shell has, with nonet as the terminal, without traces of the terminal or
 * multiplexer around nonet or of npm in between, and with the layout's variables over it. Sorted by name, so that the same input
 * always gives the same process.
 */
export function paneEnvironment(input: {
  /** The environment of the one who asked for the session. */
  base: Variables;
  spec: Pick<PaneSpec, 'cwd' | 'env' | 'name'> & Partial<Pick<PaneSpec, 'instance'>>;
  /** 1-based number. */
  pane: number;
  session: string;
  version: string;
}): Record<string, string> {
  const { base, spec, pane, session, version } = input;
  const env = new Map<string, string>();
  for (const [name, value] of Object.entries(withoutNpm(base))) {
    if (value !== undefined && name !== '' && !isOuterMarker(name, base)) env.set(name, value);
  }
  env.set('TERM', 'xterm-256color');
  env.set('COLORTERM', 'truecolor');
  env.set('TERM_PROGRAM', 'nonet');
  env.set('TERM_PROGRAM_VERSION', version);
  env.set('NONET_SESSION', session);
  env.set('NONET_PANE', String(pane));
  env.set('NONET_PANE_NAME', spec.name);
  if (typeof spec.instance === 'number') env.set('NONET_INSTANCE', String(spec.instance));
  env.set('PWD', spec.cwd);
  for (const [name, value] of Object.entries(spec.env)) {
    if (value === null) env.delete(name);
    else env.set(name, value);
  }
  return Object.fromEntries([...env].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/**
 * Names that say "I am inside terminal X". With one of these a program would speak X's private protocol to us: agents wrap escape
 * sequences for tmux, which nobody here unwraps, and Claude Code gives up 24-bit colour.
 */
const MARKERS = new Set([
  // Multiplexers.
  'TMUX',
  'TMUX_PANE',
  'STY',
  'ZELLIJ',
  'ABDUCO_SESSION',
  'DVTM',
  'DVTM_WINDOW_ID',
  // Terminals.
  'ITERM2_COOKIE',
  'VTE_VERSION',
  'GNOME_TERMINAL_SCREEN',
  'GNOME_TERMINAL_SERVICE',
  'WT_SESSION',
  'WT_PROFILE_ID',
  'WARP_IS_LOCAL_SHELL_SESSION',
  'WARP_USE_SSH_WRAPPER',
  'WARP_HONOR_PS1',
  'LC_TERMINAL',
  'LC_TERMINAL_VERSION',
  'TERM_SESSION_ID',
  'TERM_FEATURES',
  'TERMINAL_EMULATOR',
  'TILIX_ID',
  'TERMINATOR_UUID',
  'TERMINATOR_DBUS_NAME',
  'TERMINATOR_DBUS_PATH',
  'XTERM_VERSION',
  'XTERM_LOCALE',
  'XTERM_SHELL',
  'WINDOWID',
  'INSIDE_EMACS',
  'VIM_TERMINAL',
  // What the outer screen looks like, true at most until someone attaches from another one.
  'COLUMNS',
  'LINES',
  'COLORFGBG',
  'TERMCAP',
  // Set by an agent for its children: it would refuse to start inside itself.
  'CLAUDECODE',
  'CLAUDE_CODE_ENTRYPOINT',
  // Node's own, for a child that was forked.
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'NODE_UNIQUE_ID',
]);

const MARKER_PREFIXES = [
  'NONET_',
  'ZELLIJ_',
  'BYOBU_',
  'KITTY_',
  'GHOSTTY_',
  'WEZTERM_',
  'ITERM_',
  'ALACRITTY_',
  'KONSOLE_',
  'CMUX_',
  'CONTOUR_',
  // VS Code's shell integration only: its helpers for git and `code` go on working in a pane.
  'VSCODE_INJECTION',
  'VSCODE_NONCE',
  'VSCODE_STABLE',
  'VSCODE_SHELL_',
  'VSCODE_ENV_',
  'VSCODE_PATH_PREFIX',
  'VSCODE_PREVENT_SHELL_',
  'VSCODE_SUGGEST',
  'VSCODE_A11Y_MODE',
  'VSCODE_PYTHON_AUTOACTIVATE_GUARD',
];

function isOuterMarker(name: string, base: Variables): boolean {
  if (MARKERS.has(name) || MARKER_PREFIXES.some((prefix) => name.startsWith(prefix))) return true;
  // GNU screen's window number; anyone else's WINDOW is not ours to judge.
  if (name === 'WINDOW') return base['STY'] !== undefined;
  // A terminal that brings its own terminal description points here; a person's own directory stays.
  return name === 'TERMINFO' && /kitty|ghostty|wezterm|alacritty|konsole|iterm|rio/i.test(base['TERMINFO'] ?? '');
}

/**
 * Takes back what `npm start`, `npm exec` and their likes put in (@npmcli/config set-envs, @npmcli/run-script set-path): a pane must
 * find the person's own node and tools, not those of the package that started nonet. Without npm in between, `npm_…` is the person's own.
 */
function withoutNpm(base: Variables): Variables {
  if (base['npm_execpath'] === undefined && base['npm_lifecycle_event'] === undefined) return base;
  const env: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(base)) {
    if (!/^npm_/.test(name) && !NPM_NAMES.has(name)) env[name] = value;
  }
  if (env['NODE'] === base['npm_node_execpath']) delete env['NODE'];
  if (env['NODE_OPTIONS'] === base['npm_config_node_options']) delete env['NODE_OPTIONS'];
  // npm's own default for a person without one, and what every program falls back to anyway.
  if (env['EDITOR'] === 'vi') delete env['EDITOR'];
  if (env['PATH'] !== undefined) env['PATH'] = withoutNpmDirectories(env['PATH']);
  return env;
}

const NPM_NAMES = new Set([
  'INIT_CWD',
  'COLOR',
  'PROJECT_CWD',
  'BERRY_BIN_FOLDER',
  'PNPM_SCRIPT_SRC_DIR',
  'PNPM_PACKAGE_NAME',
]);

/**
 * npm puts a run of `…/node_modules/.bin` and last its `node-gyp-bin` before the old PATH; once more for every npm inside npm. What
 * follows is the person's, even if it looks alike. Other package managers leave out the last one: then the whole run is theirs.
 */
function withoutNpmDirectories(value: string): string {
  const entries = value.split(':');
  const isBin = (entry: string) => /^\/(.*\/)?node_modules\/\.bin$/.test(entry);
  const isGyp = (entry: string) => /\/node-gyp-bin$/.test(entry);
  const end = entries.findIndex((entry) => !isBin(entry) && !isGyp(entry));
  const run = end < 0 ? entries : entries.slice(0, end);
  const lastGyp = run.findLastIndex(isGyp);
  return entries.slice(lastGyp < 0 ? run.length : lastGyp + 1).join(':');
}

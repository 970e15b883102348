import type { MeasuredWidth, TerminalAbilities } from '../client/terminal-probe.ts';
import { sanitizeText } from '../core/display-text.ts';

/** What a terminal can do for nonet, and what to do where it cannot. */
export type TerminalFinding = { level: 'ok' | 'warning'; text: string; advice: string };

type Environment = Readonly<Record<string, string | undefined>>;
type Surroundings = { kind: 'tmux' | 'screen' | 'zellij' | 'apple' | 'other'; name: string };

/** What nonet draws best on. */
const ROOMY = { cols: 80, rows: 24 };
const MODERN = 'kitty, Ghostty, WezTerm, foot and iTerm2 do';

export function describeTerminal(abilities: TerminalAbilities, env: Environment): TerminalFinding[] {
  const around = surroundings(abilities, env);
  const found: TerminalFinding[] = [];
  const ok = (text: string): number => found.push({ level: 'ok', text, advice: '' });
  const warn = (text: string, advice: string): number => found.push({ level: 'warning', text, advice });

  const { cols, rows } = abilities;
  ok(`${around.name}, ${cols}×${rows}, TERM=${sanitizeText(env['TERM'] ?? '') || 'not set'}`);
  if (cols < ROOMY.cols || rows < ROOMY.rows) {
    warn(
      `smaller than ${ROOMY.cols}×${ROOMY.rows}`,
      'make the window larger or the font smaller: nine panes need room',
    );
  }
  if (!isUtf8(env)) warn('the locale is not UTF-8', 'export LANG=C.UTF-8');
  if (!abilities.answered) {
    warn(
      'it answers no questions',
      'nothing is known of it and the least is assumed; shift+enter and the like do not come through',
    );
    return found;
  }

  if (abilities.kittyKeyboard) ok('keyboard: kitty’s protocol, every key can be told apart');
  else if (abilities.modifyOtherKeys && around.kind !== 'tmux')
    ok('keyboard: modifyOtherKeys, shift+enter comes through');
  else
    warn(
      `keyboard: ${abilities.modifyOtherKeys ? 'modifyOtherKeys as far as tmux lets it' : 'as far as it tells, shift+enter is enter'}`,
      keyboardAdvice(around),
    );

  if (abilities.synchronizedOutput) ok('synchronized output: frames come whole');
  else
    warn(
      'no synchronized output: frames may be seen half drawn',
      around.kind === 'tmux' ? 'tmux 3.7 or newer has it' : MODERN,
    );

  if (abilities.colors === 'rgb') ok('colours: 24 bits');
  else warn(`colours: ${abilities.colors === 'none' ? 'none' : `${abilities.colors} of them`}`, colorAdvice(around));

  if (abilities.clipboard) ok('clipboard: what is copied reaches it (OSC 52)');
  else warn('clipboard: it does not say that it takes what is copied (OSC 52)', clipboardAdvice(around));

  if (abilities.mouse !== false) ok(`mouse: ${abilities.mouse ? 'reported by cell' : 'not told, tried anyway'}`);
  else warn('no mouse', MODERN);
  if (abilities.focusReports === true) ok('focus: it tells when the window has it');
  else if (around.kind === 'tmux') warn('focus: not told', 'set -g focus-events on');
  else ok('focus: not told; the window counts as focused');
  if (abilities.bracketedPaste === false) warn('pastes are not told from typing', MODERN);
  ok(`pictures (sixel): ${abilities.sixel ? 'it could; nonet shows none' : 'no; nonet shows none'}`);
  const { links, known } = hyperlinks(abilities, env);
  ok(`hyperlinks: ${known ? (links ? 'yes' : 'no') : 'cannot be asked; harmless where there are none'}`);
  if (abilities.background !== null) {
    const scheme = abilities.scheme === null ? '' : `${abilities.scheme}, `;
    ok(`its colours: ${scheme}${abilities.foreground ?? 'unknown'} on ${abilities.background}`);
  }
  return [...found, ...describeWidths(abilities.widths, around)];
}

function describeWidths(widths: readonly MeasuredWidth[], around: Surroundings): TerminalFinding[] {
  if (widths.length === 0) return [{ level: 'ok', text: 'widths: it does not tell where its cursor is', advice: '' }];
  const others = widths.filter(({ expected, measured }) => expected !== measured);
  if (others.length === 0)
    return [{ level: 'ok', text: `widths: all ${widths.length} kinds of characters as counted`, advice: '' }];
  const list = others
    .map(({ name, text, expected, measured }) => `${name} ${text} ${measured} for ${expected}`)
    .join(', ');
  const ambiguous = others.some(({ name }) => name === 'ambiguous');
  const advice = ambiguous
    ? 'set “ambiguous characters are narrow” in the terminal: frames and marks are drawn with them'
    : `what follows them stays in its place, only they may look cut${around.kind === 'other' ? '' : `; ${around.name} counts, not the terminal around it`}`;
  return [{ level: 'warning', text: `widths: ${list}`, advice }];
}

function surroundings({ version }: TerminalAbilities, env: Environment): Surroundings {
  const name =
    sanitizeText(version ?? '') || sanitizeText(env['TERM_PROGRAM'] ?? '') || 'a terminal that does not say what it is';
  if (/^tmux/i.test(version ?? '') || (env['TMUX'] && /^(tmux|screen)/.test(env['TERM'] ?? ''))) {
    return { kind: 'tmux', name: version ?? `tmux ${env['TERM_PROGRAM_VERSION'] ?? ''}`.trim() };
  }
  if (env['STY']) return { kind: 'screen', name: 'GNU screen' };
  if (env['ZELLIJ'] !== undefined) return { kind: 'zellij', name };
  if (env['TERM_PROGRAM'] === 'Apple_Terminal') return { kind: 'apple', name: 'macOS Terminal' };
  return { kind: 'other', name };
}

function keyboardAdvice({ kind }: Surroundings): string {
  if (kind === 'tmux') return 'in tmux.conf: set -s extended-keys on; set -as terminal-features ",*:extkeys"';
  if (kind === 'screen') return 'GNU screen cannot: run nonet outside of it, it survives a lost line by itself';
  if (kind === 'apple') return 'macOS Terminal cannot: iTerm2, kitty, Ghostty and WezTerm do';
  return MODERN;
}

function colorAdvice({ kind }: Surroundings): string {
  if (kind === 'tmux') return 'in tmux.conf: set -as terminal-features ",*:RGB"; and export COLORTERM=truecolor';
  if (kind === 'apple') return 'macOS Terminal before 26 has 256: iTerm2, kitty, Ghostty and WezTerm have all';
  return 'export COLORTERM=truecolor if it has more than it says';
}

function clipboardAdvice({ kind }: Surroundings): string {
  if (kind === 'tmux') return 'in tmux.conf: set -s set-clipboard on; set -as terminal-features ",*:clipboard"';
  if (kind === 'apple') return 'macOS Terminal does not: iTerm2, kitty, Ghostty and WezTerm do';
  return 'many take it without saying so; iTerm2 wants “Applications in terminal may access clipboard”, xterm disallowedWindowOps';
}

/** From who it is: OSC 8 has no answer. */
function hyperlinks({ version }: TerminalAbilities, env: Environment): { links: boolean; known: boolean } {
  const name = version ?? env['TERM_PROGRAM'] ?? '';
  if (env['TERM_PROGRAM'] === 'Apple_Terminal') return { links: false, known: true };
  const links = /^(kitty|ghostty|wezterm|foot|contour|iterm|mintty|vte|alacritty|konsole|vscode|nonet)/i.test(name);
  return { links, known: links };
}

function isUtf8(env: Environment): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}

import type { KeyEvent } from '../input-event.ts';
import { type Chord, matchesChord, parseChord } from '../keys.ts';
import type { CopyKeys } from './copy-state.ts';
import type { MotionName } from './motions.ts';

/** What a key in copy mode does: a motion, or one of these. */
export type CopyActionName =
  | 'half-page-down'
  | 'half-page-up'
  | 'page-down'
  | 'page-up'
  | 'scroll-down'
  | 'scroll-up'
  | 'select-char'
  | 'select-line'
  | 'select-block'
  | 'other-end'
  | 'copy'
  | 'copy-or-leave'
  | 'copy-line'
  | 'copy-to-line-end'
  | 'clear-or-leave'
  | 'clear'
  | 'leave'
  | 'search-forward'
  | 'search-backward'
  | 'search-next'
  | 'search-previous'
  | 'search-word-forward'
  | 'search-word-backward'
  | 'repeat-find'
  | 'repeat-find-back'
  /** The next key says where to. */
  | 'find-f'
  | 'find-F'
  | 'find-t'
  | 'find-T'
  | 'after-['
  | 'after-]'
  | 'after-z';

export type CopyCommand = MotionName | CopyActionName;

const common: Record<string, CopyCommand> = {
  left: 'left',
  right: 'right',
  up: 'up',
  down: 'down',
  home: 'line-start',
  end: 'line-end',
  page_up: 'page-up',
  page_down: 'page-down',
  'ctrl+home': 'history-top',
  'ctrl+end': 'history-bottom',
  'ctrl+up': 'scroll-up',
  'ctrl+down': 'scroll-down',
  'ctrl+left': 'previous-word',
  'ctrl+right': 'next-word',
  enter: 'copy-or-leave',
};

/** vi's, and what tmux adds to them. */
const vi: Record<string, CopyCommand> = {
  ...common,
  h: 'left',
  backspace: 'left',
  l: 'right',
  j: 'down',
  k: 'up',
  'ctrl+n': 'down',
  'ctrl+p': 'up',
  w: 'next-word',
  W: 'next-big-word',
  b: 'previous-word',
  B: 'previous-big-word',
  e: 'word-end',
  E: 'big-word-end',
  '0': 'line-start',
  '^': 'line-text-start',
  $: 'line-end',
  '+': 'next-line',
  '-': 'previous-line',
  g: 'history-top',
  G: 'history-bottom',
  H: 'view-top',
  M: 'view-middle',
  L: 'view-bottom',
  '{': 'previous-paragraph',
  '}': 'next-paragraph',
  '[': 'after-[',
  ']': 'after-]',
  z: 'after-z',
  '%': 'matching-bracket',
  f: 'find-f',
  F: 'find-F',
  t: 'find-t',
  T: 'find-T',
  ';': 'repeat-find',
  ',': 'repeat-find-back',
  'ctrl+u': 'half-page-up',
  'ctrl+d': 'half-page-down',
  'ctrl+b': 'page-up',
  'ctrl+f': 'page-down',
  'ctrl+e': 'scroll-down',
  'ctrl+y': 'scroll-up',
  K: 'scroll-up',
  J: 'scroll-down',
  v: 'select-char',
  space: 'select-char',
  V: 'select-line',
  'ctrl+v': 'select-block',
  o: 'other-end',
  y: 'copy',
  Y: 'copy-line',
  D: 'copy-to-line-end',
  '/': 'search-forward',
  '?': 'search-backward',
  n: 'search-next',
  N: 'search-previous',
  '*': 'search-word-forward',
  '#': 'search-word-backward',
  escape: 'clear-or-leave',
  q: 'leave',
  'ctrl+c': 'leave',
};

const emacs: Record<string, CopyCommand> = {
  ...common,
  'ctrl+b': 'char-back',
  'ctrl+f': 'char-forward',
  'ctrl+n': 'down',
  'ctrl+p': 'up',
  'ctrl+a': 'line-start',
  'ctrl+e': 'line-end',
  'alt+m': 'line-text-start',
  'alt+f': 'word-end',
  'alt+b': 'previous-word',
  'alt+{': 'previous-paragraph',
  'alt+}': 'next-paragraph',
  'alt+[': 'previous-prompt',
  'alt+]': 'next-prompt',
  'ctrl+alt+f': 'matching-bracket',
  'ctrl+v': 'page-down',
  'alt+v': 'page-up',
  'alt+<': 'history-top',
  'alt+>': 'history-bottom',
  'alt+r': 'view-middle',
  'alt+R': 'view-top',
  'ctrl+space': 'select-char',
  R: 'select-block',
  'alt+h': 'select-line',
  'alt+w': 'copy',
  'ctrl+w': 'copy',
  'ctrl+k': 'copy-to-line-end',
  'ctrl+s': 'search-forward',
  'ctrl+r': 'search-backward',
  n: 'search-next',
  N: 'search-previous',
  f: 'find-f',
  F: 'find-F',
  t: 'find-t',
  T: 'find-T',
  ';': 'repeat-find',
  ',': 'repeat-find-back',
  'ctrl+g': 'clear',
  escape: 'clear-or-leave',
  q: 'leave',
  'ctrl+c': 'leave',
};

const tables: Record<CopyKeys, readonly (readonly [Chord, CopyCommand])[]> = { vi: compile(vi), emacs: compile(emacs) };

/** The second key, after `[`, `]` and `z`. */
const sequences: Record<'[' | ']', Record<string, CopyCommand>> = {
  '[': { '[': 'previous-prompt', p: 'previous-prompt' },
  ']': { ']': 'next-prompt', p: 'next-prompt' },
};

export function copyCommandOf(event: KeyEvent, keys: CopyKeys): CopyCommand | null {
  return tables[keys].find(([chord]) => matchesChord(event, chord))?.[1] ?? null;
}

export function copySequence(first: '[' | ']', character: string): CopyCommand | null {
  return sequences[first][character] ?? null;
}

function compile(table: Record<string, CopyCommand>): [Chord, CopyCommand][] {
  return Object.entries(table).map(([text, command]) => {
    const chord = parseChord(text);
    if (!chord) throw new Error(`copy mode: ${text} is not a key`);
    return [chord, command];
  });
}

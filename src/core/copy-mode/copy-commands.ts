import { ALT, CTRL, HYPER, type KeyEvent, SHIFT, SUPER } from '../input-event.ts';
import { formatChord } from '../keys.ts';
import { type CopyActionName, type CopyCommand, copyCommandOf, copySequence } from './copy-keys.ts';
import { acceptSearch, pressSearchKey, tellOutcome } from './copy-search.ts';
import {
  type CopyState,
  copiedText,
  moveCursor,
  scrollPage,
  scrollView,
  searchAgain,
  startSearch,
  typeSearch,
} from './copy-state.ts';
import { type CopyStep, only, said, typedText } from './copy-step.ts';
import { type Lines, lineEnd } from './lines.ts';
import { type CharacterFind, findCharacter, motionTable } from './motions.ts';
import { selectedText } from './selection.ts';
import { wordAround } from './words.ts';

const CHORD_MODIFIERS = SHIFT | ALT | CTRL | SUPER | HYPER;

/** One key that has gone down, in copy mode. */
export function pressCopyKey(state: CopyState, lines: Lines, pressed: KeyEvent): CopyStep {
  // The keypad's keys are the others' twins.
  const event = { ...pressed, key: pressed.key.replace(/^kp_/, '') };
  if (state.typing) return pressSearchKey(state, lines, event);
  const character = typedText(event);
  const { pending } = state;
  if (pending !== '') return finishPending({ ...state, pending: '' }, lines, pending, event);
  if (isCountDigit(state, event, character)) return only({ ...state, count: `${state.count}${character}`.slice(-6) });
  const command = copyCommandOf(event, state.keys);
  if (!command) {
    return useless({ ...state, count: '' }, event);
  }
  return runCopyCommand(state, lines, command);
}

/** No key is swallowed in silence. */
function useless(state: CopyState, event: KeyEvent, first = ''): CopyStep {
  const key = typedText(event).trim() || formatChord({ key: event.key, modifiers: event.modifiers & CHORD_MODIFIERS });
  return said(state, `${first}${key} does nothing here: q leaves copy mode`);
}

/** Runs a command with the count that was typed before it. */
export function runCopyCommand(before: CopyState, lines: Lines, command: CopyCommand): CopyStep {
  const count = before.count === '' ? null : Math.max(1, Number(before.count));
  const waits = command.startsWith('find-') || command.startsWith('after-');
  const state = waits ? before : { ...before, count: '' };
  if (Object.hasOwn(motionTable, command))
    return only(runMotion(state, lines, command as keyof typeof motionTable, count));
  const run = actions[command as CopyActionName];
  return run({ state, lines, count: count ?? 1 });
}

function runMotion(state: CopyState, lines: Lines, name: keyof typeof motionTable, count: number | null): CopyState {
  const { cursor, wantedCol, top, rows } = state;
  const to = motionTable[name]({ lines, at: cursor, col: wantedCol, top, rows }, count);
  const moved = moveCursor(state, lines, to, name === 'up' || name === 'down');
  // Up and down then keep to the ends of lines.
  return name === 'line-end' ? { ...moved, wantedCol: Number.MAX_SAFE_INTEGER } : moved;
}

type ActionContext = { state: CopyState; lines: Lines; count: number };
type Action = (context: ActionContext) => CopyStep;

const select =
  (kind: 'char' | 'line' | 'block'): Action =>
  ({ state, lines }) => {
    const { selection, cursor } = state;
    if (selection?.kind === kind) return only(moveCursor({ ...state, selection: null }, lines, cursor));
    return only(moveCursor({ ...state, selection: { kind, anchor: selection?.anchor ?? cursor } }, lines, cursor));
  };

const wait =
  (pending: CopyState['pending']): Action =>
  ({ state }) =>
    only({ ...state, pending });

const again =
  (same: boolean): Action =>
  ({ state, lines, count }) =>
    tellOutcome(searchAgain(state, lines, same, count));

const searchWord =
  (direction: 'forward' | 'backward'): Action =>
  ({ state, lines }) => {
    const word = wordAround(lines, state.cursor);
    if (!word) return said(state, 'there is no word here');
    const text = selectedText(lines, { kind: 'char', anchor: word.start, head: word.end, exclusive: false });
    const literal = text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
    const typed = typeSearch(startSearch(state, direction), lines, literal);
    return acceptSearch(typed.state, lines, typed.wrapped);
  };

const page =
  (rows: (state: CopyState) => number): Action =>
  ({ state, lines, count }) =>
    only(scrollPage(state, lines, rows(state) * count));

const halfPage = ({ rows }: CopyState): number => Math.max(1, rows >> 1);
/** Two rows are seen twice, as in vi and tmux. */
const fullPage = ({ rows }: CopyState): number => Math.max(1, rows - 2);

const actions: Record<CopyActionName, Action> = {
  'half-page-down': page(halfPage),
  'half-page-up': page((state) => -halfPage(state)),
  'page-down': page(fullPage),
  'page-up': page((state) => -fullPage(state)),
  'scroll-down': ({ state, lines, count }) => only(scrollView(state, lines, count)),
  'scroll-up': ({ state, lines, count }) => only(scrollView(state, lines, -count)),
  'select-char': select('char'),
  'select-line': select('line'),
  'select-block': select('block'),
  'other-end': ({ state, lines }) => {
    const { selection, cursor } = state;
    if (!selection) return only(state);
    return only(moveCursor({ ...state, selection: { ...selection, anchor: cursor } }, lines, selection.anchor));
  },
  copy: ({ state, lines }) =>
    state.selection
      ? copy(state, copiedText(state, lines))
      : said(state, 'nothing is selected: v, V or ctrl+v begins, Y copies the line'),
  'copy-or-leave': ({ state, lines }) =>
    state.selection ? copy(state, copiedText(state, lines)) : { state, effects: [{ type: 'left' }] },
  'copy-line': ({ state, lines, count }) => {
    let end = lineEnd(lines, state.cursor.row);
    for (let left = count - 1; left > 0 && end + 1 < lines.count; left--) end = lineEnd(lines, end + 1);
    const [anchor, head] = [state.cursor, { row: end, col: 0 }];
    return copy(state, selectedText(lines, { kind: 'line', anchor, head, exclusive: false }));
  },
  'copy-to-line-end': ({ state, lines }) => {
    const row = lineEnd(lines, state.cursor.row);
    const head = { row, col: lines.text(row).cells };
    return copy(state, selectedText(lines, { kind: 'char', anchor: state.cursor, head, exclusive: true }));
  },
  'clear-or-leave': ({ state, lines }) =>
    state.selection ? only(clear(state, lines)) : { state, effects: [{ type: 'left' }] },
  clear: ({ state, lines }) => only(clear(state, lines)),
  leave: ({ state }) => ({ state, effects: [{ type: 'left' }] }),
  'search-forward': ({ state }) => only(startSearch(state, 'forward')),
  'search-backward': ({ state }) => only(startSearch(state, 'backward')),
  'search-next': again(true),
  'search-previous': again(false),
  'search-word-forward': searchWord('forward'),
  'search-word-backward': searchWord('backward'),
  'repeat-find': ({ state, lines, count }) =>
    state.find ? only(find(state, lines, state.find, count, true)) : only(state),
  'repeat-find-back': ({ state, lines, count }) =>
    state.find ? only({ ...find(state, lines, turned(state.find), count, true), find: state.find }) : only(state),
  'find-f': wait('f'),
  'find-F': wait('F'),
  'find-t': wait('t'),
  'find-T': wait('T'),
  'after-[': wait('['),
  'after-]': wait(']'),
  'after-z': wait('z'),
};

function clear(state: CopyState, lines: Lines): CopyState {
  return moveCursor({ ...state, selection: null }, lines, state.cursor);
}

function copy(state: CopyState, text: string): CopyStep {
  if (text === '') return said(state, 'there is nothing to copy here');
  return { state, effects: [{ type: 'copied', text }, { type: 'left' }] };
}

function find(state: CopyState, lines: Lines, wanted: CharacterFind, count: number, repeated: boolean): CopyState {
  const to = findCharacter(lines, state.cursor, wanted, { count, again: repeated });
  return { ...(to ? moveCursor(state, lines, to) : state), find: wanted };
}

function turned({ kind, character }: CharacterFind): CharacterFind {
  const other = { f: 'F', F: 'f', t: 'T', T: 't' } as const;
  return { kind: other[kind], character };
}

function finishPending(
  state: CopyState,
  lines: Lines,
  pending: Exclude<CopyState['pending'], ''>,
  event: KeyEvent,
): CopyStep {
  const idle = { ...state, count: '' };
  const character = typedText(event);
  // Escape and the like call off what was begun.
  if (character === '') return only(idle);
  switch (pending) {
    case '[':
    case ']': {
      const command = copySequence(pending, character);
      return command ? runCopyCommand(state, lines, command) : useless(idle, event, pending);
    }
    case 'z': {
      const { cursor, top, rows } = idle;
      const above = { t: 0, z: (rows - 1) >> 1, b: rows - 1 }[character];
      if (above === undefined) return useless(idle, event, pending);
      return only(scrollView(idle, lines, cursor.row - above - top));
    }
    default:
      return only(find(idle, lines, { kind: pending, character }, Number(state.count || 1), false));
  }
}

/** A zero begins no count. */
function isCountDigit({ keys, count }: CopyState, event: KeyEvent, character: string): boolean {
  if (!/^[0-9]$/.test(character) || (event.modifiers & (CTRL | ALT)) !== 0) return false;
  return keys === 'vi' && (character !== '0' || count !== '');
}

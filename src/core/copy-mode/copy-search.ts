import { CTRL, type KeyEvent } from '../input-event.ts';
import { matchesChord } from '../keys.ts';
import { excessWords } from '../line-edit.ts';
import { type CopyState, cancelSearch, type SearchOutcome, searchAgain, typeSearch } from './copy-state.ts';
import { type CopyStep, only, said, typedText } from './copy-step.ts';
import { charStart, type Lines } from './lines.ts';

const MAX_PATTERN = 500;

/** A key while the pattern is being typed. */
export function pressSearchKey(state: CopyState, lines: Lines, event: KeyEvent): CopyStep {
  const { typing } = state;
  if (!typing) return only(state);
  const { text, direction } = typing;
  if (is(event, 'escape') || is(event, 'c', CTRL) || is(event, 'g', CTRL)) return only(cancelSearch(state));
  if (is(event, 'enter')) return enterSearch(state, lines);
  if (is(event, 'backspace') || is(event, 'h', CTRL)) {
    if (text === '') return only(cancelSearch(state));
    return only(typeSearch(state, lines, [...text].slice(0, -1).join('')).state);
  }
  if (is(event, 'u', CTRL)) return only(typeSearch(state, lines, '').state);
  if (is(event, 'w', CTRL)) return only(typeSearch(state, lines, text.replace(/\S*\s*$/u, '')).state);
  // Emacs goes on to the next match while it asks.
  if (state.keys === 'emacs' && (is(event, 's', CTRL) || is(event, 'r', CTRL))) {
    const same = is(event, 's', CTRL) === (direction === 'forward');
    return tellOutcome(searchAgain(text === '' ? { ...state, search: typing.before.search } : state, lines, same));
  }
  const added = typedText(event);
  return added === '' ? only(state) : typeSearchText(state, lines, added);
}

/** More of the pattern, typed or pasted. */
export function typeSearchText(state: CopyState, lines: Lines, added: string): CopyStep {
  const { typing } = state;
  if (!typing) return only(state);
  const typed = typeSearch(state, lines, `${typing.text}${added}`.slice(0, MAX_PATTERN)).state;
  const excess = excessWords(typing.text, added, MAX_PATTERN);
  return excess === '' ? only(typed) : said(typed, excess);
}

function enterSearch(state: CopyState, lines: Lines): CopyStep {
  const { typing } = state;
  if (!typing) return only(state);
  if (typing.text !== '') {
    const typed = typeSearch(state, lines, typing.text);
    // In Emacs the match may be another one by now.
    return state.keys === 'emacs' && state.search
      ? only({ ...state, typing: null })
      : acceptSearch(typed.state, lines, typed.wrapped);
  }
  // Nothing typed: the pattern of before, in this direction.
  const { search } = typing.before;
  const back = cancelSearch(state);
  if (!search) return only(back);
  return tellOutcome(searchAgain({ ...back, search: { ...search, direction: typing.direction } }, lines, true));
}

/** The pattern is what was meant. */
export function acceptSearch(state: CopyState, lines: Lines, wrapped: boolean): CopyStep {
  const { search } = state;
  const done = { ...state, typing: null };
  const found = search ? search.finder.matchesAt(state.cursor.row).length > 0 && isOnMatch(done, lines) : false;
  return tellOutcome({ state: done, outcome: found ? (wrapped ? 'wrapped' : 'found') : 'none' });
}

function isOnMatch({ search, cursor }: CopyState, lines: Lines): boolean {
  const col = charStart(lines.text(cursor.row), cursor.col);
  return (search?.finder.matchesAt(cursor.row) ?? []).some(
    ({ start }) => start.row === cursor.row && start.col === col,
  );
}

export function tellOutcome({ state, outcome }: SearchOutcome): CopyStep {
  switch (outcome) {
    case 'found':
      return only(state);
    case 'wrapped':
      return said(state, 'the search went on from the other end');
    case 'none':
      return said(state, `not found: ${state.search?.text ?? ''}`);
    case 'no-pattern':
      return said(state, 'nothing has been searched for yet');
  }
}

function is(event: KeyEvent, key: string, modifiers = 0): boolean {
  return matchesChord(event, { key, modifiers });
}

import { commandRow, type KeyCommandName, keyCommandNames } from '../../core/commands.ts';
import { sanitizeText } from '../../core/display-text.ts';
import { type FuzzyField, rankFuzzy } from '../../core/fuzzy.ts';
import type { Keymap } from '../../core/keymap.ts';
import { formatChord } from '../../core/keys.ts';
import { rangesOf } from '../../core/marked-text.ts';
import { type PaneView, STATE_MARKS, stateWord } from '../../core/session.ts';
import type { Effect } from '../input-effect.ts';
import { selectPanes } from '../selectors.ts';
import type { ClientState } from '../store.ts';
import type { ListView } from './list-view.ts';

/** A row of a list: one that can be chosen, or the heading of those below it. */
export type ListRow = ListItem | { kind: 'heading'; id: string; text: string; note: string };

export type ListItem = {
  kind: 'item';
  id: string;
  /** In columns. */
  cells: ListText[];
  /** The key that does the same, with the prefix and without it; empty for none. */
  press: string;
  chord: string;
  /** What enter does. */
  effects: Effect[];
};

/** `ranges`: what of the text matches, from and to before. */
export type ListText = { text: string; ranges: readonly (readonly [from: number, to: number])[]; dim?: boolean };

/** What the list shows now: each kind has the rows that match what is typed, the best first. */
export function listRows(state: ClientState, list: ListView, keymap: Keymap): ListRow[] {
  switch (list.kind) {
    case 'palette':
      return filterItems(list.query, [...commandItems(state, keymap), ...paneItems(state, keymap, 'go to ')]);
    case 'go-to':
      return filterItems(list.query, paneItems(state, keymap, ''));
    case 'search':
      return foundRows(state, list);
  }
}

type Candidate = { item: ListItem; fields: FuzzyField[] };

function filterItems(query: string, candidates: readonly Candidate[]): ListItem[] {
  const ranked = rankFuzzy(
    query,
    candidates.map(({ fields }) => fields),
  );
  return ranked.map(({ index, positions }) => {
    const { item } = candidates[index]!;
    return { ...item, cells: item.cells.map((cell, at) => ({ ...cell, ranges: rangesOf(positions[at]!) })) };
  });
}

/** All that a key can do, and what has no key; the panes stand for the keys that go to them, and the palette is open already. */
function commandItems(state: ClientState, keymap: Keymap): Candidate[] {
  const names = keyCommandNames.filter((name) => name !== 'palette' && focusedNumber(name) === null);
  return names.map((name) => {
    const { summary } = commandRow(name);
    return {
      item: {
        kind: 'item',
        id: `command ${name}`,
        cells: [
          { text: name, ranges: [] },
          { text: summary, ranges: [], dim: true },
        ],
        ...keysOf(name, keymap),
        effects: [{ type: 'command', command: name, pane: state.view.focused, confirmed: false }],
      },
      fields: [{ text: name }, { text: summary, weight: 0.8, prose: true }],
    };
  });
}

function paneItems(state: ClientState, keymap: Keymap, lead: string): Candidate[] {
  return selectPanes(state).map((pane) => {
    const head = `${lead}${pane.pane} ${sanitizeText(pane.name)}`;
    // As its title has it: it rang, and nobody has looked since.
    const call = state.view.news.get(pane.pane)?.unseen ? '! ' : '';
    const condition = `${call}${STATE_MARKS[pane.state]} ${stateWord(pane)}`;
    const about = aboutPane(pane);
    const command = keyCommandNames.find((name) => focusedNumber(name) === pane.pane);
    return {
      item: {
        kind: 'item',
        id: `pane ${pane.pane}`,
        cells: [
          { text: head, ranges: [] },
          ...(lead === '' ? [{ text: condition, ranges: [] }] : []),
          { text: lead === '' ? about : [condition, about].filter(Boolean).join(' '), ranges: [], dim: true },
        ],
        ...(command ? keysOf(command, keymap) : { press: '', chord: '' }),
        effects: [{ type: 'view', action: { type: 'focused', pane: pane.pane } }],
      },
      fields: [
        { text: head, weight: 1.1 },
        ...(lead === '' ? [{ text: condition }] : []),
        { text: lead === '' ? about : [condition, about].filter(Boolean).join(' '), weight: 0.8, prose: true },
      ],
    };
  });
}

function aboutPane({ title, command }: PaneView): string {
  return [title, command].map(sanitizeText).filter(Boolean).join(' — ');
}

function foundRows(state: ClientState, { search }: ListView): ListRow[] {
  return selectPanes(state).flatMap(({ pane, name, state: condition }): ListRow[] => {
    const finds = search.panes.find((candidate) => candidate.pane === pane);
    if (!finds) return [];
    const { cols, count, found } = finds;
    const lines = `${count} line${count === 1 ? '' : 's'}`;
    return [
      {
        kind: 'heading',
        id: `pane ${pane}`,
        text: `${pane} ${sanitizeText(name)} ${STATE_MARKS[condition]}`,
        note: count > found.length ? `the newest ${found.length} of ${lines}` : lines,
      },
      ...found.map((line, rank): ListItem => {
        const indent = /^\s*/.exec(line.text)?.[0].length ?? 0;
        const cut = Math.min(indent, line.matches[0]?.[0] ?? 0);
        const text = `${line.skipped > 0 ? '…' : ''}${line.text.slice(cut)}`;
        const shift = (line.skipped > 0 ? 1 : 0) - cut;
        return {
          kind: 'item',
          id: `found ${pane} ${line.line}`,
          cells: [{ text, ranges: line.matches.map(([from, to]) => [from + shift, to + shift] as const) }],
          press: '',
          chord: '',
          effects: [
            { type: 'view', action: { type: 'focused', pane } },
            { type: 'show-found', target: { pane, query: search.query, cols, rank, found: line } },
          ],
        };
      }),
    ];
  });
}

function keysOf(name: KeyCommandName, keymap: Keymap): { press: string; chord: string } {
  const chord = keymap.chordsOf(name)[0] ?? '';
  return { chord, press: chord === '' ? '' : `${formatChord(keymap.prefix)} ${chord}` };
}

/** Of the commands that focus a pane by its number. */
function focusedNumber(name: string): number | null {
  const digits = /^focus-(\d+)$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

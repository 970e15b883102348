import type { PaneFinds } from '../../core/found-lines.ts';
import type { Query } from '../../core/query-pattern.ts';

/** A list that is open above the panes: what is typed narrows it, and one of its items is chosen. */
export type ListView = {
  kind: ListKind;
  query: string;
  /** The item of this id; null for the first. */
  chosen: string | null;
  /** The first row in view; what is chosen is in view in any case. */
  scroll: number;
  /** Of a search: the query is a regular expression. */
  regex: boolean;
  search: SearchView;
  /** Enter has been pressed and waits for what is being searched for. */
  accepting: boolean;
  /** What was searched for before; null for nothing. */
  recalled: Query | null;
};

export type ListKind = 'palette' | 'go-to' | 'search';

/**
 * What the host has found so far, for `query`: until something is known of another one, what was found for the one before stays in sight.
 * `problem`: why there is not more.
 */
export type SearchView = {
  status: 'idle' | 'running' | 'done';
  query: Query;
  panes: readonly PaneFinds[];
  problem: string;
};

export type ListAction =
  | { type: 'list-opened'; kind: ListKind }
  | { type: 'list-typed'; query: string }
  | { type: 'list-chosen'; chosen: string; scroll: number }
  | { type: 'list-regex-toggled' }
  | { type: 'list-accepting'; accepting: boolean }
  | { type: 'search-changed'; search: SearchView };

export const NO_SEARCH: SearchView = { status: 'idle', query: { text: '', regex: false }, panes: [], problem: '' };

export function openList(kind: ListKind, recalled: Query | null): ListView {
  return { kind, query: '', chosen: null, scroll: 0, regex: false, search: NO_SEARCH, accepting: false, recalled };
}

/** What a list that is closed was used to search for, if it was. */
export function searchedFor(list: ListView | null): Query | null {
  return list?.kind === 'search' && list.query !== '' ? { text: list.query, regex: list.regex } : null;
}

/** The same object when nothing changes. */
export function reduceList(list: ListView, action: Exclude<ListAction, { type: 'list-opened' }>): ListView {
  switch (action.type) {
    case 'list-typed':
      return action.query === list.query
        ? list
        : { ...list, query: action.query, chosen: null, scroll: 0, accepting: false };
    case 'list-chosen':
      if (action.chosen === list.chosen && action.scroll === list.scroll) return list;
      return { ...list, chosen: action.chosen, scroll: action.scroll, accepting: false };
    case 'list-regex-toggled':
      return { ...list, regex: !list.regex, chosen: null, scroll: 0, accepting: false };
    case 'list-accepting':
      return action.accepting === list.accepting ? list : { ...list, accepting: action.accepting };
    case 'search-changed':
      return { ...list, search: action.search };
  }
}

/** Whether more is to come for what is typed. */
export function isSearching(list: ListView): boolean {
  return isStale(list) || (list.kind === 'search' && list.search.status === 'running');
}

/** Whether what is shown was found for another query than the one that is typed. */
export function isStale({ kind, query, regex, search }: ListView): boolean {
  return kind === 'search' && query !== '' && (search.query.text !== query || search.query.regex !== regex);
}

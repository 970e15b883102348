import type { PaneFinds } from '../core/found-lines.ts';
import { compileQuery, type Query } from '../core/query-pattern.ts';
import type { ClientEvent, FoundEvent } from '../protocol/data.ts';
import type { Clock } from './clock.ts';
import { isSearching, NO_SEARCH, type SearchView } from './lists/list-view.ts';
import type { Store } from './store.ts';

/** Has the host search for what is typed into the list of found lines, and brings what it finds into the store. */
export type PaneSearch = {
  /** The store has changed. */
  update(): void;
  onFound(event: FoundEvent): void;
  /** A host that knows nothing of any search. */
  hostUp(): void;
  dispose(): void;
};

export type PaneSearchDeps = {
  store: Store;
  clock: Pick<Clock, 'after'>;
  send(event: ClientEvent): boolean;
  /** What enter was pressed for is there. */
  onAccepted(): void;
};

/** A host that has not said anything by then is busy, or older than this client and does not know what a search is. */
const ANSWER_MS = 3000;

export function createPaneSearch({ store, clock, send, onAccepted }: PaneSearchDeps): PaneSearch {
  let asked: { id: number; query: Query; width: string; finds: Map<number, PaneFinds> | null } | null = null;
  let lastId = 0;
  let stopWaiting: (() => void) | null = null;

  function show(changes: Partial<SearchView>): void {
    const search = store.getState().view.list?.search ?? NO_SEARCH;
    store.dispatch({ type: 'search-changed', search: { ...search, ...changes } });
  }

  function forget(): void {
    stopWaiting?.();
    stopWaiting = null;
    if (asked) send({ event: 'search-end', id: asked.id });
    asked = null;
  }

  function ask(query: Query, width: string): void {
    lastId = (lastId + 1) >>> 0;
    asked = { id: lastId, query, width, finds: null };
    stopWaiting?.();
    stopWaiting = clock.after(ANSWER_MS, () => {
      const problem = 'the host does not answer: it is busy, or older than this client';
      if (asked && !asked.finds) show({ status: 'done', panes: [], query, problem });
    });
    send({ event: 'search', id: lastId, ...query });
    show({ status: 'running', problem: '' });
  }

  function update(): void {
    const { list, cols, rows, zoomed, hostStatus } = store.getState().view;
    if (list?.kind !== 'search') {
      if (asked) forget();
      return;
    }
    const query: Query = { text: list.query, regex: list.regex };
    // Panes that get another width have their lines elsewhere.
    const width = `${cols} ${rows} ${zoomed}`;
    if (asked && sameQuery(asked.query, query) && asked.width === width) return;
    const compiled = compileQuery(query);
    if (compiled && 'pattern' in compiled) {
      if (hostStatus === 'live') ask(query, width);
      return;
    }
    if (asked) forget();
    const problem = compiled?.problem ?? '';
    const { panes, problem: shown } = list.search;
    const isShown =
      !isSearching(list) && sameQuery(list.search.query, query) && panes.length === 0 && shown === problem;
    if (!isShown) show({ ...NO_SEARCH, status: compiled ? 'done' : 'idle', query, problem });
  }

  return {
    update,
    onFound({ id, panes, done, problem }) {
      if (!asked || asked.id !== id) return;
      stopWaiting?.();
      stopWaiting = null;
      asked.finds ??= new Map();
      for (const finds of panes) asked.finds.set(finds.pane, finds);
      show({ status: done ? 'done' : 'running', query: asked.query, panes: [...asked.finds.values()], problem });
      if (!store.getState().view.list?.accepting || (!done && asked.finds.size === 0)) return;
      store.dispatch({ type: 'list-accepting', accepting: false });
      onAccepted();
    },
    hostUp() {
      stopWaiting?.();
      stopWaiting = null;
      asked = null;
      update();
    },
    dispose() {
      stopWaiting?.();
    },
  };
}

function sameQuery(a: Query, b: Query): boolean {
  return a.text === b.text && a.regex === b.regex;
}

import type { ClientEvent, OuterTerminalFacts } from '../protocol/data.ts';
import { selectAttentivePane, selectPaneSizes } from './selectors.ts';
import type { ClientState } from './store.ts';

/** What the host is told of this client besides input: each thing once, until it changes or another host has to be told. */
export type HostReports = {
  update(state: ClientState): void;
  tellTerminal(facts: OuterTerminalFacts): void;
  /** A host that knows nothing of this client. */
  forget(): void;
};

/** `send` returns false when there is no host to send to. */
export function createHostReports(send: (event: ClientEvent) => boolean): HostReports {
  let sizes: ReturnType<typeof selectPaneSizes> | null = null;
  let focus: number | null | undefined;
  let terminal = '';

  return {
    update(state) {
      // Before the snapshot there are no panes to show, and no sizes anyone should follow.
      if (!state.session.snapshot) return;
      const panes = selectPaneSizes(state);
      if (panes !== sizes && send({ event: 'view', panes })) sizes = panes;
      const pane = selectAttentivePane(state);
      if (pane !== focus && send({ event: 'focus', pane })) focus = pane;
    },
    tellTerminal(facts) {
      const text = JSON.stringify(facts);
      if (text !== terminal && send({ event: 'terminal', ...facts })) terminal = text;
    },
    forget() {
      sizes = null;
      focus = undefined;
      terminal = '';
    },
  };
}

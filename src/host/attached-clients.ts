import { assertNever } from '../core/assert-never.ts';
import type { PaneSignal } from '../core/pane-signal.ts';
import type { Connection } from '../protocol/connection.ts';
import { type ClientEvent, type HostClientEvent, readClientEvent } from '../protocol/data.ts';
import { FRAME_HISTORY, FRAME_SCREEN } from '../protocol/frame-codec.ts';
import { createCopiedText } from './copied-text.ts';
import { createHistoryServer, type HistoryServer } from './history-server.ts';
import type { HostOuterSource } from './outer-source.ts';
import type { Pane } from './pane.ts';
import type { PaneFocus } from './pane-focus.ts';
import type { PaneSizes } from './pane-sizes.ts';
import { createSearchServer, type SearchServer } from './search-server.ts';
import { createSignalOutbox, MAX_UNREAD_BYTES, type SignalOutbox } from './signal-outbox.ts';
import { createViewer, type Viewer } from './viewer.ts';

/** The clients that look at the panes: what each of them gets, and what it asks for. Each is forgotten when its connection closes. */
export type AttachedClients = {
  add(connection: Connection): void;
  /** What a client says; of anybody else it is ignored, as is what this version does not know. */
  receive(event: { event: string }, connection: Connection): void;
  /** The pane's screen may have changed. `echo`: in answer to a key, so show it at once. */
  changed(pane: number, echo: boolean): void;
  frameEnded(pane: number): void;
  /** The pane is about to have another size, or another screen. */
  beforeResize(pane: number): void;
  offer(pane: number, signal: PaneSignal): void;
  /** The host has this pane no more. */
  removed(pane: number): void;
  dispose(): void;
};

export type AttachedClientsDeps = {
  panes: ReadonlyMap<number, Pane>;
  sizes: PaneSizes<Connection>;
  focus: PaneFocus<Connection>;
  outer: HostOuterSource;
};

type Client = { viewer: Viewer; signals: SignalOutbox; history: HistoryServer; search: SearchServer };

export function createAttachedClients({ panes, sizes, focus, outer }: AttachedClientsDeps): AttachedClients {
  const clients = new Map<Connection, Client>();
  const copied = createCopiedText();

  function changed(pane: number, echo: boolean): void {
    for (const { viewer } of clients.values()) viewer.changed(pane, echo);
  }

  function perform(message: ClientEvent, connection: Connection, { viewer, signals, history, search }: Client): void {
    switch (message.event) {
      case 'view':
        sizes.setView(connection, new Map(message.panes.map(({ pane, cols, rows }) => [pane, { cols, rows }])));
        viewer.setPanes(new Set(message.panes.map(({ pane }) => pane)));
        return;
      case 'input':
        sizes.typed(connection);
        panes.get(message.pane)?.input(message.input);
        return;
      case 'ack':
        viewer.acknowledge(message.frame);
        signals.flush();
        return;
      case 'refresh':
        viewer.refresh();
        signals.flush();
        return;
      case 'terminal':
        outer.tell(message);
        for (const { number, screen } of panes.values()) {
          screen.outerChanged();
          // Reverse video shows the terminal's own colours swapped.
          changed(number, false);
        }
        return;
      case 'focus':
        focus.set(connection, message.pane);
        return;
      case 'turn-to':
        sizes.turnedTo(connection, message.pane);
        return;
      case 'history':
        sizes.settleNow();
        history.start(message.pane, message.id);
        return;
      case 'history-end':
        history.cancel(message.id);
        return;
      case 'search':
        sizes.settleNow();
        search.start(message.id, message);
        return;
      case 'search-end':
        search.cancel(message.id);
        return;
      case 'copied':
        copied.keep(message.text);
        return;
      default:
        assertNever(message);
    }
  }

  return {
    add(connection) {
      const viewer = createViewer({ panes, send: (payload) => connection.sendFrame(FRAME_SCREEN, payload) });
      const signals = createSignalOutbox({
        send(pane, signal) {
          const event: HostClientEvent = { event: 'signal', pane, signal };
          connection.sendEvent(event);
        },
        ready: () => !viewer.busy && connection.queuedBytes < MAX_UNREAD_BYTES,
      });
      const history = createHistoryServer({
        panes,
        send: (payload) => connection.sendFrame(FRAME_HISTORY, payload),
        ready: () => connection.queuedBytes < MAX_UNREAD_BYTES,
      });
      const search = createSearchServer({
        panes,
        send: (event) => connection.sendEvent(event),
        ready: () => connection.queuedBytes < MAX_UNREAD_BYTES,
      });
      clients.set(connection, { viewer, signals, history, search });
      connection.onDrain(signals.flush);
      connection.onDrain(history.drained);
      connection.onDrain(search.drained);
      connection.onClose(() => {
        viewer.dispose();
        history.dispose();
        search.dispose();
        clients.delete(connection);
        sizes.leave(connection);
        focus.leave(connection);
      });
      copied.add(connection);
      for (const pane of panes.values()) {
        for (const signal of pane.currentSignals()) signals.offer(pane.number, signal);
      }
    },
    receive(event, connection) {
      const client = clients.get(connection);
      if (!client) return;
      const message = readClientEvent(event);
      if (message) perform(message, connection, client);
    },
    changed,
    frameEnded(pane) {
      for (const { viewer, history } of clients.values()) {
        viewer.frameEnded(pane);
        history.frameEnded(pane);
      }
    },
    beforeResize(pane) {
      for (const { history } of clients.values()) history.beforeResize(pane);
    },
    offer(pane, signal) {
      for (const { signals } of clients.values()) signals.offer(pane, signal);
    },
    removed(pane) {
      for (const { viewer, signals } of clients.values()) {
        viewer.changed(pane, false);
        signals.forget(pane);
      }
    },
    dispose() {
      for (const { viewer, history, search } of clients.values()) {
        viewer.dispose();
        history.dispose();
        search.dispose();
      }
    },
  };
}

import { NonetError } from '../core/errors.ts';
import { createHello } from '../protocol/connection.ts';
import { type DaemonEvent, daemonRequests } from '../protocol/control.ts';
import type { ClientEvent, FoundEvent, HostClientEvent } from '../protocol/data.ts';
import { FRAME_HISTORY, FRAME_SCREEN } from '../protocol/frame-codec.ts';
import { createLink } from './link.ts';
import type { RequestDaemon } from './request-daemon.ts';
import type { Store } from './store.ts';

/** The client's two links: keys and cells to and from the host, what the panes are from the daemon. */
export type SessionLinks = {
  /** False when the host is away: what is said then is lost. */
  send(event: ClientEvent): boolean;
  requestDaemon: RequestDaemon;
  /** Whether what is sent now is heard. */
  readonly hostConnected: boolean;
  close(): void;
};

export type SessionLinksDeps = {
  session: string;
  version: string;
  daemonSocket: string;
  hostSocket: string;
  store: Store;
  onFrame(payload: Buffer): void;
  /** A piece of a pane's history that was asked for. */
  onHistory(payload: Buffer): void;
  /** Lines that a search has found. */
  onFound(event: FoundEvent): void;
  /** A text that was copied in any client. */
  onCopied(text: string): void;
  onSignal(event: Extract<HostClientEvent, { event: 'signal' }>): void;
  /** A host that knows nothing of this client. */
  onHostUp(): void;
  onHostDown(): void;
  /** The session has ended, or as good as. */
  onEnd(result: { exitCode: number; message: string }): void;
  onError(error: unknown): void;
};

/** Both sides away for this long: nobody comes back. */
const GIVE_UP_MS = 10_000;
/** What is asked of a daemon that is away waits for the next one, which the host starts within a second. */
const DAEMON_PATIENCE_MS = 5_000;

export function createSessionLinks(deps: SessionLinksDeps): SessionLinks {
  const { session, store, onError } = deps;
  const hello = createHello('client', session, deps.version);
  let giveUpTimer: NodeJS.Timeout | null = null;
  let closed = false;

  const hostLink = createLink({
    socketPath: deps.hostSocket,
    hello,
    handlers: {
      onFrame(kind, payload) {
        if (kind === FRAME_SCREEN) deps.onFrame(payload);
        else if (kind === FRAME_HISTORY) deps.onHistory(payload);
      },
      onEvent(event) {
        // The host knows no others; one of a newer host is not ours to understand.
        const known = event as HostClientEvent;
        if (known.event === 'signal') deps.onSignal(known);
        else if (known.event === 'found') deps.onFound(known);
        else if (known.event === 'copied') deps.onCopied(known.text);
      },
      onError,
    },
    onUp() {
      store.dispatch({ type: 'host-status-changed', status: 'live' });
      deps.onHostUp();
      linksChanged();
    },
    onDown() {
      store.dispatch({ type: 'host-status-changed', status: 'reconnecting' });
      deps.onHostDown();
      linksChanged();
    },
  });
  const daemonLink = createLink({
    socketPath: deps.daemonSocket,
    hello,
    handlers: {
      onEvent(event) {
        store.applyEvent(event as DaemonEvent);
        if (store.getState().session.closing !== null) linksChanged();
      },
      onError,
    },
    onUp(connection) {
      linksChanged();
      connection.request(daemonRequests, 'subscribe', {}).then(
        (snapshot) => {
          try {
            store.applySnapshot(snapshot);
          } catch (error) {
            onError(error);
          }
        },
        // The connection went away again: the link says so itself.
        () => {},
      );
    },
    onDown(error) {
      if (error instanceof NonetError && error.code === 'version-mismatch') {
        deps.onEnd({ exitCode: 1, message: `${error.message}\n${error.hint}` });
        return;
      }
      store.connectionLost();
      linksChanged();
    },
  });

  /** Leaves when the session has ended, or when nobody has answered for too long. */
  function linksChanged(): void {
    if (closed) return;
    const { closing } = store.getState().session;
    if (closing !== null && !daemonLink.connection) {
      deps.onEnd({ exitCode: 0, message: `session ${session} has ended${closing ? `: ${closing}` : ''}` });
      return;
    }
    const away = !hostLink.connection && !daemonLink.connection;
    if (!away && giveUpTimer) {
      clearTimeout(giveUpTimer);
      giveUpTimer = null;
    }
    if (away && !giveUpTimer) {
      const message = `session ${session} does not answer any more: see nonet sessions`;
      giveUpTimer = setTimeout(() => deps.onEnd({ exitCode: 1, message }), GIVE_UP_MS);
    }
  }

  return {
    send(event) {
      const { connection } = hostLink;
      connection?.sendEvent(event);
      return connection !== null;
    },
    async requestDaemon(name, params) {
      const connection = daemonLink.connection ?? (await daemonLink.next(DAEMON_PATIENCE_MS));
      if (!connection) throw new NonetError('disconnected', 'the daemon is away: try again in a moment');
      return connection.request(daemonRequests, name, params);
    },
    get hostConnected() {
      return hostLink.connection !== null;
    },
    close() {
      closed = true;
      if (giveUpTimer) clearTimeout(giveUpTimer);
      hostLink.close();
      daemonLink.close();
    },
  };
}

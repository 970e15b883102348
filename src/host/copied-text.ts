import type { Connection } from '../protocol/connection.ts';
import type { HostClientEvent } from '../protocol/data.ts';
import { MAX_UNREAD_BYTES } from './signal-outbox.ts';

/**
 * What was copied last in any client: every client pastes it, also one that comes later. In memory only, and gone with the session. A
 * client that does not read hears of the newest when it does.
 */
export type CopiedText = {
  /** A client is there, until its connection closes. */
  add(connection: Listener): void;
  /** All clients hear of it, also the one that it comes from: of two that copy at once, the same text is the newest for both. */
  keep(text: string): void;
};

type Listener = Pick<Connection, 'queuedBytes' | 'sendEvent' | 'onDrain' | 'onClose'>;

export function createCopiedText(): CopiedText {
  let newest: string | null = null;
  /** Value: it has not been told of the newest. */
  const clients = new Map<Listener, { behind: boolean }>();

  function tell(connection: Listener, client: { behind: boolean }): void {
    if (newest === null) return;
    client.behind = connection.queuedBytes >= MAX_UNREAD_BYTES;
    if (client.behind) return;
    const event: HostClientEvent = { event: 'copied', text: newest };
    connection.sendEvent(event);
  }

  return {
    add(connection) {
      const client = { behind: false };
      clients.set(connection, client);
      connection.onDrain(() => {
        if (client.behind) tell(connection, client);
      });
      connection.onClose(() => clients.delete(connection));
      tell(connection, client);
    },
    keep(text) {
      newest = text;
      for (const [connection, client] of clients) tell(connection, client);
    },
  };
}

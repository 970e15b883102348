import { type Connection, type ConnectionHandlers, connect } from '../protocol/connection.ts';
import type { Hello } from '../protocol/control.ts';

/** A connection that comes back by itself: the daemon may be replaced, the host restarted; the client waits and goes on. */
export type Link = {
  /** Null while the other side is away. */
  readonly connection: Connection | null;
  /** The next connection; null when there is none within `timeoutMs`, or ever, for the link is closed. */
  next(timeoutMs: number): Promise<Connection | null>;
  close(): void;
};

export type LinkOptions = {
  socketPath: string;
  hello: Hello;
  handlers: ConnectionHandlers;
  /** Connected, also after a loss. */
  onUp(connection: Connection): void;
  /** Lost, or not there yet; called once for each loss. `error` is why the last attempt failed, null after a loss. */
  onDown(error: Error | null): void;
};

const FIRST_RETRY_MS = 20;
const MAX_RETRY_MS = 500;

export function createLink({ socketPath, hello, handlers, onUp, onDown }: LinkOptions): Link {
  let connection: Connection | null = null;
  let timer: NodeJS.Timeout | null = null;
  let retryMs = FIRST_RETRY_MS;
  let closed = false;
  const waiting = new Set<(connection: Connection | null) => void>();

  function attempt(): void {
    timer = null;
    connect(socketPath, hello, handlers).then(opened, failed);
  }

  function opened(next: Connection): void {
    if (closed) {
      next.close();
      return;
    }
    connection = next;
    retryMs = FIRST_RETRY_MS;
    next.onClose(() => {
      connection = null;
      if (closed) return;
      onDown(null);
      retry();
    });
    onUp(next);
    for (const tell of waiting) tell(next);
  }

  function failed(error: Error): void {
    if (closed) return;
    onDown(error);
    retry();
  }

  function retry(): void {
    timer = setTimeout(attempt, retryMs);
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }

  attempt();
  return {
    get connection() {
      return connection;
    },
    next(timeoutMs) {
      if (closed) return Promise.resolve(null);
      return new Promise((resolve) => {
        const late = setTimeout(() => tell(null), timeoutMs);
        waiting.add(tell);
        function tell(next: Connection | null): void {
          clearTimeout(late);
          waiting.delete(tell);
          resolve(next);
        }
      });
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
      connection?.close();
      connection = null;
      for (const tell of waiting) tell(null);
    },
  };
}

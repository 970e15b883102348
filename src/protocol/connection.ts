import net from 'node:net';
import type { z } from 'zod';
import { NonetError } from '../core/errors.ts';
import { type Hello, PROTOCOL_VERSION } from './control.ts';
import { createFrameDecoder, encodeFrame, encodeJsonFrame, FRAME_JSON, type Frame } from './frame-codec.ts';
import { errorMessage, errorOfMessage, readMessage } from './messages.ts';
import { createPendingRequests } from './pending-requests.ts';
import type { RequestName, RequestParams, RequestResult, RequestRow } from './request-table.ts';

/**
 * One socket between two of nonet's processes: hello first, then requests, replies and events in either direction, and raw frames of
 * other kinds. Nothing here waits for ever: a request fails when the peer goes away, and a peer that does not read is cut off.
 */
export type Connection = {
  /** What the peer said of itself. */
  readonly peer: Hello;
  readonly closed: boolean;
  /** Bytes written and not yet taken by the kernel. */
  readonly queuedBytes: number;
  request<T extends Record<string, RequestRow<z.ZodType, unknown>>, N extends RequestName<T>>(
    table: T,
    name: N,
    params: RequestParams<T, N>,
    options?: { timeoutMs?: number },
  ): Promise<RequestResult<T, N>>;
  /** Tells without waiting for an answer. */
  sendEvent(event: { event: string }): void;
  sendFrame(kind: number, payload: Uint8Array): void;
  /** Runs once, at the latest of: now if closed already, or when the socket closes. */
  onClose(listener: () => void): void;
  onDrain(listener: () => void): void;
  close(): void;
};

export type ConnectionHandlers = {
  /** The greeting is over. Called before anything that came in the same breath is handled; the promise resolves only after that. */
  onOpen?: (connection: Connection) => void;
  /** A request from the peer; the returned value is the reply. A NonetError becomes an error reply, anything else `internal`. */
  onRequest?: (name: string, params: unknown, connection: Connection) => Promise<unknown> | unknown;
  onEvent?: (event: { event: string }, connection: Connection) => void;
  onFrame?: (kind: number, payload: Buffer, connection: Connection) => void;
  /** An unexpected throw in a handler; the connection lives on. */
  onError?: (error: unknown) => void;
};

/** A peer with more than this unread is not reading any more: it is disconnected and may connect again. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
const HELLO_TIMEOUT_MS = 5_000;

/** Connects to a socket path. Rejects with the socket's own error (ENOENT, ECONNREFUSED …) or a NonetError from the hello. */
export function connect(path: string, self: Hello, handlers: ConnectionHandlers = {}): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      openConnection(socket, self, handlers).then(resolve, reject);
    });
  });
}

/** Greets over an open socket; resolves when the peer's hello has come and fits. */
export function openConnection(socket: net.Socket, self: Hello, handlers: ConnectionHandlers): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const decoder = createFrameDecoder();
    const pending = createPendingRequests();
    const closeListeners: (() => void)[] = [];
    const drainListeners: (() => void)[] = [];
    let peer: Hello | null = null;
    let closed = false;

    const timer = setTimeout(
      () => fail(new NonetError('timed-out', `no hello within ${HELLO_TIMEOUT_MS / 1000} s`)),
      HELLO_TIMEOUT_MS,
    );

    const connection: Connection = {
      get peer() {
        return peer!;
      },
      get closed() {
        return closed;
      },
      get queuedBytes() {
        return socket.writableLength;
      },
      request(_table, name, params, options = {}) {
        return new Promise((resolveRequest, rejectRequest) => {
          if (closed) return rejectRequest(disconnected(name));
          const id = pending.add({
            name,
            timeoutMs: options.timeoutMs,
            // The peer is of the same version: its reply has the table's type.
            resolve: resolveRequest as (value: unknown) => void,
            reject: rejectRequest,
          });
          write(encodeJsonFrame({ type: 'request', id, name, params }));
        });
      },
      sendEvent(event) {
        write(encodeJsonFrame({ type: 'event', body: event }));
      },
      sendFrame(kind, payload) {
        write(encodeFrame(kind, payload));
      },
      onClose(listener) {
        if (closed) listener();
        else closeListeners.push(listener);
      },
      onDrain(listener) {
        drainListeners.push(listener);
      },
      close() {
        socket.end();
        // A peer that does not read would keep a half-closed socket for ever.
        if (!closed) setTimeout(() => socket.destroy(), 500).unref();
      },
    };

    function write(frame: Buffer): void {
      if (closed || !socket.writable) return;
      socket.write(frame);
      if (socket.writableLength > MAX_QUEUED_BYTES) socket.destroy();
    }

    function fail(error: Error): void {
      clearTimeout(timer);
      reject(error);
      socket.destroy();
    }

    /** True for the answer to a request. */
    function receive(payload: Buffer): boolean {
      const message = readMessage(payload, peer !== null);
      if (message.type === 'hello') {
        if (peer) throw new Error('second hello');
        peer = message.hello;
        clearTimeout(timer);
        const mismatch = versionMismatch(self, peer);
        if (mismatch) fail(mismatch);
        else {
          guarded(() => handlers.onOpen?.(connection));
          resolve(connection);
        }
        return false;
      }
      if (!peer) throw new Error('no hello');
      switch (message.type) {
        case 'request':
          void answer(message.id, message.name, message.params);
          return false;
        case 'reply':
          pending.resolve(message.id, message.result);
          return true;
        case 'error':
          pending.reject(message.id, errorOfMessage(message));
          return true;
        case 'event':
          guarded(() => handlers.onEvent?.(message.body, connection));
          return false;
      }
    }

    async function answer(id: number, name: string, params: unknown): Promise<void> {
      try {
        if (!handlers.onRequest) throw new NonetError('bad-request', `no requests are answered here, got ${name}`);
        const result = await handlers.onRequest(name, params, connection);
        write(encodeJsonFrame({ type: 'reply', id, result: result ?? {} }));
      } catch (error) {
        if (!(error instanceof NonetError)) handlers.onError?.(error);
        write(encodeJsonFrame(errorMessage({ id, name }, error)));
      }
    }

    function guarded(run: () => void): void {
      try {
        run();
      } catch (error) {
        handlers.onError?.(error);
      }
    }

    /** What came behind a reply waits until who has asked for it has gone on: an event would be told to somebody who does not know yet. */
    let behind: Frame[] = [];
    let resume: NodeJS.Immediate | null = null;

    function take(frames: Frame[]): void {
      for (const [index, frame] of frames.entries()) {
        let isReply = false;
        if (frame.kind === FRAME_JSON) isReply = receive(frame.payload);
        else if (peer) guarded(() => handlers.onFrame?.(frame.kind, frame.payload, connection));
        else throw new Error('no hello');
        if (socket.destroyed && !closed) return;
        if (!isReply || closed || index === frames.length - 1) continue;
        behind = frames.slice(index + 1);
        resume = setImmediate(takeBehind);
        return;
      }
    }

    function takeBehind(): void {
      if (resume) clearImmediate(resume);
      resume = null;
      const frames = behind;
      behind = [];
      unlessGarbage(() => take(frames));
    }

    function unlessGarbage(run: () => void): void {
      try {
        run();
      } catch {
        // Garbage, an oversize frame or a foreign protocol: this peer cannot be talked to.
        fail(new NonetError('bad-request', 'the peer does not speak nonet’s protocol'));
      }
    }

    socket.on('data', (chunk: Buffer) => {
      unlessGarbage(() => {
        const frames = decoder.push(chunk);
        if (resume) behind.push(...frames);
        else take(frames);
      });
    });
    socket.on('drain', () => {
      for (const listener of drainListeners) listener();
    });
    // 'close' always follows and does what there is to do.
    socket.on('error', () => {});
    socket.on('close', () => {
      closed = true;
      if (resume) takeBehind();
      clearTimeout(timer);
      reject(new NonetError('disconnected', 'the connection closed before the greeting was over'));
      pending.rejectAll(() => disconnected('the request'));
      for (const listener of closeListeners.splice(0)) listener();
    });
    write(encodeJsonFrame({ type: 'hello', hello: self }));
  });
}

function versionMismatch(self: Hello, peer: Hello): NonetError | null {
  if (self.protocol === peer.protocol) return null;
  return new NonetError(
    'version-mismatch',
    `this ${self.role} is nonet ${self.version} (protocol ${self.protocol}), the running ${peer.role} is nonet ${peer.version} (protocol ${peer.protocol})`,
  );
}

function disconnected(what: string): NonetError {
  return new NonetError('disconnected', `the connection was closed before ${what} was answered`);
}

/** This process's own hello. */
export function createHello(role: Hello['role'], session: string, version: string): Hello {
  return { protocol: PROTOCOL_VERSION, version, role, session, pid: process.pid };
}

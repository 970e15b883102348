import type { ClientRequest } from 'node:http';
import net from 'node:net';
import type { ProbeResult } from './probe.ts';

type Look = { timeoutMs: number; signal: AbortSignal };

/** A GET. An answer with 200–399 will do; redirects are answers, and are not followed. Its body is not read. */
export function probeHttp(url: string, { timeoutMs, signal }: Look): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let request: ClientRequest | null = null;
    const timer = setTimeout(() => finish(`no answer within ${timeoutMs} ms`), timeoutMs);
    const finish = (detail: string, ok = false): void => {
      clearTimeout(timer);
      resolve({ ok, detail });
      request?.destroy();
    };
    try {
      // An import would load Node's fetch with it, 45 ms of every start, for its names are all read then.
      const { get } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
      // A connection of its own: one that is kept open says nothing about new ones.
      request = get(url, { signal, agent: false, headers: { 'user-agent': 'nonet', connection: 'close' } });
    } catch (error) {
      return finish((error as Error).message);
    }
    request.once('response', (response) => {
      const status = response.statusCode ?? 0;
      finish(`HTTP ${status}`, status >= 200 && status < 400);
    });
    request.on('error', (error) => finish(describeError(error)));
  });
}

/** A connection that is accepted, and closed again. */
export function probeTcp(host: string, port: number, { timeoutMs, signal }: Look): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, signal });
    const timer = setTimeout(() => finish(`no connection within ${timeoutMs} ms`), timeoutMs);
    const finish = (detail: string, ok = false): void => {
      clearTimeout(timer);
      resolve({ ok, detail });
      socket.destroy();
    };
    socket.once('connect', () => finish(`connected to port ${port}`, true));
    socket.on('error', (error) => finish(describeError(error)));
  });
}

/** Where several addresses were tried, the error of the first says what is wrong. */
function describeError(error: Error): string {
  const [first = error] = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return first.message;
}

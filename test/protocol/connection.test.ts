import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NonetError } from '../../src/core/errors.ts';
import {
  type Connection,
  type ConnectionHandlers,
  connect,
  createHello,
  openConnection,
} from '../../src/protocol/connection.ts';
import { daemonRequests } from '../../src/protocol/control.ts';
import { dispatchRequest } from '../../src/protocol/dispatch-request.ts';
import { type Endpoint, listen } from '../../src/protocol/endpoint.ts';
import { encodeFrame, encodeJsonFrame } from '../../src/protocol/frame-codec.ts';

let directory: string;
let socketPath: string;
let endpoint: Endpoint | null = null;
let accepted: Promise<Connection>[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-conn-'));
  socketPath = path.join(directory, 's.sock');
});
afterEach(async () => {
  for (const connection of accepted) await connection.then((c) => c.close()).catch(() => {});
  accepted = [];
  endpoint?.close();
  endpoint = null;
  rmSync(directory, { recursive: true });
});

async function serve(handlers: ConnectionHandlers): Promise<void> {
  endpoint = await listen(socketPath, (socket) => {
    const opening = openConnection(socket, createHello('daemon', 's', '1.0.0'), handlers);
    accepted.push(opening);
    opening.catch(() => {});
  });
}
const client = () => connect(socketPath, createHello('cli', 's', '1.0.0'));

describe('a connection', () => {
  it('answers a request and carries a NonetError with code, message and hint', async () => {
    await serve({
      onRequest(name) {
        if (name === 'list') return [];
        throw new NonetError('no-such-pane', 'no pane "x"', { hint: 'try y' });
      },
    });
    const connection = await client();
    expect(await connection.request(daemonRequests, 'list', {})).toEqual([]);
    await expect(connection.request(daemonRequests, 'show', { pane: 'x' })).rejects.toMatchObject({
      code: 'no-such-pane',
      message: 'no pane "x"',
      hint: 'try y',
    });
    connection.close();
  });

  it('turns an unexpected throw into one line and lives on', async () => {
    const errors: unknown[] = [];
    await serve({
      onRequest() {
        throw new TypeError('boom');
      },
      onError: (error) => errors.push(error),
    });
    const connection = await client();
    await expect(connection.request(daemonRequests, 'list', {})).rejects.toMatchObject({ code: 'internal' });
    await expect(connection.request(daemonRequests, 'list', {})).rejects.toMatchObject({ code: 'internal' });
    expect(errors).toHaveLength(2);
    connection.close();
  });

  it('refuses a peer of another protocol with a sentence that names both', async () => {
    await serve({});
    const hello = { ...createHello('cli', 's', '9.9.9'), protocol: 99 };
    await expect(connect(socketPath, hello)).rejects.toMatchObject({
      code: 'version-mismatch',
      message: expect.stringMatching(/9\.9\.9.*1\.0\.0/),
    });
  });

  it('is open before it hears what was sent in one breath with the greeting', async () => {
    const order: string[] = [];
    await serve({ onOpen: () => order.push('open'), onEvent: ({ event }) => order.push(event) });
    const socket = net.connect(socketPath);
    const frames = [
      { type: 'hello', hello: createHello('client', 's', '1.0.0') },
      { type: 'event', body: { event: 'view' } },
    ].map((message) => encodeFrame(1, Buffer.from(JSON.stringify(message))));
    socket.write(Buffer.concat(frames));
    while (order.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(['open', 'view']);
    socket.destroy();
  });

  it('hears what came in one breath with an answer after whoever asked has gone on, also when the peer is gone by then', async () => {
    endpoint = await listen(socketPath, (socket) => {
      socket.write(encodeJsonFrame({ type: 'hello', hello: createHello('daemon', 's', '1.0.0') }));
      let asked = 0;
      socket.on('data', (bytes) => {
        asked += bytes.toString('latin1').split('"request"').length - 1;
        if (asked < 2) return;
        const event = (name: string) => encodeJsonFrame({ type: 'event', body: { event: name } });
        const reply = (id: number) => encodeJsonFrame({ type: 'reply', id, result: [] });
        socket.end(Buffer.concat([event('before'), reply(1), event('between'), reply(2), event('after')]));
      });
    });
    const heard: string[] = [];
    const connection = await connect(socketPath, createHello('cli', 's', '1.0.0'), {
      onEvent: (event) => void heard.push(event.event),
    });
    const ask = async (name: string) => {
      await connection.request(daemonRequests, 'list', {});
      await Promise.resolve();
      heard.push(name);
    };
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    await Promise.all([ask('first'), ask('second'), closed]);
    expect(heard.filter((name) => name !== 'before')).toEqual(['first', 'between', 'second', 'after']);
  });

  it('fails what is waiting when the peer goes away', async () => {
    await serve({ onRequest: (_name, _params, connection) => new Promise(() => connection.close()) });
    const connection = await client();
    await expect(connection.request(daemonRequests, 'list', {})).rejects.toMatchObject({ code: 'disconnected' });
    expect(connection.closed).toBe(true);
    await expect(connection.request(daemonRequests, 'list', {})).rejects.toMatchObject({ code: 'disconnected' });
  });

  it('cuts off garbage, oversize frames and requests before the greeting, and serves others meanwhile', async () => {
    await serve({ onRequest: () => [] });
    const huge = Buffer.alloc(5);
    huge.writeUInt32LE(0x7fffffff, 0);
    const early = encodeFrame(1, Buffer.from(JSON.stringify({ type: 'request', id: 1, name: 'list', params: {} })));
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      huge,
      early,
      encodeFrame(1, Buffer.from('{')),
      encodeFrame(2, Buffer.alloc(9)),
    ]) {
      const socket = net.connect(socketPath);
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.on('error', () => {});
      socket.resume();
      socket.write(bytes);
      await closed;
    }
    const connection = await client();
    expect(await connection.request(daemonRequests, 'list', {})).toEqual([]);
    connection.close();
  });

  it('disconnects a peer that does not read, instead of growing', async () => {
    await serve({});
    const stuck = net.connect(socketPath);
    stuck.on('error', () => {});
    const hello = { type: 'hello', hello: createHello('client', 's', '1.0.0') };
    stuck.write(encodeFrame(1, Buffer.from(JSON.stringify(hello))));
    stuck.pause();
    while (accepted.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const connection = await accepted[0]!;
    const megabyte = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 200 && !connection.closed; i++) {
      connection.sendFrame(2, megabyte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(connection.closed).toBe(true);
    stuck.destroy();
  });
});

describe('dispatch', () => {
  it('says which parameter is wrong', async () => {
    const call = {
      table: { show: daemonRequests.show },
      handlers: { show: () => ({}) as never },
      name: 'show',
      params: { pane: 5 },
    };
    await expect(dispatchRequest(call, null)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('pane'),
    });
  });

  it('refuses names that are not in the table, inherited ones too', async () => {
    const call = {
      table: { show: daemonRequests.show },
      handlers: { show: () => ({}) as never },
      name: 'toString',
      params: {},
    };
    await expect(dispatchRequest(call, null)).rejects.toMatchObject({ code: 'bad-request' });
  });
});

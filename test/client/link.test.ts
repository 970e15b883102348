import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLink, type Link } from '../../src/client/link.ts';
import { createHello, openConnection } from '../../src/protocol/connection.ts';
import { listen } from '../../src/protocol/endpoint.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let directory: string;
let socketPath: string;
let link: Link;
const hello = createHello('client', 'test', '1.0.0');

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-link-'));
  socketPath = path.join(directory, 'a.sock');
  link = createLink({ socketPath, hello, handlers: {}, onUp() {}, onDown() {} });
});
afterEach(() => {
  link.close();
  rmSync(directory, { recursive: true });
});

const answer = () =>
  listen(socketPath, (socket) => {
    openConnection(socket, createHello('daemon', 'test', '1.0.0'), {}).catch(() => {});
  });

it('gives whoever waits the next connection, in the order of asking', async () => {
  const told: string[] = [];
  const first = link.next(10_000).then((connection) => told.push(`first ${connection?.peer.role}`));
  const second = link.next(10_000).then((connection) => told.push(`second ${connection?.peer.role}`));
  const endpoint = await answer();
  await Promise.all([first, second]);
  expect(told).toEqual(['first daemon', 'second daemon']);
  expect(link.connection?.closed).toBe(false);
  endpoint.close();
});

it('gives nothing to one that has waited too long, or when it is closed', async () => {
  expect(await link.next(30)).toBeNull();
  const waiting = link.next(10_000);
  link.close();
  expect(await waiting).toBeNull();
  expect(await link.next(10_000)).toBeNull();
});

it('comes back after each loss', async () => {
  const endpoint = await answer();
  for (let round = 0; round < 3; round++) {
    await waitUntil('a connection', () => link.connection !== null);
    const next = link.next(10_000);
    link.connection?.close();
    expect((await next)?.closed).toBe(false);
  }
  endpoint.close();
});

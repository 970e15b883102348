import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  acquireLock,
  checkPrivateDirectory,
  checkSocketPath,
  ensurePrivateDirectory,
  listen,
} from '../../src/protocol/endpoint.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-end-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('an endpoint', () => {
  it('listens on a socket that only its owner can reach', async () => {
    const socketPath = path.join(directory, 'a.sock');
    const endpoint = await listen(socketPath, () => {});
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    endpoint.close();
  });

  it('replaces the socket of a process that is gone', async () => {
    const socketPath = path.join(directory, 'a.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`;
    await new Promise((resolve) => spawn(process.execPath, ['-e', script]).once('close', resolve));
    expect(statSync(socketPath).isSocket()).toBe(true);
    const endpoint = await listen(socketPath, (socket) => socket.end('alive'));
    const answer = await new Promise<string>((resolve) =>
      net.connect(socketPath).on('data', (data) => resolve(data.toString())),
    );
    expect(answer).toBe('alive');
    endpoint.close();
  });

  it.each([
    ['its socket', (place: string) => rmSync(path.join(place, 'a.sock'))],
    ['the whole directory', (place: string) => rmSync(place, { recursive: true })],
  ])('comes back when %s is taken away, and connections stay', async (_what, takeAway) => {
    const place = path.join(directory, 'run');
    const socketPath = path.join(place, 'a.sock');
    mkdirSync(place, { mode: 0o700 });
    const endpoint = await listen(socketPath, (socket) => socket.pipe(socket), { lookMs: 10 });
    const early = net.connect(socketPath);
    const heard = (socket: net.Socket) => new Promise((resolve) => socket.once('data', (data) => resolve(`${data}`)));
    early.write('before');
    expect(await heard(early)).toBe('before');
    takeAway(place);
    await waitUntil('the socket', () => statSync(socketPath, { throwIfNoEntry: false })?.isSocket());
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    const late = net.connect(socketPath);
    late.write('late');
    early.write('still');
    expect(await Promise.all([heard(late), heard(early)])).toEqual(['late', 'still']);
    late.destroy();
    early.destroy();
    endpoint.close();
    expect(statSync(socketPath, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('outlives a file in the place of its directory, and comes back when that is gone', async () => {
    const place = path.join(directory, 'run');
    const socketPath = path.join(place, 'a.sock');
    mkdirSync(place, { mode: 0o700 });
    const endpoint = await listen(socketPath, () => {}, { lookMs: 5 });
    rmSync(place, { recursive: true });
    writeFileSync(place, '');
    await waitUntil(
      'a few looks',
      (() => {
        let looks = 0;
        return () => ++looks > 10;
      })(),
    );
    rmSync(place);
    await waitUntil('the socket', () => statSync(socketPath, { throwIfNoEntry: false })?.isSocket());
    endpoint.close();
  });

  it('leaves alone what another process has put in its place', async () => {
    const socketPath = path.join(directory, 'a.sock');
    const first = await listen(socketPath, (socket) => socket.end('first'), { lookMs: 5 });
    const second = await listen(socketPath, (socket) => socket.end('second'), { lookMs: 5 });
    await waitUntil(
      'a few looks',
      (() => {
        let looks = 0;
        return () => ++looks > 10;
      })(),
    );
    const answer = await new Promise((resolve) => net.connect(socketPath).once('data', (data) => resolve(`${data}`)));
    expect(answer).toBe('second');
    second.close();
    first.close();
  });

  it('takes its place also when another process comes back there in the very moment', async () => {
    const socketPath = path.join(directory, 'a.sock');
    const { listen: listenReally } = net.Server.prototype;
    const other = net.createServer((socket) => socket.end('other'));
    const spy = vi.spyOn(net.Server.prototype, 'listen').mockImplementationOnce(function (this: net.Server, ...args) {
      listenReally.call(other, socketPath);
      return listenReally.apply(this, args);
    });
    const endpoint = await listen(socketPath, (socket) => socket.end('holder of the lock'));
    spy.mockRestore();
    const answer = await new Promise((resolve) => net.connect(socketPath).once('data', (data) => resolve(`${data}`)));
    expect(answer).toBe('holder of the lock');
    endpoint.close();
    other.close();
  });

  it.each([
    ['a file', (file: string) => writeFileSync(file, 'precious')],
    ['a directory', (file: string) => mkdirSync(file)],
    ['a symbolic link', (file: string) => symlinkSync('/dev/null', file)],
  ])('refuses %s in the place of its socket', async (_what, make) => {
    const file = path.join(directory, 'a.sock');
    make(file);
    await expect(listen(file, () => {})).rejects.toMatchObject({ code: 'unsafe-directory' });
  });

  it('refuses a path that the kernel would cut', () => {
    expect(() => checkSocketPath(`/${'x'.repeat(107)}`)).toThrow(/108 bytes/);
    expect(() => checkSocketPath(`/${'x'.repeat(100)}`)).not.toThrow();
  });
});

describe('a private directory', () => {
  it('is made with mode 0700, and closed to others if it was open for reading', () => {
    const made = path.join(directory, 'a/b');
    ensurePrivateDirectory(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
    chmodSync(made, 0o755);
    ensurePrivateDirectory(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('is refused when others can write to it or it is a symbolic link', () => {
    const open = path.join(directory, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(() => ensurePrivateDirectory(open)).toThrow(/written to by others/);
    const link = path.join(directory, 'link');
    symlinkSync(directory, link);
    expect(() => ensurePrivateDirectory(link)).toThrow(/not a directory/);
  });

  it('is missing below what is no directory, and cannot be made there', () => {
    const file = path.join(directory, 'file');
    writeFileSync(file, '');
    const below = path.join(file, 'run');
    expect(() => checkPrivateDirectory(below)).not.toThrow();
    expect(() => ensurePrivateDirectory(below)).toThrow(`${below} cannot be made (ENOTDIR)`);
    const loop = path.join(directory, 'loop');
    symlinkSync(loop, loop);
    expect(() => checkPrivateDirectory(path.join(loop, 'run'))).toThrow(/loop\/run cannot be looked at \(ELOOP\)/);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is refused when it is another user’s (skipped where nobody may give files away)',
    () => {
      const foreign = path.join(directory, 'foreign');
      mkdirSync(foreign, { mode: 0o700 });
      chownSync(foreign, 65_534, 65_534);
      expect(() => ensurePrivateDirectory(foreign)).toThrow(/belongs to another user \(uid 65534\)/);
    },
  );
});

describe('a lock', () => {
  it('is taken whatever a broken disk has put into its file', async () => {
    const lockPath = path.join(directory, 'lock');
    writeFileSync(lockPath, 'x'.repeat(5000));
    const lock = await acquireLock(lockPath);
    expect(lock).not.toBeNull();
    expect(await acquireLock(lockPath)).toBeNull();
    lock?.release();
  });

  it('has one holder, and is free again when that one is killed', async () => {
    const lockPath = path.join(directory, 'lock');
    const module = path.resolve('src/protocol/endpoint.ts');
    const script = `import(${JSON.stringify(module)}).then(async (m) => { globalThis.lock = await m.acquireLock(${JSON.stringify(lockPath)}); console.log('held'); setInterval(() => {}, 1e6) })`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(await acquireLock(lockPath)).toBeNull();
    const gone = new Promise((resolve) => holder.once('close', resolve));
    holder.kill('SIGKILL');
    await gone;
    const lock = await acquireLock(lockPath);
    expect(await lock!.keep()).toBe(true);
    rmSync(lockPath);
    expect(await lock!.keep()).toBe(true);
    expect(statSync(lockPath).isFile()).toBe(true);
    expect(lock).not.toBeNull();
    lock?.release();
  });
});

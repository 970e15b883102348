import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { distinctRotatedLogs } from '../../src/core/log-names.ts';
import { createLogCompressor } from '../../src/host/log-compressor.ts';
import { createLogFile, type Drop, type LogFileOptions } from '../../src/host/log-file.ts';
import { openLogFile } from '../../src/host/open-log-file.ts';
import { NODE } from '../helpers/fixture.ts';
import { waitUntil } from '../helpers/wait-until.ts';

function directory(): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-log-'));
  onTestFinished(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

function open(file: string, more: Partial<LogFileOptions> = {}) {
  const log = createLogFile({
    path: file,
    maxSizeBytes: 1_000_000,
    intervalMs: null,
    retain: 5,
    compressor: null,
    describeDrop: ({ lines, bytes, reason }: Drop) => `<${lines} lines, ${bytes} bytes: ${reason}>\n`,
    ...more,
  });
  onTestFinished(() => log.close());
  return log;
}

const line = (text: string | number): Buffer => Buffer.from(`${text}\n`);

/** Everything that is kept, oldest first. */
function readAll(file: string): string {
  const folder = path.dirname(file);
  const rotated = distinctRotatedLogs(path.basename(file), fs.readdirSync(folder)).reverse();
  const older = rotated.map(({ file: name, compressed }) => {
    const bytes = fs.readFileSync(path.join(folder, name));
    return (compressed ? gunzipSync(bytes) : bytes).toString();
  });
  return older.join('') + (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
}

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join('');

describe('a log file', () => {
  test('is made with its directory, for its owner only, and appended to', async () => {
    const file = path.join(directory(), 'a', 'b', 'x.log');
    const log = open(file);
    log.append(line('one'));
    await log.flushed();
    log.append(line('two'));
    await log.close();
    const again = open(file);
    again.append(line('three'));
    await again.close();
    expect(fs.readFileSync(file, 'utf8')).toBe('one\ntwo\nthree\n');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  test('a link in its place is not written through, and logging comes back when it is gone', async () => {
    const folder = directory();
    const victim = path.join(folder, 'victim');
    fs.writeFileSync(victim, 'precious');
    const file = path.join(folder, 'x.log');
    let now = 1_000_000;
    const log = open(file, { now: () => now });
    log.append(line('one'));
    await log.flushed();
    fs.rmSync(file);
    fs.symlinkSync(victim, file);
    now += 2_000;
    log.append(line('two'));
    await log.flushed();
    expect(fs.readFileSync(victim, 'utf8')).toBe('precious');
    fs.rmSync(file);
    await log.flushed();
    expect(fs.readFileSync(file, 'utf8')).toBe('two\n');
  });

  test('comes back by itself when its directory was removed while it was open', async () => {
    const folder = path.join(directory(), 'logs');
    const file = path.join(folder, 'x.log');
    const log = open(file);
    log.append(line('one'));
    await log.flushed();
    fs.rmSync(folder, { recursive: true });
    let count = 0;
    await waitUntil('the file to be there again', () => {
      log.append(line(++count));
      return fs.existsSync(file);
    });
    await log.flushed();
    expect(fs.readFileSync(file, 'utf8')).toMatch(/\d+\n$/);
  });

  test('counts what a full disk does not take, never throws, and says so when there is room again', async () => {
    const file = path.join(directory(), 'x.log');
    let full = true;
    const log = open(file, {
      maxPendingBytes: 100,
      open: (name) => (full ? openFull() : openLogFile(name)),
    });
    for (let i = 0; i < 100; i++) log.append(line(`line ${String(i).padStart(3, '0')}`));
    await log.flushed();
    expect(log.droppedBytes).toBeGreaterThan(0);
    for (let i = 0; i < 50; i++) log.append(line(`more ${String(i).padStart(3, '0')}`));
    full = false;
    await log.flushed();
    log.append(line('after'));
    await log.flushed();
    const text = fs.readFileSync(file, 'utf8');
    const kept = text.split('\n').filter((row) => row.startsWith('line ')).length;
    expect(text).toContain(
      `line ${String(kept - 1).padStart(3, '0')}\n<${150 - kept} lines, ${(150 - kept) * 9} bytes: `,
    );
    expect(text).toMatch(/>\nafter\n$/);
  });

  async function openFull(): Promise<number> {
    return fs.openSync('/dev/full', 'a');
  }

  test('loses and doubles nothing on a disk that is full for a while', async ({ skip }) => {
    const mount = path.join(directory(), 'small');
    fs.mkdirSync(mount);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', mount]);
    if (mounted.status !== 0) skip(`no file system could be mounted: ${mounted.stderr}`);
    onTestFinished(() => {
      spawnSync('umount', ['-l', mount]);
    });
    const file = path.join(mount, 'x.log');
    fs.writeFileSync(path.join(mount, 'ballast'), Buffer.alloc(40_000));
    const log = open(file);
    const expected = numbers(0, 6_000);
    for (let i = 0; i < 6_000; i += 100) log.append(Buffer.from(numbers(i, i + 100)));
    await log.flushed();
    expect(fs.statSync(file).size).toBeLessThan(expected.length);
    expect(log.pendingBytes).toBeGreaterThan(0);
    fs.rmSync(path.join(mount, 'ballast'));
    await waitUntil('the rest to be written', () => log.pendingBytes === 0);
    expect(fs.readFileSync(file, 'utf8')).toBe(expected);
    expect(log.droppedBytes).toBe(0);
  });

  test('can be emptied while it is written', async () => {
    const file = path.join(directory(), 'x.log');
    const log = open(file, { maxSizeBytes: 100 });
    for (let i = 0; i < 100; i++) log.append(line(i));
    await log.flushed();
    await log.empty();
    expect(readAll(file)).toBe('');
    expect(fs.readdirSync(path.dirname(file))).toEqual(['x.log']);
    log.append(line('new'));
    await log.flushed();
    expect(readAll(file)).toBe('new\n');
  });
});

describe('rotation', () => {
  test('keeps every line once under load, compressed ones too', async () => {
    const file = path.join(directory(), 'x.log');
    const compressor = createLogCompressor({ idleMs: 0, pauseMs: 0 });
    onTestFinished(() => compressor.dispose());
    const log = open(file, { maxSizeBytes: 5_000, retain: 100, compressor });
    for (let i = 0; i < 20_000; i += 10) {
      log.append(Buffer.from(numbers(i, i + 10)), 10);
      if (i % 500 === 0) await log.flushed();
    }
    await log.flushed();
    // The names that have been read stay while nothing is compressed.
    await compressor.hold(file);
    expect(readAll(file)).toBe(numbers(0, 20_000));
    const sizes = fs
      .readdirSync(path.dirname(file))
      .map((name) => fs.statSync(path.join(path.dirname(file), name)).size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000);
    compressor.release(file);
    await waitUntil('all but the newest to be compressed', () => {
      const names = fs.readdirSync(path.dirname(file));
      return names.every((name) => ['x.log', 'x.log.1'].includes(name) || name.endsWith('.gz'));
    });
    expect(readAll(file)).toBe(numbers(0, 20_000));
    for (const name of fs.readdirSync(path.dirname(file))) {
      expect(fs.statSync(path.join(path.dirname(file), name)).mode & 0o777).toBe(0o600);
    }
  });

  test('keeps `retain` files and the newest lines', async () => {
    const file = path.join(directory(), 'x.log');
    for (const retain of [3, 1, 0]) {
      const log = open(file, { maxSizeBytes: 1_000, retain });
      for (let i = 0; i < 3_000; i++) log.append(line(i));
      await log.close();
      expect(fs.readdirSync(path.dirname(file)).length).toBe(retain + 1);
      const text = readAll(file);
      expect(text.endsWith('\n2999\n')).toBe(true);
      expect(text.length).toBeLessThanOrEqual(1_000 * (retain + 1));
    }
  });

  test('happens by age', async () => {
    const file = path.join(directory(), 'x.log');
    let ahead = 0;
    const log = open(file, { intervalMs: 60_000, now: () => Date.now() + ahead });
    log.append(line('old'));
    await log.flushed();
    ahead = 61_000;
    log.append(line('new'));
    await log.flushed();
    expect(fs.readFileSync(`${file}.1`, 'utf8')).toBe('old\n');
    expect(fs.readFileSync(file, 'utf8')).toBe('new\n');
  });

  test('goes on from whatever a crash has left between its steps', async () => {
    const folder = directory();
    const file = path.join(folder, 'x.log');
    // Stopped after `.2` became `.3`, with a copy that was complete and one that was not, and no new file yet.
    fs.writeFileSync(`${file}.1`, 'c\n');
    fs.writeFileSync(`${file}.3`, 'b\n');
    fs.writeFileSync(`${file}.4`, 'a\n');
    fs.writeFileSync(`${file}.4.gz`, 'whatever');
    fs.writeFileSync(`${file}.3.gz.part`, 'half');
    const log = open(file, { maxSizeBytes: 4 });
    for (const text of ['d', 'e', 'f', 'g']) log.append(line(text));
    await log.close();
    expect(readAll(file)).toBe('a\nb\nc\nd\ne\nf\ng\n');
    expect(fs.readdirSync(folder).filter((name) => name.includes('gz'))).toEqual([]);
  });

  test('loses and doubles nothing when the writer is killed at any moment', async () => {
    const file = path.join(directory(), 'x.log');
    const writer = path.join(import.meta.dirname, 'log-writer.ts');
    let next = 0;
    for (let round = 0; round < 8; round++) {
      // As many lines at most as are kept in all rounds together.
      const child = spawn(NODE, [writer, file, '300', '1000', String(next), '3000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (data: Buffer) => {
        said += data;
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      // At another place of the work each time.
      await waitUntil('some lines to be written', () => said.split('\n').length > 20 + round * 3);
      child.kill('SIGKILL');
      await ended;
      const written = readAll(file);
      const onDisk = written.trim().split('\n').map(Number);
      expect(onDisk).toEqual(onDisk.map((_, index) => index));
      expect(onDisk.length).toBeGreaterThan(Number(said.trim().split('\n').slice(-2)[0]));
      next = onDisk.length;
    }
  });
});

test('a log that is moved goes on under its new name, rotated files too, and loses nothing', async () => {
  const folder = directory();
  const [before, after] = [path.join(folder, 'before.log'), path.join(folder, 'after.log')];
  const log = open(before, { maxSizeBytes: 1000 });
  const all = Array.from({ length: 400 }, (_, i) => `line ${i}`);
  for (const text of all.slice(0, 200)) log.append(line(text));
  const moved = log.move(after);
  for (const text of all.slice(200, 250)) log.append(line(text));
  await moved;
  for (const text of all.slice(250)) log.append(line(text));
  await log.flushed();
  const kept = readAll(after).trimEnd().split('\n');
  expect(kept).toEqual(all.slice(-kept.length));
  expect(fs.readdirSync(folder).filter((name) => name.startsWith('before'))).toEqual([]);
});

test('a log that is moved to where another one is goes on behind that one', async () => {
  const folder = directory();
  const [before, after] = [path.join(folder, 'before.log'), path.join(folder, 'after.log')];
  fs.writeFileSync(after, 'of another\n', { mode: 0o600 });
  const log = open(before);
  log.append(line('first'));
  await log.flushed();
  await log.move(after);
  log.append(line('second'));
  await log.flushed();
  expect(readAll(after)).toBe('of another\nsecond\n');
  expect(readAll(before)).toBe('first\n');
});

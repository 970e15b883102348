import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  type LogPosition,
  NOTHING_READ,
  readAppended,
  readBytes,
  readLinesBackwards,
} from '../../src/config/log-reader.ts';
import { waitUntil } from '../helpers/wait-until.ts';

function logFile(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-logs-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return path.join(directory, 'x.log');
}

function lines(file: string): { all: string[]; position: LogPosition } {
  let position = NOTHING_READ;
  const all = [...readLinesBackwards(file, (found) => (position = found))].map(({ line }) => line.toString());
  return { all: all.reverse(), position };
}

function bytes(file: string): string {
  return Buffer.concat([...readBytes(file, () => {})]).toString();
}

test('lines are read over all rotated files, compressed ones too, each once', () => {
  const file = logFile();
  fs.writeFileSync(`${file}.3.gz`, gzipSync('a\nb\n'));
  fs.writeFileSync(`${file}.2`, 'c\n\nd\n');
  fs.writeFileSync(`${file}.2.gz`, gzipSync('c\n\nd\n'));
  fs.writeFileSync(file, 'e\nf');
  expect(lines(file).all).toEqual(['a', 'b', 'c', '', 'd', 'e', 'f']);
  expect(bytes(file)).toBe('a\nb\nc\n\nd\ne\nf');
});

test('long files are read in pieces without breaking a line', () => {
  const file = logFile();
  const expected = Array.from({ length: 30_000 }, (_, i) => `${i} ${'é'.repeat(i % 60)}`);
  fs.writeFileSync(file, expected.map((line) => `${line}\n`).join(''));
  expect(lines(file).all).toEqual(expected);
});

test('nothing there is nothing read', () => {
  const file = logFile();
  expect(lines(file)).toEqual({ all: [], position: NOTHING_READ });
  expect(readAppended(file, NOTHING_READ).bytes.length).toBe(0);
  fs.writeFileSync(file, '');
  expect(lines(file).all).toEqual([]);
});

test('what is appended follows what was read, across rotations, emptying and replacement', () => {
  const file = logFile();
  let position = NOTHING_READ;
  const follow = (): string => {
    const appended = readAppended(file, position);
    position = appended.position;
    return appended.bytes.toString();
  };
  fs.writeFileSync(file, 'a\nb\n');
  position = lines(file).position;
  expect(follow()).toBe('');
  fs.appendFileSync(file, 'c\n');
  expect(follow()).toBe('c\n');
  // Twice between two looks.
  fs.appendFileSync(file, 'd\n');
  fs.renameSync(file, `${file}.1`);
  fs.writeFileSync(file, 'e\n');
  fs.renameSync(`${file}.1`, `${file}.2`);
  fs.renameSync(file, `${file}.1`);
  expect(follow()).toBe('');
  fs.writeFileSync(file, 'f\n');
  expect(follow()).toBe('d\ne\nf\n');
  fs.truncateSync(file);
  expect(follow()).toBe('');
  fs.appendFileSync(file, 'g\n');
  expect(follow()).toBe('g\n');
  // Emptied, and as long or longer again before anybody looks.
  fs.appendFileSync(file, '12:00 one\n');
  expect(follow()).toBe('12:00 one\n');
  fs.truncateSync(file);
  fs.appendFileSync(file, '12:01 other\n');
  expect(follow()).toBe('12:01 other\n');
  fs.truncateSync(file);
  fs.appendFileSync(file, '12:02 another, longer one\n');
  expect(follow()).toBe('12:02 another, longer one\n');
  fs.writeFileSync(`${file}.new`, 'h\n');
  fs.renameSync(`${file}.new`, file);
  expect(follow()).toBe('h\n');
});

test('a rotation while the names of the files are read hides none of them', () => {
  const file = logFile();
  fs.writeFileSync(`${file}.1`, 'a\n');
  fs.writeFileSync(file, 'b\n');
  const readNames = fs.readdirSync;
  const spy = vi.spyOn(fs, 'readdirSync').mockImplementation(((directory: string) => {
    const names = readNames(directory);
    fs.renameSync(`${file}.1`, `${file}.2`);
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, 'c\n');
    return names;
  }) as typeof fs.readdirSync);
  onTestFinished(() => spy.mockRestore());
  const { all, position } = lines(file);
  spy.mockRestore();
  expect(all).toEqual(['a', 'b']);
  expect(readAppended(file, position).bytes.toString()).toBe('c\n');
});

test('a file that has taken the inode of the one that was read is another one', async () => {
  const file = logFile();
  fs.writeFileSync(file, 'old\n');
  const { position } = lines(file);
  if (position.bornMs === 0) return; // This file system keeps no times of birth.
  // Times of birth are those of the kernel's tick.
  await waitUntil('the next tick', () => {
    fs.rmSync(file);
    fs.writeFileSync(file, 'new\n');
    return fs.statSync(file).birthtimeMs !== position.bornMs;
  });
  expect(readAppended(file, position).bytes.toString()).toBe('new\n');
});

test('a file that is compressed while the names are read is read all the same', () => {
  const file = logFile();
  fs.writeFileSync(`${file}.2`, 'a\n');
  fs.writeFileSync(`${file}.1`, 'b\n');
  const readNames = fs.readdirSync;
  const spy = vi.spyOn(fs, 'readdirSync').mockImplementation(((directory: string) => {
    const names = readNames(directory);
    fs.writeFileSync(`${file}.2.gz`, gzipSync('a\n'));
    fs.rmSync(`${file}.2`);
    return names;
  }) as typeof fs.readdirSync);
  onTestFinished(() => spy.mockRestore());
  expect(bytes(file)).toBe('a\nb\n');
});

test('links and damaged files are skipped', () => {
  const file = logFile();
  fs.writeFileSync(`${file}.secret`, 'secret\n');
  fs.symlinkSync(`${file}.secret`, `${file}.1`);
  fs.writeFileSync(`${file}.2.gz`, 'no gzip');
  fs.writeFileSync(file, 'a\n');
  expect(lines(file).all).toEqual(['a']);
});

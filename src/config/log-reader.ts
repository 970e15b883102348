import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { distinctRotatedLogs } from '../core/log-names.ts';

/** Reads a log that another process writes and rotates: from its end backwards, and what has come since. */
const CHUNK = 256 * 1024;

/**
 * Up to where a log has been read. `inode` stays with a file when rotation renames it (0: there was no file); `bornMs` tells it from the one
 * that gets the inode of a file that was removed. A file that was emptied and has grown beyond `offset` since has other bytes before it than
 * `last`.
 */
export type LogPosition = { inode: number; bornMs: number; mtimeMs: number; offset: number; last: Buffer };

export const NOTHING_READ: LogPosition = { inode: 0, bornMs: 0, mtimeMs: 0, offset: 0, last: Buffer.alloc(0) };
/** Two or three lines, with their times. */
const LAST_BYTES = 128;

type OpenLog = { fd: number; inode: number; bornMs: number; size: number; mtimeMs: number; compressed: boolean };

/**
 * Lines from the newest to the oldest, over all rotated files. `onStart` is told where the newest file ended: what is read from there on
 * later follows without a gap.
 */
export function* readLinesBackwards(
  file: string,
  onStart: (position: LogPosition) => void,
): Generator<{ line: Buffer; mtimeMs: number }> {
  const logs = openAll(file);
  try {
    onStart(endOf(logs[0]));
    for (const log of logs) {
      for (const line of linesOf(log)) yield { line, mtimeMs: log.mtimeMs };
    }
  } finally {
    for (const { fd } of logs) fs.closeSync(fd);
  }
}

/** All bytes in order, compressed ones unpacked, and where they ended. */
export function* readBytes(file: string, onEnd: (position: LogPosition) => void): Generator<Buffer> {
  const logs = openAll(file).reverse();
  try {
    for (const log of logs) yield* piecesOf(log, 0);
    onEnd(endOf(logs.at(-1)));
  } finally {
    for (const { fd } of logs) fs.closeSync(fd);
  }
}

/** What has been appended since, also when the file was rotated, emptied or replaced meanwhile. */
export function readAppended(file: string, since: LogPosition): { bytes: Buffer; position: LogPosition } {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  const isOld = status && isSame(since, identityOf(status)) && status.size === since.offset;
  if (!status || (isOld && status.mtimeMs === since.mtimeMs)) return { bytes: Buffer.alloc(0), position: since };
  const logs = openAll(file);
  try {
    const last = logs.findIndex((log) => isSame(since, log) && !log.compressed);
    // Known under no name any more: only the newest file is sure to be new.
    const fresh = last < 0 ? logs.slice(0, 1) : logs.slice(0, last + 1);
    const pieces: Buffer[] = [];
    for (const [index, log] of fresh.reverse().entries()) {
      const known = index === 0 && last >= 0 && goesOn(log, since);
      pieces.push(...piecesOf(log, known ? since.offset : 0));
    }
    return { bytes: Buffer.concat(pieces), position: endOf(logs[0]) };
  } finally {
    for (const { fd } of logs) fs.closeSync(fd);
  }
}

function endOf(log: OpenLog | undefined): LogPosition {
  if (!log || log.compressed) return NOTHING_READ;
  const { fd, inode, bornMs, mtimeMs, size: offset } = log;
  return { inode, bornMs, mtimeMs, offset, last: bytesBefore(fd, offset, LAST_BYTES) };
}

function goesOn({ fd, size }: OpenLog, { offset, last }: LogPosition): boolean {
  return size >= offset && bytesBefore(fd, offset, last.length).equals(last);
}

function bytesBefore(fd: number, offset: number, length: number): Buffer {
  const from = Math.max(0, offset - length);
  return readAt(fd, from, offset - from);
}

type Identity = { inode: number; bornMs: number };

function identityOf({ ino, birthtimeMs }: fs.Stats): Identity {
  return { inode: ino, bornMs: birthtimeMs };
}

function isSame(a: Identity, b: Identity): boolean {
  return a.inode === b.inode && a.bornMs === b.bornMs;
}

/** The newest first. All are opened before one is read: a rotation meanwhile changes names only. */
function openAll(file: string): OpenLog[] {
  const logs: OpenLog[] = [];
  open(file, false);
  let oldest = 0;
  for (const { number } of distinctRotatedLogs(path.basename(file), namesIn(path.dirname(file)))) {
    openRotated(number);
    oldest = number;
  }
  // A rotation since the names were read has given the oldest file a number that was not among them.
  do oldest++;
  while (openRotated(oldest));
  return logs;

  /** The plain file where there are both; it may be compressed at any moment. */
  function openRotated(number: number): boolean {
    return open(`${file}.${number}`, false) || open(`${file}.${number}.gz`, true);
  }

  /** Whether there is a log of that name. */
  function open(name: string, compressed: boolean): boolean {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
    let fd: number;
    try {
      fd = fs.openSync(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch {
      return false;
    }
    const status = fs.fstatSync(fd);
    const identity = identityOf(status);
    const { size, mtimeMs } = status;
    if (!status.isFile() || logs.some((log) => isSame(log, identity))) fs.closeSync(fd);
    else logs.push({ fd, ...identity, size, mtimeMs, compressed });
    return true;
  }
}

function* linesOf(log: OpenLog): Generator<Buffer> {
  let tail = Buffer.alloc(0);
  let end = true;
  const whole = log.compressed ? unpack(log) : null;
  for (let to = whole?.length ?? log.size; to > 0; ) {
    const from = Math.max(0, to - CHUNK);
    const data = Buffer.concat([whole ? whole.subarray(from, to) : readAt(log.fd, from, to - from), tail]);
    to = from;
    let stop = data.length;
    // What ends a file ends its last line.
    if (end && data[stop - 1] === 10) stop--;
    end = false;
    for (;;) {
      const newline = stop === 0 ? -1 : data.lastIndexOf(10, stop - 1);
      if (newline < 0) break;
      yield data.subarray(newline + 1, stop);
      stop = newline;
    }
    tail = data.subarray(0, stop);
    if (to === 0) yield tail;
  }
}

function* piecesOf(log: OpenLog, start: number): Generator<Buffer> {
  if (log.compressed) {
    yield unpack(log);
    return;
  }
  for (let from = start; from < log.size; from += CHUNK) yield readAt(log.fd, from, Math.min(CHUNK, log.size - from));
}

/** A damaged one is skipped: the others are worth having. */
function unpack(log: OpenLog): Buffer {
  try {
    return gunzipSync(readAt(log.fd, 0, log.size));
  } catch {
    return Buffer.alloc(0);
  }
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = fs.readSync(fd, buffer, done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return buffer.subarray(0, done);
}

function namesIn(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

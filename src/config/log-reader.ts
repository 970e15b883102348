import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { distinctRotatedLogs } from '../core/log-names.ts';

/** Reads a log that another process writes and rotates: from its end backwards, and what has come since. */
const CHUNK = 256 * 1024;

/** Up to where a log has been read. `inode` stays with a file when rotation renames it; 0: there was no file. */
export type LogPosition = { inode: number; offset: number };

type OpenLog = { fd: number; inode: number; size: number; mtimeMs: number; compressed: boolean };

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
    const newest = logs[0];
    onStart(newest && !newest.compressed ? { inode: newest.inode, offset: newest.size } : { inode: 0, offset: 0 });
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
    const newest = logs.at(-1);
    onEnd(newest && !newest.compressed ? { inode: newest.inode, offset: newest.size } : { inode: 0, offset: 0 });
  } finally {
    for (const { fd } of logs) fs.closeSync(fd);
  }
}

/** What has been appended since, also when the file was rotated, emptied or replaced meanwhile. */
export function readAppended(file: string, since: LogPosition): { bytes: Buffer; position: LogPosition } {
  const status = statOf(file);
  if (!status) return { bytes: Buffer.alloc(0), position: since };
  if (status.ino === since.inode && status.size === since.offset) return { bytes: Buffer.alloc(0), position: since };
  const logs = openAll(file);
  try {
    const last = logs.findIndex(({ inode, compressed }) => inode === since.inode && !compressed);
    // Known under no name any more: only the newest file is sure to be new.
    const fresh = last < 0 ? logs.slice(0, 1) : logs.slice(0, last + 1);
    const pieces: Buffer[] = [];
    for (const [index, log] of fresh.reverse().entries()) {
      const known = index === 0 && last >= 0 && log.size >= since.offset;
      pieces.push(...piecesOf(log, known ? since.offset : 0));
    }
    const newest = logs[0];
    return {
      bytes: Buffer.concat(pieces),
      position: newest ? { inode: newest.inode, offset: newest.size } : { inode: 0, offset: 0 },
    };
  } finally {
    for (const { fd } of logs) fs.closeSync(fd);
  }
}

/** The newest first. All are opened before one is read: a rotation meanwhile changes names only. */
function openAll(file: string): OpenLog[] {
  const directory = path.dirname(file);
  const logs: OpenLog[] = [];
  const open = (name: string, compressed: boolean): void => {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
    let fd: number;
    try {
      fd = fs.openSync(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch {
      return;
    }
    const { ino, size, mtimeMs, isFile } = statusOf(fd);
    if (!isFile || logs.some(({ inode }) => inode === ino)) fs.closeSync(fd);
    else logs.push({ fd, inode: ino, size, mtimeMs, compressed });
  };
  open(file, false);
  for (const entry of distinctRotatedLogs(path.basename(file), namesIn(directory))) {
    open(path.join(directory, entry.file), entry.compressed);
  }
  return logs;
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

function statusOf(fd: number): { ino: number; size: number; mtimeMs: number; isFile: boolean } {
  const status = fs.fstatSync(fd);
  return { ino: status.ino, size: status.size, mtimeMs: status.mtimeMs, isFile: status.isFile() };
}

function statOf(file: string): fs.Stats | null {
  return fs.statSync(file, { throwIfNoEntry: false }) ?? null;
}

function namesIn(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

import { closeSync, openSync, readSync } from 'node:fs';

/** The file's text, or why it cannot be had, in plain words. Reads no further than `maxBytes`, whatever the file claims to be. */
export function readTextFile(
  file: string,
  maxBytes: number,
): { ok: true; text: string } | { ok: false; message: string } {
  let bytes: Buffer;
  try {
    bytes = readBytes(file, maxBytes + 1);
  } catch (error) {
    return { ok: false, message: `cannot read it: ${reasonOf(error)}` };
  }
  return decodeText(bytes, maxBytes);
}

/** UTF-8 text without its byte order mark. */
export function decodeText(
  bytes: Uint8Array,
  maxBytes: number,
): { ok: true; text: string } | { ok: false; message: string } {
  if (bytes.length > maxBytes) return { ok: false, message: `too large: more than ${Math.round(maxBytes / 1024)} kB` };
  if (bytes.includes(0)) return { ok: false, message: 'not a text file: it has NUL bytes' };
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, message: 'not UTF-8 text' };
  }
}

function readBytes(file: string, limit: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    while (total < limit) {
      const chunk = Buffer.alloc(Math.min(65_536, limit - total));
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      total += count;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(descriptor);
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return code ?? (error as Error).message;
}

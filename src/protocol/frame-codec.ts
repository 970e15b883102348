/**
 * A frame on a socket: u32 little-endian length of what follows, u8 kind, payload. This never changes between versions, so that
 * a peer of any version can at least read the other's hello.
 */
export const FRAME_JSON = 1;
export const FRAME_SCREEN = 2;
/** history-frame.ts */
export const FRAME_HISTORY = 3;

/** Longest payload that is accepted; a longer one closes the connection. Layouts, captures and full screens stay far below. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;

const HEADER_BYTES = 5;

export type Frame = { kind: number; payload: Buffer };

export class FrameError extends Error {}

/** A frame ready for the socket; `parts` are joined. */
export function encodeFrame(kind: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32LE(payload.length + 1, 0);
  frame[4] = kind;
  frame.set(payload, HEADER_BYTES);
  return frame;
}

export function encodeJsonFrame(value: unknown): Buffer {
  return encodeFrame(FRAME_JSON, Buffer.from(JSON.stringify(value)));
}

export type FrameDecoder = { push(chunk: Buffer): Frame[] };

/**
 * Cuts a byte stream into frames. Throws FrameError on a length of zero or above `maxBytes`, before reserving memory for it;
 * what is buffered is never more than one frame and one chunk.
 */
export function createFrameDecoder(maxBytes = MAX_FRAME_BYTES): FrameDecoder {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let needed = HEADER_BYTES;

  return {
    push(chunk) {
      pending.push(chunk);
      pendingBytes += chunk.length;
      if (pendingBytes < needed) return [];
      let data = pending.length === 1 ? chunk : Buffer.concat(pending, pendingBytes);
      const frames: Frame[] = [];
      for (;;) {
        if (data.length < HEADER_BYTES) {
          needed = HEADER_BYTES;
          break;
        }
        const length = data.readUInt32LE(0);
        if (length < 1 || length - 1 > maxBytes) throw new FrameError(`frame of ${length} bytes`);
        if (data.length < 4 + length) {
          needed = 4 + length;
          break;
        }
        frames.push({ kind: data[4]!, payload: data.subarray(HEADER_BYTES, 4 + length) });
        data = data.subarray(4 + length);
      }
      pending = data.length > 0 ? [data] : [];
      pendingBytes = data.length;
      return frames;
    },
  };
}

/**
 * Memory for bytes on their way into a file. Pieces are copied together, and a block is used again when all in it is written: buffers kept
 * one by one for as long as a disk takes would grow old in the garbage collector's eyes, by the thousand.
 */
export type BlockWriter = {
  /** Copies the bytes behind what there is. */
  put(bytes: Uint8Array): void;
  /** What has been put since the last time, in order. Each is given back with `release` once. */
  take(): Piece[];
};

export type Piece = { bytes: Uint8Array; readonly block: Block };
type Block = { readonly memory: Uint8Array; pieces: number; filling: boolean };

const BLOCK_BYTES = 64 * 1024;
/** More are left to the garbage collector. */
const MAX_SPARE = 16;
const spare: Uint8Array[] = [];

/** `maxPiece`: bytes that are put together are in pieces of no more than this, unless they came at once. */
export function createBlockWriter(maxPiece: number): BlockWriter {
  let block: Block | null = null;
  let start = 0;
  let end = 0;
  let pieces: Piece[] = [];

  function closePiece(): void {
    if (!block || end === start) return;
    pieces.push({ bytes: block.memory.subarray(start, end), block });
    block.pieces++;
    start = end;
  }

  function nextBlock(atLeast: number): Block {
    if (block) {
      block.filling = false;
      recycle(block);
    }
    const memory =
      atLeast > BLOCK_BYTES ? new Uint8Array(atLeast) : (spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES));
    start = 0;
    end = 0;
    return { memory, pieces: 0, filling: true };
  }

  return {
    put(bytes) {
      if (end > start && end - start + bytes.length > maxPiece) closePiece();
      if (!block || end + bytes.length > block.memory.length) {
        closePiece();
        block = nextBlock(bytes.length);
      }
      block.memory.set(bytes, end);
      end += bytes.length;
    },
    take() {
      closePiece();
      // Not kept for a pane that says no more.
      if (block && end === block.memory.length) {
        block.filling = false;
        block = null;
        start = 0;
        end = 0;
      }
      const taken = pieces;
      pieces = [];
      return taken;
    },
  };
}

export function release({ block }: Piece): void {
  block.pieces--;
  recycle(block);
}

function recycle(block: Block): void {
  if (block.filling || block.pieces > 0) return;
  if (block.memory.length === BLOCK_BYTES && spare.length < MAX_SPARE) spare.push(block.memory);
}

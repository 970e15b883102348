import { type FileHandle, open } from 'node:fs/promises';
import { createTimeFormat } from '../core/time-format.ts';

/** A pane's readable log from the start of its present program, read piece by piece. */
export type LogTail = {
  /** What has been written since the last time, without the times before the lines; the last line may be half. */
  next(): Promise<string[]>;
};

/** What a look takes from a log at once, and so the most it reads of what a program wrote in a flood. */
const MAX_READ_BYTES = 1024 * 1024;
/** The host's words at the beginning of a run: `--- started npm run dev (epoch 3, pid 4711)`. */
const STARTED = /^--- started .*\(epoch (\d+), pid \d+\)$/;

/** `file`: where the host writes it; it need not be there yet. `epoch`: of the run that is meant. */
export function openLogTail({ file, timeFormat, epoch }: { file: string; timeFormat: string; epoch: number }): LogTail {
  const format = createTimeFormat(timeFormat);
  /** Null: the beginning of the run has not been found. */
  let position: number | null = null;
  let inode = 0;

  function textOf(line: string): string {
    return line.slice(format.parse(line, new Date())?.end ?? 0).trimStart();
  }

  async function read(handle: FileHandle): Promise<string[]> {
    const { size, ino } = await handle.stat();
    if (ino !== inode || size < (position ?? 0)) {
      // Rotated or emptied: all that is in the new file is of this run, if the run was found before.
      if (position !== null) position = 0;
      inode = ino;
    }
    const from = position ?? Math.max(0, size - MAX_READ_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size - from, MAX_READ_BYTES)), {
      position: from,
    });
    const text = buffer.toString('utf8', 0, bytesRead);
    const lines = text.split('\n');
    if (position !== null) {
      // The last line is read again: it may have been half.
      position = from + bytesRead - Buffer.byteLength(lines.at(-1)!);
      return lines.map(textOf);
    }
    const start = lines.findLastIndex((line) => STARTED.exec(textOf(line))?.[1] === String(epoch));
    if (start < 0) return [];
    position = from + bytesRead - Buffer.byteLength(lines.at(-1)!);
    return lines.slice(start + 1).map(textOf);
  }

  return {
    async next() {
      let handle: FileHandle;
      try {
        handle = await open(file, 'r');
      } catch {
        // Not written yet, or not logged.
        return [];
      }
      try {
        return await read(handle);
      } finally {
        await handle.close();
      }
    },
  };
}

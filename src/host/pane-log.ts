import fs from 'node:fs';
import path from 'node:path';
import type { LogDescription } from '../core/log-names.ts';
import type { Exit } from '../core/session.ts';
import type { LogSettings } from '../core/supervision.ts';
import { createTimeFormat } from '../core/time-format.ts';
import type { HistoryEvents } from '../terminal/line-history.ts';
import { createReadableText } from '../terminal/readable-text.ts';
import type { Screen } from '../terminal/screen.ts';
import type { LogCompressor } from './log-compressor.ts';
import { createLogFile, type Drop, type LogFile } from './log-file.ts';
import { makeDirectory } from './open-log-file.ts';

/**
 * A pane's logs: what it shows as readable text, and what its terminal sent, byte for byte. Written by the host, so that no daemon is needed
 * for it. Nothing here throws or makes a pane wait.
 */
export type PaneLog = {
  /** Bytes as they were read. */
  sawBytes(chunk: Uint8Array): void;
  /** The screen has parsed some. */
  wroteScreen(): void;
  /** Around a change of the screen's size. */
  resizing(): () => void;
  /** `shown`: the lines that it has on its screen already. */
  started(program: { name: string; epoch: number; pid: number }, shown?: readonly string[]): void;
  exited(exit: Exit): void;
  /** The pane has another name, and its log another place; goes on without a gap. */
  move(to: { base: string; paneName: string }): Promise<void>;
  /** Forgets all that was logged. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

export type PaneLogOptions = {
  settings: LogSettings;
  pane: number;
  paneName: string;
  /** Path of the files without their endings. */
  base: string;
  screen: Screen;
  compressor: LogCompressor;
};

const SETTLE_MS = 250;
/** While there is output all the time: each look reads the whole screen, of nine panes that draw twenty times a second. */
const BUSY_SETTLE_MS = 750;
const BUSY_MS = 100;
/** After this long without output nothing is left to settle. */
const SETTLED_MS = 1_300;
/**
 * How much of a flood the raw log takes: the beginning, and then so much a second. A pane can print 25 MB a second for hours, and what
 * rotation would throw away at once need not be written.
 */
const RAW_BURST_BYTES = 2 * 1024 * 1024;
const RAW_BYTES_PER_SECOND = 256 * 1024;
const RAW_TAIL_BYTES = 64 * 1024;
/** A spinner writes twenty times a second, and nine of them would be a hundred writes. */
const RAW_GATHER_MS = 750;
const GATHERED_LENGTH = 8 * 1024;
const TEXT_PENDING_BYTES = 512 * 1024;

export function createPaneLog({ settings, pane, screen, compressor, ...names }: PaneLogOptions): PaneLog {
  let { paneName, base } = names;
  const format = createTimeFormat(settings.timeFormat);
  const common = {
    maxSizeBytes: settings.maxSizeBytes,
    intervalMs: settings.intervalMs,
    retain: settings.retain,
    compressor: settings.compress ? compressor : null,
  };
  const text = createLogFile({
    ...common,
    path: `${base}.log`,
    maxPendingBytes: TEXT_PENDING_BYTES,
    describeDrop: ({ lines, bytes, reason }) => record(`… ${lines} lines (${bytes} bytes) dropped: ${reason}`),
  });
  const raw = settings.raw
    ? createRawLog(
        createLogFile({ ...common, path: `${base}.raw`, gatherMs: RAW_GATHER_MS, describeDrop: describeRawDrop }),
      )
    : null;
  let lastOutputAt = 0;
  let timer: NodeJS.Timeout | null = null;
  let gathered = '';
  let gatheredLines = 0;
  let stampedAt = 0;
  let stamp = '';

  let broken = false;
  const readable = createReadableText({
    track: (events) => screen.trackLines(mapEvents(events, attempt)),
    rows: () => screen.rows,
    onLine: (line, ofScreen) => write(ofScreen ? `[screen] ${line}` : line),
    onSkipped: (count) => write(`… ${count} lines not logged: too many at once`, count),
    nowMs: () => performance.now(),
  });

  /** Reads the screen's insides: a defect there ends the readable text, and neither the screen nor the raw log. */
  function attempt(read: () => void): void {
    if (broken) return;
    try {
      read();
    } catch (error) {
      broken = true;
      write(`… text is logged no more: ${oneLine(String(error))}`);
    }
    handOver();
  }

  function write(line: string, lines = 1): void {
    gathered += record(line);
    gatheredLines += lines;
    if (gathered.length >= Math.min(GATHERED_LENGTH, settings.maxSizeBytes / 4)) handOver();
  }

  /** Many lines are one piece of the file's queue. */
  function handOver(): void {
    if (gathered === '') return;
    text.append(Buffer.from(gathered), gatheredLines);
    gathered = '';
    gatheredLines = 0;
  }

  function record(line: string): string {
    const time = Date.now();
    // Thousands of lines may have the same time.
    if (time !== stampedAt) {
      stamp = format.format(new Date(time));
      stampedAt = time;
    }
    return stamp === '' ? `${line}\n` : `${stamp} ${line}\n`;
  }

  function settle(): void {
    timer = null;
    const quietMs = performance.now() - lastOutputAt;
    attempt(() => readable.settle(quietMs));
    if (quietMs < SETTLED_MS) timer = setTimeout(settle, quietMs < BUSY_MS ? BUSY_SETTLE_MS : SETTLE_MS);
    else raw?.tellSkipped();
  }

  function disarm(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }

  /** For readers: whose log it is, and how its times are written. */
  function describe(): void {
    const description: LogDescription = { pane, name: paneName, timeFormat: settings.timeFormat };
    const file = `${base}.json`;
    const part = `${file}.part`;
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = fs.constants;
    makeDirectory(path.dirname(file))
      .then(() => fs.promises.open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600))
      .then((handle) => handle.writeFile(`${JSON.stringify(description)}\n`).finally(() => handle.close()))
      .then(() => fs.promises.rename(part, file))
      .catch(() => {
        // Readers then guess; written again at the next start.
      });
  }

  return {
    sawBytes(chunk) {
      raw?.append(chunk);
    },
    wroteScreen() {
      lastOutputAt = performance.now();
      attempt(readable.wrote);
      timer ??= setTimeout(settle, SETTLE_MS);
    },
    resizing() {
      let after = (): void => {};
      attempt(() => {
        after = readable.resizing();
      });
      return () => attempt(after);
    },
    started({ name, epoch, pid }, shown = []) {
      broken = false;
      attempt(readable.restart);
      describe();
      write(`--- started ${oneLine(name)} (epoch ${epoch}, pid ${pid})`);
      const last = shown.findLastIndex((line) => line.trim() !== '');
      for (const line of shown.slice(0, last + 1)) write(line);
      handOver();
    },
    exited(exit) {
      attempt(readable.finish);
      disarm();
      raw?.tellSkipped();
      write(`--- exited with ${exit.signal ?? `code ${exit.code}`}`);
      handOver();
    },
    async move(to) {
      handOver();
      const before = base;
      ({ base, paneName } = to);
      await Promise.all([text.move(`${base}.log`), raw?.file.move(`${base}.raw`)]);
      describe();
      await fs.promises.rm(`${before}.json`, { force: true });
    },
    async empty() {
      await Promise.all([text.empty(), raw?.file.empty()]);
    },
    async close() {
      if (timer) attempt(readable.finish);
      disarm();
      readable.dispose();
      raw?.tellSkipped();
      await Promise.all([text.close(), raw?.file.close()]);
    },
  };
}

function mapEvents(events: HistoryEvents, attempt: (read: () => void) => void): HistoryEvents {
  return {
    onDiscard: () => attempt(events.onDiscard),
    onErase: () => attempt(events.onErase),
    onEraseScrollback: () => attempt(events.onEraseScrollback),
    onReset: () => attempt(events.onReset),
    onLeaveAlternate: () => attempt(events.onLeaveAlternate),
  };
}

type RawLog = { file: LogFile; append(chunk: Uint8Array): void; tellSkipped(): void };

/** Leaves out the middle of a flood, and says in the stream how much. */
function createRawLog(file: LogFile): RawLog {
  let allowance = RAW_BURST_BYTES;
  let refilledAt = performance.now();
  let skipped = 0;
  /** The last of what was left out: how a flood ends is worth more than what is in it. A ring, made when first needed. */
  let tail: Buffer | null = null;
  let tailEnd = 0;
  let tailBytes = 0;

  function leaveOut(chunk: Uint8Array): void {
    tail ??= Buffer.allocUnsafeSlow(RAW_TAIL_BYTES);
    const kept = chunk.length > RAW_TAIL_BYTES ? chunk.subarray(chunk.length - RAW_TAIL_BYTES) : chunk;
    const first = Math.min(kept.length, RAW_TAIL_BYTES - tailEnd);
    tail.set(kept.subarray(0, first), tailEnd);
    tail.set(kept.subarray(first), 0);
    tailEnd = (tailEnd + kept.length) % RAW_TAIL_BYTES;
    const all = tailBytes + chunk.length;
    tailBytes = Math.min(all, RAW_TAIL_BYTES);
    skipped += all - tailBytes;
  }

  function tellSkipped(): void {
    if (skipped > 0) file.append(Buffer.from(rawNote(`${skipped} bytes not logged: too many at once`)), 0);
    if (tail && tailBytes > 0) {
      const start = (tailEnd - tailBytes + RAW_TAIL_BYTES) % RAW_TAIL_BYTES;
      file.append(tail.subarray(start, Math.min(RAW_TAIL_BYTES, start + tailBytes)), 0);
      file.append(tail.subarray(0, Math.max(0, start + tailBytes - RAW_TAIL_BYTES)), 0);
    }
    skipped = 0;
    tailBytes = 0;
  }

  return {
    file,
    append(chunk) {
      if (allowance < chunk.length || tailBytes > 0) {
        const time = performance.now();
        allowance = Math.min(RAW_BURST_BYTES, allowance + ((time - refilledAt) / 1000) * RAW_BYTES_PER_SECOND);
        refilledAt = time;
        // In pieces worth a note each, not one chunk here and one there.
        if (allowance < (tailBytes > 0 ? RAW_BYTES_PER_SECOND / 2 : chunk.length)) {
          leaveOut(chunk);
          return;
        }
        tellSkipped();
      }
      allowance -= chunk.length;
      file.append(chunk, 0);
    },
    tellSkipped,
  };
}

function describeRawDrop({ bytes, reason }: Drop): string {
  return rawNote(`${bytes} bytes dropped: ${reason}`);
}

/** CAN ends whatever sequence the gap has cut through. */
function rawNote(note: string): string {
  return `\x18\r\n… ${note}\r\n`;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
}

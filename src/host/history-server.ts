import { createHistoryFrameWriter } from '../protocol/history-frame.ts';
import type { Pane } from './pane.ts';

/**
 * Sends one client the lines of a pane as they are when it asks: the screen and what is above it at once, the rest from the bottom up, a
 * piece in each turn of the event loop. What leaves the scrollback meanwhile is lost to that client, and only that.
 */
export type HistoryServer = {
  start(pane: number, id: number): void;
  cancel(id: number): void;
  /** The client has read what was sent. */
  drained(): void;
  /** The pane's synchronized frame is complete right now. */
  frameEnded(pane: number): void;
  /** The pane is about to be resized: what is still to be sent goes now, because its lines are about to be others. */
  beforeResize(pane: number): void;
  dispose(): void;
};

export type HistoryServerDeps = {
  panes: ReadonlyMap<number, Pane>;
  send(payload: Buffer): void;
  /** False while the client does not read what it has been sent. */
  ready(): boolean;
};

const CHUNK_LINES = 250;
/** Lines may be heavy: with a link on every cell. */
const CHUNK_BYTES = 128 * 1024;
/** A program that never ends its frame is read in the middle of it; the viewer waits as long. */
const SYNCHRONIZED_MAX_MS = 1000;
/** One client reads one history at a time, or a few. */
const MAX_TRANSFERS = 16;

type Transfer = {
  id: number;
  pane: Pane;
  /** Null until the pane's frame is complete. */
  begun: { cols: number; total: number; departed: number; prompts: number[] } | null;
  /** This line and those below it are sent. */
  next: number;
  /** Of the frame before, on average. */
  lineBytes: number;
  timer: NodeJS.Timeout | null;
};

/** One for the whole process. */
const writer = createHistoryFrameWriter();

export function createHistoryServer({ panes, send, ready }: HistoryServerDeps): HistoryServer {
  const transfers = new Map<number, Transfer>();
  let scheduled: NodeJS.Immediate | null = null;

  function begin(transfer: Transfer): void {
    const { screen } = transfer.pane;
    if (transfer.timer) clearTimeout(transfer.timer);
    transfer.timer = null;
    const { scrollbackLines, rows, cols } = screen;
    const total = scrollbackLines + rows;
    const prompts = screen.promptRows().map((row) => row + scrollbackLines);
    transfer.begun = { cols, total, departed: screen.departedLines, prompts };
    transfer.next = total;
    sendChunk(transfer);
    schedule();
  }

  function schedule(): void {
    if (scheduled || !ready() || ![...transfers.values()].some(({ begun }) => begun)) return;
    scheduled = setImmediate(() => {
      scheduled = null;
      const transfer = [...transfers.values()].find(({ begun }) => begun);
      if (transfer) sendChunk(transfer);
      schedule();
    });
  }

  function sendChunk(transfer: Transfer): void {
    const { pane, begun, id } = transfer;
    if (!begun) return;
    const { screen } = pane;
    const gone = screen.departedLines - begun.departed;
    // Row 0 of `line` is the first of the screen; ours count from the oldest, of which some have left.
    const rowOf = (number: number): number => number - gone - screen.scrollbackLines;
    const isFirst = transfer.next === begun.total;
    const end = transfer.next;
    const room = Math.max(1, Math.min(CHUNK_LINES, Math.floor(CHUNK_BYTES / transfer.lineBytes)));
    const first = Math.min(end, Math.max(0, gone, end - (isFirst ? Math.max(room, screen.rows) : room)));
    const cursor = screen.cursor();
    writer.begin({
      id,
      cols: begun.cols,
      total: begun.total,
      first,
      last: first <= gone,
      rows: screen.rows,
      cursorRow: cursor.row,
      cursorCol: cursor.col,
      prompts: isFirst ? begun.prompts : [],
      departed: begun.departed,
    });
    for (let number = first; number < end; number++) {
      const line = screen.line(rowOf(number));
      writer.line(line ?? { wrapped: false, words: new Uint32Array(0), extraAt: () => undefined });
    }
    transfer.next = first;
    transfer.lineBytes = writer.bytes / Math.max(1, end - first);
    if (first <= gone) transfers.delete(id);
    send(writer.finish());
  }

  return {
    start(number, id) {
      const pane = panes.get(number);
      if (!pane || transfers.size >= MAX_TRANSFERS) {
        send(emptyFrame(id));
        return;
      }
      const transfer: Transfer = { id, pane, begun: null, next: 0, lineBytes: 1, timer: null };
      transfers.set(id, transfer);
      if (pane.screen.synchronized) transfer.timer = setTimeout(() => begin(transfer), SYNCHRONIZED_MAX_MS);
      else begin(transfer);
    },
    cancel(id) {
      const transfer = transfers.get(id);
      if (transfer?.timer) clearTimeout(transfer.timer);
      transfers.delete(id);
    },
    drained: schedule,
    frameEnded(number) {
      for (const transfer of transfers.values())
        if (transfer.pane.number === number && !transfer.begun) begin(transfer);
    },
    beforeResize(number) {
      for (const transfer of [...transfers.values()]) {
        if (transfer.pane.number !== number) continue;
        if (!transfer.begun) begin(transfer);
        while (transfers.has(transfer.id)) sendChunk(transfer);
      }
    },
    dispose() {
      if (scheduled) clearImmediate(scheduled);
      for (const { timer } of transfers.values()) if (timer) clearTimeout(timer);
      transfers.clear();
    },
  };
}

/** There is nothing to read in this pane. */
function emptyFrame(id: number): Buffer {
  writer.begin({ id, cols: 1, total: 0, first: 0, last: true, rows: 0, cursorRow: 0, cursorCol: 0, prompts: [] });
  return writer.finish();
}

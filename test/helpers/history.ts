import { createSnapshot, type Snapshot } from '../../src/client/copy-mode/snapshot.ts';
import { createHistoryFrameWriter } from '../../src/protocol/history-frame.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';

/** Frames of all lines of a screen, the newest first, as a host sends them. */
export function historyFrames(screen: Screen, { id = 1, linesEach = 100_000 } = {}): Buffer[] {
  const writer = createHistoryFrameWriter();
  const total = screen.scrollbackLines + screen.rows;
  const cursor = screen.cursor();
  const frames: Buffer[] = [];
  for (let end = total; end > 0; ) {
    const first = Math.max(0, end - linesEach);
    writer.begin({
      id,
      cols: screen.cols,
      total,
      first,
      last: first === 0,
      rows: screen.rows,
      cursorRow: cursor.row,
      cursorCol: cursor.col,
      prompts: end === total ? screen.promptRows().map((row) => row + screen.scrollbackLines) : [],
      departed: screen.departedLines,
    });
    for (let number = first; number < end; number++) writer.line(screen.line(number - screen.scrollbackLines)!);
    frames.push(writer.finish());
    end = first;
  }
  return frames;
}

export function snapshotOf(screen: Screen): Snapshot {
  const snapshot = createSnapshot(1);
  for (const frame of historyFrames(screen, { linesEach: 7 })) snapshot.take(frame);
  return snapshot;
}

/** What a program that writes this leaves behind. */
export function snapshotOfText(text: string, { cols = 20, rows = 4, scrollback = 1000 } = {}): Snapshot {
  const screen = createScreen({ cols, rows, scrollback });
  screen.write(text.replaceAll('\n', '\r\n'));
  const snapshot = snapshotOf(screen);
  screen.dispose();
  return snapshot;
}

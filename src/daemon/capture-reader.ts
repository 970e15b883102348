import type { CaptureFormat, CapturePiece, CaptureResult } from '../protocol/control.ts';
import type { HostLink } from './host-link.ts';

/** The reply is one frame of at most 32 MB, in which every character may have to be escaped. */
const MAX_REPLY_BYTES = 24 * 1024 * 1024;

/** `scrollback`: how many lines before the screen. Throws NonetError `no-such-pane` for a pane that never ran. */
export function capturePane(
  host: Pick<HostLink, 'request'>,
  wish: { pane: number; format: CaptureFormat; scrollback: number },
): Promise<CaptureResult> {
  return readCapture((piece) => host.request('capture', { ...wish, ...piece }));
}

/**
 * Asks for a capture piece by piece, from the newest line up, so that the host has time for others in between, and joins the pieces. What is
 * too much for one reply, or left the scrollback meanwhile, is counted in `omittedLines`.
 */
export async function readCapture(
  ask: (wish: { from?: number; before?: number }) => Promise<CapturePiece>,
): Promise<CaptureResult> {
  const newest = await ask({});
  const { first: _first, top, more: _more, ...result } = newest;
  const pieces = [newest];
  let bytes = sizeOf(newest);
  for (let piece = newest; piece.more; ) {
    piece = await ask({ from: top, before: piece.first });
    bytes += sizeOf(piece);
    if (bytes > MAX_REPLY_BYTES) break;
    pieces.unshift(piece);
  }
  const omitted = pieces[0]!.first - top;
  const lines = result.lines && pieces.flatMap((piece) => piece.lines ?? []);
  const text = lines ? lines.map((line) => `${line.text}\n`).join('') : pieces.map((piece) => piece.text).join('');
  return {
    ...result,
    text: withoutBlankEnd(text),
    ...(lines && { lines }),
    ...(omitted > 0 && { omittedLines: omitted }),
  };
}

/** On the wire. Lines are told once more as text. */
function sizeOf({ text, lines }: CapturePiece): number {
  return Buffer.byteLength(JSON.stringify(lines ?? text)) * (lines ? 2 : 1);
}

function withoutBlankEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '\n') end--;
  return end === 0 ? '' : `${text.slice(0, end)}\n`;
}

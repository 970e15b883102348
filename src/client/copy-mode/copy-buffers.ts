/** What has been copied, newest first. */
export type CopyBuffers = {
  add(text: string): void;
  readonly newest: string | null;
  readonly all: readonly string[];
};

const MAX_BUFFERS = 20;

export function createCopyBuffers(): CopyBuffers {
  let texts: readonly string[] = [];
  return {
    add(text) {
      texts = [text, ...texts.filter((other) => other !== text)].slice(0, MAX_BUFFERS);
    },
    get newest() {
      return texts[0] ?? null;
    },
    get all() {
      return texts;
    },
  };
}

/** Pieces short enough to be messages of their own; no character is cut in two. */
export function pastePieces(text: string, pieceLength = 32 * 1024): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + pieceLength);
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1]!)) end++;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

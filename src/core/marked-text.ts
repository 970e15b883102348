/** A part of a text, whole characters as people see them. */
export type TextPiece = { text: string; marked: boolean };

/** Cuts a text where its marks begin and end; a character of which a part is marked is marked as a whole. `ranges`: ascending, from and to before. */
export function splitMarks(text: string, ranges: readonly (readonly [from: number, to: number])[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  const add = (part: string, marked: boolean): void => {
    const last = pieces.at(-1);
    if (last && last.marked === marked) last.text += part;
    else pieces.push({ text: part, marked });
  };
  let next = 0;
  const isMarked = (from: number, to: number): boolean => {
    while (next < ranges.length && ranges[next]![1] <= from) next++;
    return next < ranges.length && ranges[next]![0] < to;
  };
  if (/^[ -~]*$/.test(text)) {
    for (let at = 0; at < text.length; at++) add(text[at]!, isMarked(at, at + 1));
    return pieces;
  }
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment, index } of segmenter.segment(text)) add(segment, isMarked(index, index + segment.length));
  return pieces;
}

/** Places as ranges: those next to each other are one. */
export function rangesOf(positions: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const at of positions) {
    const last = ranges.at(-1);
    if (last && last[1] === at) last[1] = at + 1;
    else ranges.push([at, at + 1]);
  }
  return ranges;
}

let segmenter: Intl.Segmenter | undefined;

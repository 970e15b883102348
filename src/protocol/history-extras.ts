import { type CellExtra, HAS_STYLE, HAS_TEXT, WORDS_PER_CELL } from '../core/cell.ts';

/** A line with more links than this loses the rest of them: a frame must stay a frame. */
const MAX_LINK_CHARS = 64 * 1024;

/** A link is named once a line, however many of its cells it lies on. */
export type PackedExtras = {
  links: { id: string; uri: string }[];
  cells: [col: number, underlineStyle: number, underlineColor: number, link: number, text?: string][];
};

export function packExtras(
  words: Uint32Array,
  cells: number,
  extraAt: (col: number) => CellExtra | undefined,
): PackedExtras {
  const packed: PackedExtras = { links: [], cells: [] };
  let linkChars = 0;
  const indexOf = (link: { id: string; uri: string } | undefined): number => {
    if (!link) return -1;
    const last = packed.links.length - 1;
    if (packed.links[last]?.id === link.id && packed.links[last]?.uri === link.uri) return last;
    linkChars += link.uri.length;
    return linkChars > MAX_LINK_CHARS ? -1 : packed.links.push(link) - 1;
  };
  for (let col = 0; col < cells; col++) {
    const extra = isSpecial(words, col) ? extraAt(col) : undefined;
    if (!extra) continue;
    const cell: PackedExtras['cells'][number] = [col, extra.underlineStyle, extra.underlineColor, indexOf(extra.link)];
    if (extra.text !== undefined) cell.push(extra.text);
    packed.cells.push(cell);
  }
  return packed;
}

export function unpackExtras(json: string): [col: number, extra: CellExtra][] {
  const { links, cells } = JSON.parse(json) as PackedExtras;
  return cells.map(([col, underlineStyle, underlineColor, index, text]) => {
    const link = links[index];
    return [
      col,
      { underlineStyle, underlineColor, ...(link ? { link } : {}), ...(text === undefined ? {} : { text }) },
    ];
  });
}

function isSpecial(words: Uint32Array, col: number): boolean {
  const at = col * WORDS_PER_CELL;
  return (words[at]! & HAS_TEXT) !== 0 || (words[at + 2]! & HAS_STYLE) !== 0;
}

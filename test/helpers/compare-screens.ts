import type { Rect } from '../../src/core/geometry.ts';
import type { ReferenceCell, ReferenceTerminal } from './reference-terminal.ts';

/**
 * Differences between a rectangle of one screen and another screen (its top left part of that size), cell by cell: grapheme, width,
 * colours, attributes, and which cells belong to one link. Empty when they are equal.
 */
export function compareScreens(actual: ReferenceTerminal, rect: Rect, expected: ReferenceTerminal): string {
  const differences: string[] = [];
  const links = new Map<string, string>();
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      const a = actual.cell(rect.x + x, rect.y + y);
      const b = expected.cell(x, y);
      const difference = compareCells(a, b, links);
      if (difference) differences.push(`column ${x}, row ${y}: ${difference}`);
    }
  }
  if (differences.length === 0) return '';
  const rows = Array.from({ length: rect.height }, (_, y) => y).filter((y) => {
    return rowText(actual, rect, y) !== rowText(expected, { ...rect, x: 0, y: 0 }, y);
  });
  return [
    `${differences.length} of ${rect.width * rect.height} cells differ`,
    ...differences.slice(0, 8),
    ...rows
      .slice(0, 4)
      .flatMap((y) => [
        `row ${y} is        |${rowText(actual, rect, y)}|`,
        `row ${y} should be |${rowText(expected, { ...rect, x: 0, y: 0 }, y)}|`,
      ]),
  ].join('\n');
}

/** A copy of a rectangle's cells, to compare with later. */
export function copyCells(screen: ReferenceTerminal, rect: Rect): ReferenceCell[] {
  const cells: ReferenceCell[] = [];
  for (let y = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) cells.push(screen.cell(rect.x + x, rect.y + y));
  }
  return cells;
}

export function rectText(screen: ReferenceTerminal, rect: Rect): string[] {
  return Array.from({ length: rect.height }, (_, y) => rowText(screen, rect, y).trimEnd());
}

function rowText(screen: ReferenceTerminal, rect: Rect, y: number): string {
  let text = '';
  for (let x = 0; x < rect.width; x++) text += screen.cell(rect.x + x, rect.y + y).chars;
  return text;
}

function compareCells(a: ReferenceCell, b: ReferenceCell, links: Map<string, string>): string {
  const found: string[] = [];
  if (a.chars !== b.chars) found.push(`${JSON.stringify(a.chars)} instead of ${JSON.stringify(b.chars)}`);
  if (a.width !== b.width) found.push(`width ${a.width} instead of ${b.width}`);
  // Colour and boldness of a blank's foreground cannot be seen, unless something is drawn with it.
  const drawn = a.chars.trim() !== '' || drawsOnBlank(a) || drawsOnBlank(b);
  if (drawn && a.fg !== b.fg) found.push(`foreground ${hex(a.fg)} instead of ${hex(b.fg)}`);
  if (a.bg !== b.bg) found.push(`background ${hex(a.bg)} instead of ${hex(b.bg)}`);
  const flags = (cell: ReferenceCell) => (drawn ? cell.flags.join(' ') : '');
  if (flags(a) !== flags(b)) found.push(`[${a.flags}] instead of [${b.flags}]`);
  if ((a.link === 0) !== (b.link === 0)) found.push(a.link ? 'a link instead of none' : 'no link instead of one');
  else if (a.link !== 0) {
    // Ids are the terminal's own; what must agree is which cells share one.
    for (const [from, to] of [
      [`actual ${a.link}`, `expected ${b.link}`],
      [`expected ${b.link}`, `actual ${a.link}`],
    ] as const) {
      const known = links.get(from);
      if (known === undefined) links.set(from, to);
      else if (known !== to) found.push(`belongs to another link`);
    }
  }
  return found.join(', ');
}

function drawsOnBlank(cell: ReferenceCell): boolean {
  return cell.flags.some((flag) => flag === 'underline' || flag === 'strikethrough' || flag === 'inverse');
}

function hex(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`;
}

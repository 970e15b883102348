import type { ReactNode } from 'react';
import type { ListItem, ListRow, ListText } from '../client/lists/list-items.ts';
import { type ListLayout, listLayout } from '../client/lists/list-layout.ts';
import { cutText, displayWidth, endOfText, sanitizeText } from '../core/display-text.ts';
import { splitMarks } from '../core/marked-text.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { Overlay } from './overlay.tsx';
import { cutSegments, joinSegments, type Segment, segmentsWidth } from './styled-line.tsx';

/** A list that typing narrows: palette, panes to go to, lines that were found. */
export function List(): ReactNode {
  const { store, keymap } = useChrome();
  useRedrawOn((state) => {
    const layout = listLayout(state, keymap);
    return layout ? `${rowsKey(layout)} ${JSON.stringify({ ...layout, rows: null })}` : '';
  });
  const layout = listLayout(store.getState(), keymap);
  if (!layout) return null;
  const width = layout.rect.width - (layout.framed ? 4 : 0);
  const shown = shownRows(layout);
  const columns = columnWidths(layout.rows, width);
  const lines = shown.map((row, index) => {
    const chosen = layout.scroll + index === layout.chosen;
    return startLine(row, `${width} ${columns} ${chosen}`, () =>
      row.kind === 'heading' ? headingLine(row, width) : itemLine(row, { width, columns, chosen }),
    );
  });
  if (shown.length === 0) lines.push([{ text: layout.empty, dim: true }]);
  return (
    <Overlay
      rect={layout.rect}
      framed={layout.framed}
      title={layout.title}
      footer={layout.footer}
      lines={[queryLine(layout, width), ...lines]}
    />
  );
}

let keyed: { rows: readonly ListRow[]; scroll: number; pageRows: number; key: string } | null = null;

/** It is asked for several times for every key, and rows are long. */
function rowsKey(layout: ListLayout): string {
  const { rows, scroll, pageRows } = layout;
  if (keyed?.rows !== rows || keyed.scroll !== scroll || keyed.pageRows !== pageRows)
    keyed = { rows, scroll, pageRows, key: JSON.stringify(shownRows(layout)) };
  return keyed.key;
}

const drawnLines = new WeakMap<ListRow, { look: string; line: Segment[] }>();

/** The same line as long as row and look are: most keys change two of fifty. */
function startLine(row: ListRow, look: string, draw: () => Segment[]): Segment[] {
  const known = drawnLines.get(row);
  if (known?.look === look) return known.line;
  const line = joinSegments(draw());
  drawnLines.set(row, { look, line });
  return line;
}

function shownRows({ rows, scroll, pageRows }: ListLayout): readonly ListRow[] {
  return rows.slice(scroll, scroll + pageRows);
}

/** So much of what is typed is shown in any case, of its end. */
const QUERY_CELLS = 12;

function queryLine({ prompt, query, note, troubled }: ListLayout, width: number): Segment[] {
  const wanted = Math.min(displayWidth(sanitizeText(query)), QUERY_CELLS) + 3;
  const right = cutText(note, width - displayWidth(prompt) - wanted);
  const room = Math.max(4, width - displayWidth(prompt) - displayWidth(right) - 2);
  const typed = `${endOfText(sanitizeText(query), room)}▏`;
  const gap = width - displayWidth(prompt) - displayWidth(typed) - displayWidth(right);
  return [
    { text: prompt, bold: true, color: 'cyan' },
    { text: typed },
    { text: ' '.repeat(Math.max(1, gap)) },
    { text: right, ...(troubled ? { bold: true, color: 'yellow' } : { dim: true }) },
  ];
}

function headingLine({ text, note }: Extract<ListRow, { kind: 'heading' }>, width: number): Segment[] {
  const name = cutText(text, Math.max(8, width - displayWidth(note) - 2));
  return [
    { text: name, bold: true, color: 'cyan' },
    { text: `  ${note}`, dim: true },
  ];
}

const MARGIN = 2;

/** What is chosen is told by a sign and by colour. */
function itemLine(
  item: ListItem,
  { width, columns, chosen }: { width: number; columns: readonly number[]; chosen: boolean },
): Segment[] {
  const press = width >= 60 ? item.press : item.chord;
  const room = width - MARGIN - (press === '' ? 0 : displayWidth(press) + 1);
  const segments: Segment[] = [{ text: chosen ? '▶ ' : '  ', bold: true }];
  for (const [index, cell] of item.cells.entries()) {
    const used = segmentsWidth(segments) - MARGIN;
    const cells = Math.min(columns[index] ?? room, room - used);
    if (cells <= 0) break;
    const pieces = fitText(cell, cells);
    segments.push(...pieces);
    if (index < item.cells.length - 1) segments.push({ text: ' '.repeat(cells - segmentsWidth(pieces) + 2) });
  }
  const cut = cutSegments(segments, room + MARGIN);
  if (press !== '') cut.push({ text: ' '.repeat(room + MARGIN - segmentsWidth(cut) + 1) }, { text: press, bold: true });
  if (!chosen) return cut;
  const filled = [...cut, { text: ' '.repeat(Math.max(0, width - segmentsWidth(cut))) }];
  return filled.map((segment) => ({ ...segment, inverse: true, dim: false }));
}

/** In so many cells, with the first match among them. */
function fitText({ text, ranges, dim = false }: ListText, width: number): Segment[] {
  const pieces = splitMarks(text, ranges).map(({ text: part, marked }): Segment => {
    const shown = sanitizeText(part);
    return marked ? { text: shown, bold: true, underline: true, color: 'yellow' } : { text: shown, dim };
  });
  const before = pieces[0]?.underline ? undefined : pieces[0];
  const match = before ? pieces[1] : undefined;
  if (before && match && displayWidth(before.text) + displayWidth(match.text) > width) {
    const room = Math.max(1, Math.min(width >> 1, width - displayWidth(match.text)));
    before.text = `…${endOfText(before.text, room - 1)}`;
  }
  return cutSegments(pieces, width);
}

/** All but the last column, as wide as they need to be and leave room for the last. */
function columnWidths(rows: readonly ListRow[], width: number): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    if (row.kind !== 'item') continue;
    for (const [index, { text }] of row.cells.slice(0, -1).entries())
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(text));
  }
  return widths.map((wanted) => Math.min(wanted, Math.floor(width / 2)));
}

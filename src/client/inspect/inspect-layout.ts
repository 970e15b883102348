import { cutText, displayWidth, padText, sanitizeText, wrapText } from '../../core/display-text.ts';
import type { Rect } from '../../core/geometry.ts';
import { describeDetail } from '../../core/pane-details.ts';
import { placeBox } from '../overlays.ts';
import { selectGeometry, selectPane } from '../selectors.ts';
import type { ClientState } from '../store.ts';

/** Where the overlays lie that look at one pane, and what the info says; the router scrolls, ui/ draws and the compositor covers by it. */
export type InspectBox = { rect: Rect; framed: boolean };

export type InfoLayout = InspectBox & {
  title: string;
  lines: { label: string; text: string }[];
  scroll: number;
  pageRows: number;
  maxScroll: number;
};

const INFO_COLS = 100;
const LABEL_COLS = 12;
const RENAME_COLS = 46;
/** As tall as the screen allows: what is in it changes, and the box is to stay where it is. */
const ALL_ROWS = 1000;

/** Null unless one of them is open and there is a screen to show it on. */
export function inspectBox(state: ClientState): InspectBox | null {
  const { mode, cols, rows } = state.view;
  if (selectGeometry(state).mode === 'too-small') return null;
  if (mode === 'info') return placeBox(cols, rows, INFO_COLS, ALL_ROWS);
  if (mode === 'log') return placeBox(cols, rows, cols, ALL_ROWS);
  if (mode === 'rename') return placeBox(cols, rows, RENAME_COLS, 3);
  return null;
}

/** Cells for text inside the box. */
export function innerSize({ rect, framed }: InspectBox): { cols: number; rows: number } {
  return { cols: Math.max(1, rect.width - (framed ? 4 : 0)), rows: Math.max(1, rect.height - (framed ? 2 : 0)) };
}

export function infoLayout(state: ClientState): InfoLayout | null {
  const { info } = state.view;
  const box = inspectBox(state);
  if (!info || !box || state.view.mode !== 'info') return null;
  const { cols, rows } = innerSize(box);
  const name = info.detail?.name ?? selectPane(state, info.pane)?.name ?? '';
  const lines = infoLines(state, cols);
  const maxScroll = Math.max(0, lines.length - rows);
  return {
    ...box,
    title: `${info.pane} ${cutText(sanitizeText(name), 40)}`,
    lines,
    scroll: Math.max(0, Math.min(info.scroll, maxScroll)),
    pageRows: rows,
    maxScroll,
  };
}

function infoLines(state: ClientState, cols: number): { label: string; text: string }[] {
  const { detail, problem, at } = state.view.info!;
  const labelCols = Math.min(LABEL_COLS, cols >> 1);
  const lines = wrapText(sanitizeText(problem), cols).map((text) => ({ label: '', text }));
  if (!detail) return lines.length > 0 ? lines : [{ label: '', text: 'asking the daemon …' }];
  const width = Math.max(1, cols - labelCols - 1);
  for (const { label, text } of describeDetail(detail, at)) {
    // The end of a screen is read as it stood, a sentence as it fits.
    const pieces = label === '' || displayWidth(text) <= width ? [cutText(text, width)] : wrapText(text, width);
    pieces.forEach((piece, index) => {
      lines.push({ label: padText(index === 0 ? label : '', labelCols + 1), text: piece });
    });
  }
  return lines;
}

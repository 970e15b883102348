import { computeGeometry, type GeometryInput, type Rect } from '../../src/core/geometry.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { rectText } from './compare-screens.ts';
import type { ReferenceTerminal } from './reference-terminal.ts';

/** Where nonet's panes are on a screen, and what is in them. */
export type View = Partial<Pick<GeometryInput, 'grid' | 'paneCount' | 'panes' | 'focused' | 'zoomed'>>;

function boxOf(screen: Size, pane: number, view: View) {
  const { grid = regularGrid(3, 3), paneCount = 9, panes, focused = pane, zoomed = false } = view;
  const { cols, rows } = screen;
  const box = computeGeometry({ cols, rows, grid, paneCount, panes, focused, zoomed }).boxes.find(
    (candidate) => candidate.pane === pane,
  );
  if (!box) throw new Error(`pane ${pane} is not on a screen of ${screen.cols}x${screen.rows}`);
  return box;
}

export type Size = { cols: number; rows: number };

/** The rectangle of a pane's own cells. */
export function paneRect(screen: Size, pane: number, view: View = {}): Rect {
  return boxOf(screen, pane, view).inner;
}

export function paneText(screen: ReferenceTerminal, pane: number, view: View = {}): string[] {
  return rectText(screen, paneRect(screen, pane, view));
}

/** The pane's rows as one text without line breaks, for words that a narrow pane may wrap. */
export function paneWords(screen: ReferenceTerminal, pane: number, view: View = {}): string {
  return paneText(screen, pane, view).join('');
}

export function titleText(screen: ReferenceTerminal, pane: number, view: View = {}): string {
  return rectText(screen, boxOf(screen, pane, view).title).join('');
}

export function statusText(screen: ReferenceTerminal): string {
  return screen.row(screen.rows - 1);
}

/** The pane that the cursor is drawn in: the one that will get the keys. */
export function cursorPane(screen: ReferenceTerminal, view: View = {}): number | null {
  const { x, y, visible } = screen.cursor();
  if (!visible) return null;
  const { paneCount = 9 } = view;
  for (let pane = 1; pane <= paneCount; pane++) {
    const rect = paneRect(screen, pane, view);
    if (x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height) return pane;
  }
  return null;
}

/** A shell that shows its pane's number in the prompt, starts fast, and leaves when it is asked to. */
export function shell(number: number): Record<string, unknown> {
  return {
    name: `sh${number}`,
    command: ['bash', '--norc', '--noprofile'],
    env: { PS1: `p${number}$ ` },
    stop: QUICK_STOP,
  };
}

/** An interactive shell ignores SIGTERM. */
export const QUICK_STOP = { signal: 'SIGHUP', timeout: '2s' };

export function nineShells(): Record<string, unknown> {
  return { grid: '3x3', panes: Array.from({ length: 9 }, (_, i) => shell(i + 1)) };
}

/** `panes` first, shells in the rest of the nine. */
export function withShells(...panes: Record<string, unknown>[]): Record<string, unknown> {
  return {
    grid: '3x3',
    panes: [...panes, ...Array.from({ length: 9 - panes.length }, (_, i) => shell(panes.length + i + 1))],
  };
}

/** True when each of the given shells shows its prompt. */
export function showsPrompts(
  screen: ReferenceTerminal,
  panes: number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9],
): boolean | string {
  const silent = panes.filter((pane) => !paneText(screen, pane)[0]?.startsWith(`p${pane}$`));
  return silent.length === 0 || `no prompt in panes ${silent}`;
}

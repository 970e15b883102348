import { cutText, displayWidth, sanitizeText } from '../core/display-text.ts';
import { type PaneView, STATE_MARKS } from '../core/session.ts';
import { placeStrip, type StripItem } from '../core/small-screens.ts';
import { selectGeometry, selectPanes } from './selectors.ts';
import type { ClientState } from './store.ts';

/** The line of all panes on a screen that has room for one: number and mark of each, with its name where there is room for all. */
export type StripEntry = StripItem & { view: PaneView; text: string; calls: boolean };

const NAME_CELLS = 12;

/** Empty where there is no strip. */
export function stripEntries(state: ClientState): StripEntry[] {
  const { strip } = selectGeometry(state);
  if (!strip) return [];
  const panes = selectPanes(state);
  const { news, focused } = state.view;
  const calls = (pane: number): boolean => news.get(pane)?.unseen ?? false;
  const short = panes.map((view) => shortText(view, calls(view.pane)));
  const long = panes.map((view, index) => `${cutText(sanitizeText(view.name), NAME_CELLS)} ${short[index]}`);
  const fits = (texts: readonly string[]): boolean =>
    texts.reduce((sum, text) => sum + displayWidth(text) + 2, 0) <= strip.width;
  const texts = (fits(long) ? long : short).map((text) => ` ${text} `);
  // Blanks between are the first thing to go.
  const narrow = texts.reduce((sum, text) => sum + displayWidth(text), 0) > strip.width;
  const shown = narrow ? short.map((text) => `${text} `) : texts;
  const widths = panes.map(({ pane }, index) => ({ pane, width: displayWidth(shown[index]!) }));
  return placeStrip(widths, strip.width, focused).map((item) => {
    const index = panes.findIndex(({ pane }) => pane === item.pane);
    return { ...item, view: panes[index]!, text: cutText(shown[index]!, item.width), calls: calls(item.pane) };
  });
}

/** The pane whose place on the strip this cell of the screen is. */
export function stripPaneAt(state: ClientState, col: number, row: number): number | null {
  const { strip } = selectGeometry(state);
  if (!strip || row !== strip.y) return null;
  return stripEntries(state).find(({ x, width }) => col >= x && col < x + width)?.pane ?? null;
}

function shortText({ pane, state }: PaneView, calls: boolean): string {
  return `${pane}${STATE_MARKS[state]}${calls ? '!' : ''}`;
}

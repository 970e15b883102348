import type { ReactNode } from 'react';
import { type HelpEntry, type HelpLayout, helpLayout } from '../client/overlays.ts';
import { cutStart, cutText, displayWidth, padText } from '../core/display-text.ts';
import { formatChord } from '../core/keys.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { Overlay, overlayLabelWidth } from './overlay.tsx';
import type { Segment } from './styled-line.tsx';

/** All keys after the prefix, from the command table and the keymap; typing filters. */
export function Help(): ReactNode {
  const { store, keymap } = useChrome();
  useRedrawOn(({ view }) => `${view.mode} ${view.cols} ${view.rows} ${view.help.scroll} ${view.help.filter}`);
  const state = store.getState();
  const layout = helpLayout(state, keymap);
  if (!layout) return null;
  const { entries, scroll, pageRows } = layout;
  const shown = entries.slice(scroll, scroll + pageRows);
  const none: Segment[][] = shown.length === 0 ? [[{ text: 'no key does that' }]] : [];
  return (
    <Overlay
      rect={layout.rect}
      framed={layout.framed}
      title={`Keys after ${formatChord(keymap.prefix)}`}
      footer={footer(layout)}
      lines={[filterLine(state.view.help.filter, layout), ...shown.map((entry) => entryLine(entry, layout)), ...none]}
    />
  );
}

function footer({ rect, maxScroll }: HelpLayout): string {
  const scrolling = ['type to filter, ↑↓ scroll, esc closes', 'type to filter, ↑↓, esc closes'];
  const plain = 'type to filter, esc closes';
  if (maxScroll === 0) return plain;
  return scrolling.find((text) => displayWidth(text) <= overlayLabelWidth(rect)) ?? plain;
}

function filterLine(filter: string, layout: HelpLayout): Segment[] {
  const { rect, framed, entries, scroll, pageRows, maxScroll } = layout;
  const width = rect.width - (framed ? 4 : 0);
  const last = Math.min(entries.length, scroll + pageRows);
  const range = maxScroll > 0 ? `${scroll + 1}–${last} of ${entries.length}` : '';
  const room = Math.max(0, width - displayWidth(range) - 1);
  const left = cutText(`filter: ${cutStart(filter, Math.max(1, room - 'filter: ▏'.length))}▏`, room);
  return [{ text: padText(left, width - displayWidth(range)) }, { text: range, dim: true }];
}

function entryLine(entry: HelpEntry, { keysWidth }: HelpLayout): Segment[] {
  if (entry.kind === 'heading') return [{ text: entry.text, bold: true, color: 'cyan' }];
  return [{ text: `  ${padText(entry.keys, keysWidth)}  `, bold: true }, { text: entry.text }];
}

import type { ReactNode } from 'react';
import { type InfoLayout, infoLayout } from '../client/inspect/inspect-layout.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { Overlay } from './overlay.tsx';

/** All that is known of one pane, as it changes. */
export function PaneInfo(): ReactNode {
  const { store } = useChrome();
  useRedrawOn((state) => JSON.stringify(visible(infoLayout(state))));
  const layout = infoLayout(store.getState());
  if (!layout) return null;
  const { title, footer, lines } = visible(layout)!;
  return (
    <Overlay
      rect={layout.rect}
      framed={layout.framed}
      title={title}
      footer={footer}
      lines={lines.map(({ label, text }) => [{ text: label, bold: true, color: 'cyan' }, { text }])}
    />
  );
}

function visible(layout: InfoLayout | null) {
  if (!layout) return null;
  const { rect, title, lines, scroll, pageRows, maxScroll } = layout;
  const last = Math.min(lines.length, scroll + pageRows);
  const range = maxScroll > 0 ? `${scroll + 1}–${last} of ${lines.length}, j k scroll, ` : '';
  return { rect, title, footer: `${range}q closes`, lines: lines.slice(scroll, last) };
}

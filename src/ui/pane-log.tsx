import type { ReactNode } from 'react';
import { innerSize, inspectBox } from '../client/inspect/inspect-layout.ts';
import type { LogPage } from '../client/inspect/inspect-view.ts';
import { cutText, sanitizeText } from '../core/display-text.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { Overlay } from './overlay.tsx';
import { lineSegments } from './rename-box.tsx';
import type { Segment } from './styled-line.tsx';

/** A page of a pane's log. */
export function PaneLogView(): ReactNode {
  const { store } = useChrome();
  useRedrawOn((state) => JSON.stringify([inspectBox(state), state.view.log]));
  const state = store.getState();
  const box = inspectBox(state);
  const page = state.view.log;
  if (!box || !page) return null;
  const { cols, rows } = innerSize(box);
  const lines: Segment[][] = page.rows.slice(-(rows - 1)).map(({ stamp, text, own }) => [
    { text: stamp, color: 'cyan' },
    { text, bold: own },
  ]);
  if (lines.length === 0) lines.push([{ text: emptyWords(page), dim: true }]);
  return (
    <Overlay
      rect={box.rect}
      framed={box.framed}
      title={`Log of ${page.pane} ${cutText(sanitizeText(page.name), 40)}`}
      footer={cols > 60 ? 'j k scroll, / filters, f follows, t times, q closes' : 'q closes'}
      lines={[headLine(page, cols), ...lines]}
    />
  );
}

function headLine(page: LogPage, cols: number): Segment[] {
  const { prompt, filter, following, busy, below } = page;
  if (prompt) return [{ text: '/', bold: true }, ...lineSegments(prompt, cols - 1)];
  const words = [
    following ? 'following' : below > 0 ? `${below} lines below` : 'at the end, f follows',
    ...(filter === '' ? [] : [`only ${cutText(filter, cols >> 1)}`]),
    ...(busy ? ['reading …'] : []),
  ];
  return [{ text: cutText(words.join(', '), cols), bold: following, color: 'cyan' }];
}

function emptyWords({ filter, busy }: LogPage): string {
  if (busy) return 'reading …';
  return filter === '' ? 'nothing has been logged yet' : 'no line has that: esc shows all';
}

import type { ReactNode } from 'react';
import { placeNotice } from '../client/chrome-masks.ts';
import { selectPane } from '../client/selectors.ts';
import type { PaneBox } from '../core/geometry.ts';
import { useChrome, useClientState, useTimeText } from './chrome-context.ts';
import { selectPaneKey } from './pane-key.ts';
import { StyledLine } from './styled-line.tsx';
import { stateColors } from './title-text.ts';

/** Why nothing runs in a pane and which key helps, over its last rows. */
export function PaneNoticeLines({ box }: { box: PaneBox }): ReactNode {
  const { store, keymap } = useChrome();
  useClientState((state) => selectPaneKey(state, box.pane));
  // Lines joined to one text: it is compared to know whether to draw again.
  const text = useTimeText((nowMs) => placeNotice(store.getState(), keymap, box, nowMs)?.lines.join('\n') ?? '');
  const pane = selectPane(store.getState(), box.pane);
  if (!pane || text === '') return null;
  const lines = text.split('\n');
  const { x, y, width, height } = box.inner;
  return lines.map((line, index) => (
    <StyledLine
      // biome-ignore lint/suspicious/noArrayIndexKey: a line of the notice is its row.
      key={index}
      x={x}
      y={y + height - lines.length + index}
      width={width}
      segments={[{ text: line, color: stateColors[pane.state], bold: index === 0 }]}
    />
  ));
}

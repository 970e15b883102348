import type { ReactNode } from 'react';
import { noticeRoom, placeNotice } from '../client/chrome-masks.ts';
import { selectGeometry, selectPane } from '../client/selectors.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { selectPaneKey } from './pane-key.ts';
import { StyledLine } from './styled-line.tsx';
import { stateColors, titleClock } from './title-text.ts';

/** Why nothing runs in a pane and which key helps, over its last rows. */
export function PaneNoticeLines({ pane: number }: { pane: number }): ReactNode {
  const { store, keymap, ticker } = useChrome();
  const boxOf = () => selectGeometry(store.getState()).boxes.find((box) => box.pane === number);
  useRedrawOn((state, nowMs) => {
    const inner = boxOf()?.inner;
    const countdown = titleClock(selectPane(state, number), nowMs);
    const room = inner ? noticeRoom(state, number, inner) : 0;
    return `${inner?.width} ${room} ${countdown} ${selectPaneKey(state, number)}`;
  });
  const state = store.getState();
  const pane = selectPane(state, number);
  const box = boxOf();
  const notice = box ? placeNotice(state, keymap, box, ticker.now()) : null;
  if (!pane || !notice) return null;
  return notice.lines.map((line, index) => (
    <StyledLine
      // biome-ignore lint/suspicious/noArrayIndexKey: a line of the notice is its row.
      key={index}
      width={notice.rect.width}
      segments={[{ text: line, color: stateColors[pane.state], bold: index === 0 }]}
    />
  ));
}

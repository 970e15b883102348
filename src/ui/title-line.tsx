import type { ReactNode } from 'react';
import { selectRedPanes } from '../client/broadcast.ts';
import { selectGeometry, selectPane } from '../client/selectors.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { selectPaneKey } from './pane-key.ts';
import { StyledLine } from './styled-line.tsx';
import { titleClock, titleFigures, titleProgress, titleSegments } from './title-text.ts';

/** The line above a pane: who it is and how it does. The rule that it is written on is not Ink's. */
export function TitleLine({ pane: number }: { pane: number }): ReactNode {
  const { store, ticker, figures } = useChrome();
  const parts = (nowMs: number) => {
    const state = store.getState();
    const pane = selectPane(state, number);
    const news = state.view.news.get(number);
    return {
      pane,
      position: state.view.copies.get(number)?.position ?? '',
      calls: news?.unseen ?? false,
      progress: titleProgress(news?.progress ?? null),
      clock: titleClock(pane, nowMs),
      figures: pane ? titleFigures(pane, figures.of(pane)) : '',
      focused: state.view.focused === number,
      marked: state.view.marks.has(number),
      receives: selectRedPanes(state).includes(number),
      width: selectGeometry(state).boxes.find((box) => box.pane === number)?.title.width ?? 0,
    };
  };
  useRedrawOn((state, nowMs) => {
    const { clock, figures: text, focused, marked, receives, width, calls, progress, position } = parts(nowMs);
    const marks = `${focused} ${marked} ${receives}`;
    return `${position} ${clock} ${text} ${marks} ${width} ${calls} ${progress} ${selectPaneKey(state, number)}`;
  });
  const { pane, width, focused, ...texts } = parts(ticker.now());
  if (!pane || width === 0) return null;
  return <StyledLine width={width} segments={titleSegments({ pane, width, focused, ...texts })} />;
}

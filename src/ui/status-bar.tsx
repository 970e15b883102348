import type { ReactNode } from 'react';
import { selectGeometry, selectPanes } from '../client/selectors.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { selectPaneKey } from './pane-key.ts';
import { broadcastPill, nextRestartTexts, statusSegments, totalFigures } from './status-text.ts';
import { StyledLine } from './styled-line.tsx';

/** The last row: session, mode, sums over all panes, and what to press. */
export function StatusBar(): ReactNode {
  const { store, keymap, ticker, figures } = useChrome();
  const texts = (nowMs: number) => {
    const panes = selectPanes(store.getState());
    return { nextRestart: nextRestartTexts(panes, nowMs), figures: totalFigures(panes, figures.total(panes)) };
  };
  useRedrawOn((state, nowMs) => {
    const { session, view } = state;
    const { mode, page, pages } = selectGeometry(state);
    const { nextRestart, figures: sums } = texts(nowMs);
    return [
      ...[
        session.status,
        session.snapshot?.session,
        view.mode,
        view.zoomed,
        view.focused,
        view.cols,
        view.hostStatus,
        ...view.settings.status,
      ],
      ...[
        view.copies.get(view.focused)?.prompt,
        view.copies.get(view.focused)?.selecting,
        view.copies.has(view.focused),
      ],
      view.list?.kind,
      view.broadcast ? broadcastPill(state) : '',
      ...[view.notice?.kind, view.notice?.text, mode, page, pages, nextRestart, sums],
      ...selectPanes(state).map(({ pane }) => selectPaneKey(state, pane)),
    ].join('\n');
  });
  const state = store.getState();
  const segments = statusSegments(state, keymap, texts(ticker.now()));
  return <StyledLine width={state.view.cols} segments={segments} />;
}

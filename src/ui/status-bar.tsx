import type { ReactNode } from 'react';
import { selectGeometry, selectPanes } from '../client/selectors.ts';
import { useChrome, useClientState, useFigureText, useTimeText } from './chrome-context.ts';
import { selectPaneKey } from './pane-key.ts';
import { nextRestartText, statusSegments, totalFigures } from './status-text.ts';
import { StyledLine } from './styled-line.tsx';

/** The last row: session, mode, sums over all panes, and what to press. */
export function StatusBar(): ReactNode {
  const { store, keymap } = useChrome();
  useClientState((state) =>
    selectPanes(state)
      .map(({ pane }) => selectPaneKey(state, pane))
      .join(),
  );
  useClientState((state) => state.session.status);
  useClientState((state) => state.session.snapshot?.session);
  useClientState((state) => state.view.mode);
  useClientState((state) => state.view.zoomed);
  useClientState((state) => state.view.focused);
  useClientState((state) => state.view.notice);
  useClientState((state) => state.view.hostStatus);
  const cols = useClientState((state) => state.view.cols);
  const { statusRow } = useClientState(selectGeometry);
  const nextRestart = useTimeText((nowMs) => nextRestartText(selectPanes(store.getState()), nowMs));
  const figures = useFigureText(() => totalFigures(selectPanes(store.getState())));
  const segments = statusSegments(store.getState(), keymap, { nextRestart, figures });
  return <StyledLine x={0} y={statusRow} width={cols} segments={segments} />;
}

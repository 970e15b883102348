import type { ReactNode } from 'react';
import { selectGeometry, selectPanes } from '../client/selectors.ts';
import { useChrome, useClientState, useTimeText } from './chrome-context.ts';
import { nextRestartText, statusSegments } from './status-text.ts';
import { StyledLine } from './styled-line.tsx';

/** The last row: session, mode, sums over all panes, and what to press. */
export function StatusBar(): ReactNode {
  const { store, keymap } = useChrome();
  useClientState((state) => state.session);
  useClientState((state) => state.view.mode);
  useClientState((state) => state.view.zoomed);
  useClientState((state) => state.view.focused);
  useClientState((state) => state.view.notice);
  useClientState((state) => state.view.hostStatus);
  const cols = useClientState((state) => state.view.cols);
  const { statusRow } = useClientState(selectGeometry);
  const panes = useClientState(selectPanes);
  const nextRestart = useTimeText((nowMs) => nextRestartText(panes, nowMs));
  const segments = statusSegments(store.getState(), keymap, nextRestart);
  return <StyledLine x={0} y={statusRow} width={cols} segments={segments} />;
}

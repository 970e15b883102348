import type { ReactNode } from 'react';
import { selectPane } from '../client/selectors.ts';
import type { PaneBox } from '../core/geometry.ts';
import { useChrome, useClientState, useFigureText, useTimeText } from './chrome-context.ts';
import { selectPaneKey } from './pane-key.ts';
import { Rule, StyledLine, segmentsWidth } from './styled-line.tsx';
import { ruleColor, titleClock, titleFigures, titleSegments } from './title-text.ts';

/** The line above a pane: who it is and how it does. */
export function TitleLine({ box }: { box: PaneBox }): ReactNode {
  const { store } = useChrome();
  useClientState((state) => selectPaneKey(state, box.pane));
  const focused = useClientState((state) => state.view.focused === box.pane);
  const current = () => selectPane(store.getState(), box.pane);
  const clock = useTimeText((nowMs) => titleClock(current(), nowMs));
  const figures = useFigureText(() => titleFigures(current()));
  const pane = current();
  if (!pane) return null;
  const { x, y, width } = box.title;
  const segments = titleSegments({ pane, clock, figures, focused, width });
  const filled = segmentsWidth(segments);
  return (
    <>
      <StyledLine x={x} y={y} width={filled} segments={segments} />
      <Rule x={x + filled} y={y} length={width - filled} character={focused ? '━' : '─'} color={ruleColor(focused)} />
    </>
  );
}

import type { ReactNode } from 'react';
import { stripEntries } from '../client/strip.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { type Segment, StyledLine } from './styled-line.tsx';
import { stateColors } from './title-text.ts';

/** All panes in one line, where the screen has room for one of them. */
export function Strip(): ReactNode {
  const { store } = useChrome();
  useRedrawOn((state) => `${state.view.cols} ${state.view.focused} ${stripEntries(state).map(({ text }) => text)}`);
  const state = store.getState();
  const segments = stripEntries(state).map(({ pane, text, view, calls }): Segment => {
    const focused = pane === state.view.focused;
    return { text, color: calls ? 'yellow' : stateColors[view.state], bold: focused || calls, inverse: focused };
  });
  return <StyledLine width={state.view.cols} segments={segments} />;
}

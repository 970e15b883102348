import type { ReactNode } from 'react';
import { wrapText } from '../core/display-text.ts';
import { MIN_COLS, MIN_ROWS } from '../core/geometry.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { StyledLine } from './styled-line.tsx';

/** All there is on a screen without room for anything. */
export function TooSmall(): ReactNode {
  const { store } = useChrome();
  useRedrawOn(({ view }) => `${view.cols} ${view.rows}`);
  const { cols, rows } = store.getState().view;
  const sentence = `${cols}×${rows} is too small: nonet needs ${MIN_COLS}×${MIN_ROWS}`;
  return wrapText(sentence, cols)
    .slice(0, rows)
    .map((line) => <StyledLine key={line} width={cols} segments={[{ text: line }]} />);
}

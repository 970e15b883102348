import { Box } from 'ink';
import type { ReactNode } from 'react';
import { selectGeometry } from '../client/selectors.ts';
import { wrapText } from '../core/display-text.ts';
import { MIN_COLS, MIN_ROWS } from '../core/geometry.ts';
import { useClientState } from './chrome-context.ts';
import { Dialog } from './dialog.tsx';
import { Help } from './help.tsx';
import { PaneNoticeLines } from './pane-notice-lines.tsx';
import { Separators } from './separators.tsx';
import { StatusBar } from './status-bar.tsx';
import { StyledLine } from './styled-line.tsx';
import { TitleLine } from './title-line.tsx';

/** The whole chrome, drawn at the places that core/geometry.ts says. What comes later lies above. */
export function App(): ReactNode {
  const cols = useClientState((state) => state.view.cols);
  const rows = useClientState((state) => state.view.rows);
  const mode = useClientState((state) => state.view.mode);
  const geometry = useClientState(selectGeometry);
  if (geometry.mode === 'too-small') return <TooSmall cols={cols} rows={rows} />;
  return (
    <Box width={cols} height={rows}>
      <Separators geometry={geometry} />
      {geometry.boxes.map((box) => (
        <TitleLine key={`title-${box.pane}`} box={box} />
      ))}
      {geometry.boxes.map((box) => (
        <PaneNoticeLines key={`notice-${box.pane}`} box={box} />
      ))}
      <StatusBar />
      {mode === 'help' && <Help />}
      {(mode === 'confirm' || mode === 'quit') && <Dialog />}
    </Box>
  );
}

function TooSmall({ cols, rows }: { cols: number; rows: number }): ReactNode {
  const sentence = `${cols}×${rows} is too small: nonet needs ${MIN_COLS}×${MIN_ROWS}`;
  return (
    <Box width={cols} height={rows}>
      {wrapText(sentence, cols)
        .slice(0, rows)
        .map((line, y) => (
          <StyledLine key={line} x={0} y={y} width={cols} segments={[{ text: line }]} />
        ))}
    </Box>
  );
}

import type { ReactNode } from 'react';
import { innerSize, inspectBox } from '../client/inspect/inspect-layout.ts';
import { cutStart, cutText, displayWidth, sanitizeText } from '../core/display-text.ts';
import type { EditedLine } from '../core/line-edit.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { Overlay } from './overlay.tsx';
import type { Segment } from './styled-line.tsx';

/** One line for a pane's name. */
export function RenameBox(): ReactNode {
  const { store } = useChrome();
  useRedrawOn((state) => JSON.stringify([inspectBox(state), state.view.rename]));
  const state = store.getState();
  const box = inspectBox(state);
  const { rename } = state.view;
  if (!box || !rename) return null;
  const { cols } = innerSize(box);
  const { problem, busy } = rename;
  const help = busy ? 'renaming …' : 'enter renames, esc cancels';
  return (
    <Overlay
      rect={box.rect}
      framed={box.framed}
      title={`Rename pane ${rename.pane}`}
      footer=""
      lines={[
        lineSegments(rename.line, cols),
        problem === '' ? [] : [{ text: cutText(problem, cols), color: 'red', bold: true }],
        [{ text: help, dim: true }],
      ]}
    />
  );
}

/** The line with its cursor; of a long one the part around it. */
export function lineSegments({ text, cursor }: EditedLine, cols: number): Segment[] {
  const characters = [...text];
  // A character under the cursor may be two cells wide.
  const before = cutStart(sanitizeText(characters.slice(0, cursor).join('')), cols - 2);
  const here = sanitizeText(characters[cursor] ?? ' ') || ' ';
  const after = sanitizeText(characters.slice(cursor + 1).join(''));
  return [
    { text: before },
    { text: here, inverse: true },
    { text: cutText(after, Math.max(0, cols - displayWidth(before) - displayWidth(here))) },
  ];
}

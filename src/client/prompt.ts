import { cutText, displayWidth, sanitizeText } from '../core/display-text.ts';
import type { EditedLine } from '../core/line-edit.ts';

/** A question that is answered with a line of text, or with yes and no. */
export type Prompt =
  | { kind: 'add-pane'; pane: number; line: EditedLine }
  | { kind: 'save-layout'; line: EditedLine }
  /** There is such a file already. */
  | { kind: 'overwrite'; file: string };

/** Cells for the text that is typed; what is longer shows the part around the cursor. */
const TEXT_COLS = 56;

export function promptContent(prompt: Prompt, cols: number): { title: string; lines: string[] } {
  if (prompt.kind === 'overwrite') {
    return {
      title: 'Write over the file?',
      lines: [
        cutStart(sanitizeText(prompt.file), TEXT_COLS),
        'y        write over it; it is kept as .bak',
        'n esc    cancel',
      ],
    };
  }
  const { title, hints } = TEXTS[prompt.kind];
  const width = Math.max(8, Math.min(TEXT_COLS, cols - 6));
  return { title, lines: [`${visiblePart(prompt.line, width - 1)}`.padEnd(width), ...hints] };
}

const TEXTS: Record<'add-pane' | 'save-layout', { title: string; hints: string[] }> = {
  'add-pane': {
    title: 'What to run in a new pane',
    hints: ['enter    add it; empty: a shell, where this pane is', 'esc      cancel'],
  },
  'save-layout': {
    title: 'Save panes and arrangement as',
    hints: ['enter    write the layout file', 'esc      cancel'],
  },
};

/** The text with a mark at the cursor. */
function visiblePart({ text, cursor }: EditedLine, width: number): string {
  const characters = [...text];
  const before = cutStart(sanitizeText(characters.slice(0, cursor).join('')), width - 1);
  const after = cutText(sanitizeText(characters.slice(cursor).join('')), Math.max(0, width - 1 - displayWidth(before)));
  return `${before}▏${after}`;
}

/** The end of a text that is too long. */
function cutStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && displayWidth(characters.join('')) > width - 1) characters.shift();
  return `…${characters.join('')}`;
}

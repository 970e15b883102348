import type { ClientEvent } from '../protocol/data.ts';
import { pastePieces } from './copy-mode/copy-buffers.ts';

/** Types a text into a pane as a paste, in pieces that are messages of their own. */
export function sendPaste(send: (event: ClientEvent) => boolean, pane: number, text: string): void {
  send({ event: 'input', pane, input: [{ type: 'paste', phase: 'start', text: '' }] });
  for (const piece of pastePieces(text)) {
    send({ event: 'input', pane, input: [{ type: 'paste', phase: 'data', text: piece }] });
  }
  send({ event: 'input', pane, input: [{ type: 'paste', phase: 'end', text: '' }] });
}

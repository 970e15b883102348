import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { fixture } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { paneWords, QUICK_STOP, type View } from '../helpers/panes.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

async function repliesOn(
  terminal: TerminalSession,
  pane: number,
  view: View = { grid: regularGrid(1, 2), paneCount: 2 },
): Promise<{ replies: string[]; tookMs: number }> {
  await terminal.waitFor('the replies', (screen) => /REPLIES .*".*"/.test(paneWords(screen, pane, view)));
  const words = paneWords(terminal.screen, pane, view);
  const replies: string = JSON.parse(words.slice(words.indexOf('"'), words.lastIndexOf('"') + 1));
  const tookMs = Number(/after (\d+) ms/.exec(words)![1]);
  return { replies: replies.split('\x1b').filter((part) => part !== '' && part !== '\\'), tookMs };
}

test('a program’s queries are answered by nonet, in their order and in its own name', async () => {
  const nonet = createNonet();
  const queries = ['>q', '?u', '6n', '?2026$p', '?1016$p', '18t', '>4;2m', '>5u', '?u', 'P$qm'];
  const panes = [{ name: 'asks', command: fixture('print-replies', ...queries), stop: QUICK_STOP }];
  const terminal = nonet.up({ grid: '1x1', panes }, { cols: 100, rows: 24, answers: 'none' });
  const { replies } = await repliesOn(terminal, 1, { grid: regularGrid(1, 1), paneCount: 1 });
  expect(replies[0]).toMatch(/^P>\|nonet/);
  expect(replies.slice(1, -1)).toEqual(['[?0u', '[1;1R', '[?2026;2$y', '[?1016;0$y', '[8;22;100t', '[?5u', 'P1$r0m']);
  expect(replies.at(-1)).toMatch(/^\[\?\d+(;\d+)*c$/);
});

/** For so long a program that asks for colours is kept waiting while no client has come. */
const PATIENCE_MS = 400;
const COLORS = [']10;rgb:d0d0/d0d0/d0d0', ']11;rgb:1010/1010/1010', '[?997;1n'];

test('a program that asks for the colours is told those of the terminal, also when it asks at the very start', async () => {
  const nonet = createNonet();
  const asks = { command: fixture('print-replies', ']10;?', ']11;?', '?996n'), stop: QUICK_STOP };
  const panes = [
    { name: 'first', ...asks },
    { name: 'later', ...asks, autostart: false },
  ];
  const terminal = nonet.up({ grid: '1x2', panes }, { cols: 200, rows: 24 });
  const first = await repliesOn(terminal, 1);
  terminal.press('ctrl+b', '2', 'ctrl+b', 's');
  expect((await repliesOn(terminal, 2)).replies.slice(0, -1)).toEqual(COLORS);
  // It waits for a client, but not for long: on a slow machine none has come by then.
  const isKnown = first.tookMs < PATIENCE_MS || first.replies.length > 1;
  expect(first.replies.slice(0, -1)).toEqual(isKnown ? COLORS : []);
});

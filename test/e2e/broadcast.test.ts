import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { fixture } from '../helpers/fixture.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { cursorPane, paneRect, paneWords, QUICK_STOP, shell, statusText, titleText } from '../helpers/panes.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

const FOUR = { grid: regularGrid(2, 2), paneCount: 4 };
const SIZE = { cols: 120, rows: 30 };

/** Two programs that show what they read, in different keyboard modes, and two shells. */
async function open(nonet: NonetSession): Promise<TerminalSession> {
  const echo = (name: string, ...modes: string[]) => ({
    name,
    command: fixture('key-echo', ...modes),
    stop: QUICK_STOP,
  });
  const panes = [echo('plain'), echo('application', '?1h', '?2004h'), shell(3), shell(4)];
  const terminal = nonet.up({ grid: '2x2', panes }, SIZE);
  await terminal.waitFor('all programs', (screen) => {
    const texts = [1, 2, 3, 4].map((pane) => paneWords(screen, pane, FOUR));
    return texts.every((text) => /^(KEYS|p\d\$)/.test(text)) || texts.join(' | ');
  });
  return terminal;
}

function bytesRead(terminal: TerminalSession, pane: number): string {
  const hex = paneWords(terminal.screen, pane, FOUR)
    .replace('KEYS', '')
    .replaceAll(/[<>\s]/g, '');
  return Buffer.from(hex, 'hex').toString('latin1');
}

/** The colour of the rule above a pane, at its right end. */
function ruleColor(terminal: TerminalSession, pane: number): string {
  const { x, y, width } = paneRect(terminal.screen, pane, FOUR);
  const { chars, fg } = terminal.screen.cell(x + width - 1, y - 1);
  const [red, green] = [fg >> 16, (fg >> 8) & 255];
  return `${chars}${red > green + 60 ? ' red' : ''}`;
}

test('keys go to all panes, each in its own encoding; red says so, and the same key ends it', async () => {
  const nonet = createNonet();
  const terminal = await open(nonet);
  terminal.press('ctrl+b', 'b');
  await terminal.waitFor('the pill', (screen) => statusText(screen).includes('BROADCAST 4 panes'));
  await terminal.waitFor('its end', (screen) => statusText(screen).includes('ctrl+b b ends broadcast'));
  await terminal.waitFor('red frames', () => [1, 2, 3, 4].every((pane) => ruleColor(terminal, pane) === '═ red'));

  terminal.press('up', 'x');
  await terminal.waitFor(
    'the keys',
    () => bytesRead(terminal, 1) === '\x1b[Ax' && bytesRead(terminal, 2) === '\x1bOAx',
  );
  await terminal.waitFor('the shells', (screen) => paneWords(screen, 4, FOUR).includes('x'));

  terminal.press('ctrl+b', 'b');
  await terminal.waitFor('no pill', (screen) => !statusText(screen).includes('BROADCAST'));
  await terminal.waitFor('no red', () => ruleColor(terminal, 1) === '━' && ruleColor(terminal, 3) === '─');
  terminal.press('y');
  await terminal.waitFor('the key', () => bytesRead(terminal, 1).endsWith('y'));
  expect(bytesRead(terminal, 2)).toBe('\x1bOAx');
});

test('marked panes alone receive, a paste asks first, and a new client begins without', async () => {
  const nonet = createNonet();
  const terminal = await open(nonet);
  terminal.press('ctrl+b', 'M', 'ctrl+b', '2', 'ctrl+b', 'M', 'ctrl+b', 'b');
  await terminal.waitFor('the pill', (screen) => statusText(screen).includes('BROADCAST 2 panes'));
  await terminal.waitFor('the marks', (screen) => {
    const marked = [1, 2, 3, 4].filter((pane) => titleText(screen, pane, FOUR).includes('◆'));
    return marked.join() === '1,2' || marked.join();
  });
  expect(cursorPane(terminal.screen, FOUR)).toBe(2);

  terminal.type('\x1b[200~one\ntwo\x1b[201~');
  await terminal.waitForText('Paste into 2 panes?');
  await terminal.waitForText('2 lines, 7 characters');
  expect(bytesRead(terminal, 1)).toBe('');
  terminal.press('q');
  await terminal.waitFor('why not', (screen) => statusText(screen).includes('q is no answer here: press y or n'));
  terminal.press('y');
  await terminal.waitFor(
    'the paste, as each program takes it',
    () => bytesRead(terminal, 1) === 'one\rtwo' && bytesRead(terminal, 2) === '\x1b[200~one\rtwo\x1b[201~',
  );

  terminal.press('ctrl+b', '3', 'z');
  await terminal.waitFor('the key at the others', () => bytesRead(terminal, 1).endsWith('z'));
  expect(paneWords(terminal.screen, 3, FOUR)).toBe('p3$');

  terminal.press('ctrl+b', 'd');
  await terminal.waitForExit();
  const again = nonet.attach(SIZE);
  await again.waitFor('the panes', (screen) => paneWords(screen, 3, FOUR).startsWith('p3$'));
  await again.waitFor('the bar', (screen) => statusText(screen).includes('help'));
  expect(statusText(again.screen)).not.toContain('BROADCAST');
  expect(titleText(again.screen, 2, FOUR)).not.toContain('◆');
});

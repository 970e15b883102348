import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { fixture } from '../helpers/fixture.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { paneWords, QUICK_STOP, shell, type View } from '../helpers/panes.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

const VIEW: View = { grid: regularGrid(1, 2), paneCount: 2 };

/** A program that prints what it reads in hex, beside a shell. */
async function openEcho(
  nonet: NonetSession,
  { modes = [] as string[], answers = 'all' as 'all' | 'none' } = {},
): Promise<TerminalSession> {
  const echo = { name: 'keys', command: fixture('key-echo', ...modes), stop: QUICK_STOP };
  const terminal = nonet.up({ grid: '1x2', panes: [echo, shell(2)] }, { cols: 160, rows: 24, answers });
  await terminal.waitFor('the program', (screen) => paneWords(screen, 1, VIEW).startsWith('KEYS'));
  return terminal;
}

/** All bytes that the program has read so far. */
function bytesRead(terminal: TerminalSession): string {
  const hex = paneWords(terminal.screen, 1, VIEW)
    .replace('KEYS', '')
    .replaceAll(/[<>\s]/g, '');
  return Buffer.from(hex, 'hex').toString('latin1');
}

async function expectBytes(terminal: TerminalSession, expected: string): Promise<void> {
  await terminal.waitFor(
    `the program to read ${JSON.stringify(expected)}`,
    () => bytesRead(terminal) === expected || JSON.stringify(bytesRead(terminal)),
  );
}

test('a plain program gets what a plain terminal sends, whatever the terminal is', async () => {
  const nonet = createNonet();
  const terminal = await openEcho(nonet);
  await terminal.waitFor('the kitty keyboard', (screen) => screen.modes().kittyFlags === 5);
  terminal.press('ctrl+v', 'shift+tab', 'shift+enter', 'ctrl+enter', 'alt+x', 'f1', 'f5', 'up', 'esc', 'ctrl+c', 'é');
  await expectBytes(terminal, '\x16\x1b[Z\x1b[27;2;13~\r\x1bx\x1bOP\x1b[15~\x1b[A\x1b\x03\xc3\xa9');
});

test('a terminal that tells nothing about itself still types every key that it can', async () => {
  const nonet = createNonet();
  const terminal = await openEcho(nonet, { answers: 'none' });
  terminal.press('ctrl+v', 'shift+tab', 'alt+x', 'f1', 'f5', 'up', 'ctrl+c', 'é');
  terminal.type('\x1b[99~');
  terminal.press('esc');
  await expectBytes(terminal, '\x16\x1b[Z\x1bx\x1bOP\x1b[15~\x1b[A\x03\xc3\xa9\x1b[99~\x1b');
  expect(terminal.screen.modes()).toMatchObject({ kittyFlags: 0, modifyOtherKeys: 0 });
});

test('a program that asks for the kitty keyboard gets it, with all that it asks for, while it has the focus', async () => {
  const nonet = createNonet();
  const terminal = await openEcho(nonet, { modes: ['>31u'] });
  const flags = (value: number) =>
    terminal.waitFor(
      `the flags ${value}`,
      (screen) => screen.modes().kittyFlags === value || `${screen.modes().kittyFlags}`,
    );
  await flags(31);
  terminal.press('a', 'shift+enter', 'ctrl+v');
  const expected = ['\x1b[97;;97u', '\x1b[97;1:3u', '\x1b[13;2u', '\x1b[13;2:3u', '\x1b[118;5u', '\x1b[118;5:3u'].join(
    '',
  );
  await expectBytes(terminal, expected);
  terminal.press('ctrl+b', '?');
  await flags(5);
  terminal.press('esc');
  await flags(31);
  terminal.press('ctrl+b', '2');
  await flags(5);
  terminal.press('ctrl+b', '1');
  await flags(31);
  expect(bytesRead(terminal)).toBe(expected);
});

test('an empty paste is told, and so is one with text', async () => {
  const nonet = createNonet();
  const terminal = await openEcho(nonet, { modes: ['?2004h'] });
  terminal.type('\x1b[200~\x1b[201~');
  await expectBytes(terminal, '\x1b[200~\x1b[201~');
  terminal.type('\x1b[200~two\nlines\x1b[201~x');
  await expectBytes(terminal, '\x1b[200~\x1b[201~\x1b[200~two\rlines\x1b[201~x');
});

test('a paste of five megabytes arrives whole, and nobody else waits for it', async () => {
  const nonet = createNonet();
  const counter = { name: 'count', command: fixture('count-input'), stop: QUICK_STOP };
  const terminal = nonet.up({ grid: '1x2', panes: [counter, shell(2)] }, { cols: 160, rows: 24 });
  await terminal.waitFor('both programs', (screen) => {
    return paneWords(screen, 1, VIEW).startsWith('COUNTING') && paneWords(screen, 2, VIEW).startsWith('p2$');
  });
  const other = nonet.attach({ cols: 160, rows: 24 });
  await other.waitFor('both programs', (screen) => paneWords(screen, 2, VIEW).startsWith('p2$'));
  other.press('ctrl+b', '2');
  const line = `${'x'.repeat(99)}\n`;
  terminal.type(`\x1b[200~${line.repeat(50_000)}\x1b[201~`);
  other.type('echo meanwhile-$((6*7))\r');
  await other.waitFor('an answer', (screen) => paneWords(screen, 2, VIEW).includes('meanwhile-42'));
  const whole = `COUNTED ${5_000_000 + 12}`;
  await terminal.waitFor('the paste', (screen) => paneWords(screen, 1, VIEW).includes(whole), { timeoutMs: 60_000 });
  terminal.press('ctrl+b', '2');
  terminal.type('echo after-$((6*7))\r');
  await terminal.waitFor('an answer', (screen) => paneWords(screen, 2, VIEW).includes('after-42'));
});

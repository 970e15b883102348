import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { paneRect, paneText, QUICK_STOP, statusText, titleText, type View } from '../helpers/panes.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const ONE: View = { grid: regularGrid(1, 1), paneCount: 1 };
const TWO: View = { grid: regularGrid(1, 2), paneCount: 2 };

/** A shell that has printed what `script` prints. */
function printer(name: string, script: string): Record<string, unknown> {
  return {
    name,
    command: ['bash', '--norc', '--noprofile', '-c', `${script}; echo PRINTED; exec bash --norc --noprofile`],
    env: { PS1: '$ ' },
    scrollback: 20_000,
    stop: QUICK_STOP,
  };
}

function open(nonet: NonetSession, script: string, env: Record<string, string> = {}): TerminalSession {
  return nonet.up({ grid: '1x1', panes: [printer('one', script)] }, { cols: 80, rows: 24, env });
}

/** What the client has told the outer terminal's clipboard, oldest first. */
function clipboard(terminal: TerminalSession): string[] {
  const text = terminal.raw().toString('latin1');
  return [...text.matchAll(/\x1b\]52;c;([A-Za-z0-9+/=]*)\x1b\\/g)].map((match) =>
    Buffer.from(match[1]!, 'base64').toString('utf8'),
  );
}

const position = (terminal: TerminalSession, view = ONE, pane = 1): string =>
  /\[\d+\/\d+\]/.exec(titleText(terminal.screen, pane, view))?.[0] ?? '';

const COUNT = 12_000;
const LINES = `for ((i = 1; i <= ${COUNT}; i++)); do echo "line $i"; done`;

test('twelve thousand lines: to the top and back, search both ways, copy, while output goes on beneath', async () => {
  const nonet = createNonet();
  const terminal = open(nonet, LINES);
  await terminal.waitFor('the end of the lines', (screen) => paneText(screen, 1, ONE).includes('PRINTED'));

  terminal.press('ctrl+b', '[');
  await terminal.waitFor('the mode in the status bar', (screen) => statusText(screen).includes('COPY'));
  terminal.press('g');
  await terminal.waitFor('the oldest line', (screen) => paneText(screen, 1, ONE)[0] === 'line 1');
  await terminal.waitFor('its place', () => /^\[(\d+)\/\1\]$/.test(position(terminal)) || position(terminal));

  terminal.type('/LINE 77');
  terminal.type('\x15line 7[7]77$');
  await terminal.waitFor('the match while it is typed', (screen) => paneText(screen, 1, ONE).includes('line 7777'));
  await terminal.waitFor(
    'the pattern',
    (screen) => statusText(screen).includes('/line 7[7]77$') && statusText(screen).includes('SEARCH'),
  );
  terminal.press('enter');
  await terminal.waitFor('the cursor on the match', (screen) => {
    const { x, y } = screen.cursor();
    const rect = paneRect(screen, 1, ONE);
    return paneText(screen, 1, ONE)[y - rect.y] === 'line 7777' && x === 0;
  });

  const before = paneText(terminal.screen, 1, ONE);
  await nonet.run(['send', '1', 'echo beneath; seq 50', '-s', nonet.name]);
  await waitForCapture(nonet, /^50$/m);
  terminal.type('v$y');
  await terminal.waitFor('the notice', (screen) => statusText(screen).includes('copied 9 characters'));
  expect(clipboard(terminal)).toEqual(['line 7777']);
  await terminal.waitFor('the live screen', (screen) => paneText(screen, 1, ONE).includes('50'));
  expect(before).toContain('line 7777');
});

test('wide characters and lines that the edge broke are whole when they are copied and pasted', async () => {
  const nonet = createNonet();
  const word = '日本語'.repeat(20);
  const terminal = open(nonet, `echo 'a${word}z'; echo short`);
  await terminal.waitFor('the lines', (screen) => paneText(screen, 1, ONE).includes('PRINTED'));
  terminal.press('ctrl+b', '[');
  await terminal.waitFor('copy mode', (screen) => statusText(screen).includes('COPY'));
  terminal.type('gVy');
  await terminal.waitFor('the notice', (screen) => statusText(screen).includes('copied 62 characters'));
  expect(clipboard(terminal)).toEqual([`a${word}z`]);
  terminal.type('echo "<');
  terminal.press('ctrl+b', ']');
  terminal.type('>" | md5sum\r');
  const sum = createHash('md5').update(`<a${word}z>\n`).digest('hex');
  await terminal.waitForText(sum);
});

test('the view stays put while output goes on, through resizes, and the program gets nothing of the keys', async () => {
  const nonet = createNonet();
  const terminal = open(nonet, 'seq 1 300');
  await terminal.waitFor('the lines', (screen) => paneText(screen, 1, ONE).includes('PRINTED'));
  terminal.press('ctrl+b');
  terminal.type('\x1b[5~');
  await terminal.waitFor('an earlier page', (screen) => !paneText(screen, 1, ONE).includes('PRINTED'));
  const top = () => paneText(terminal.screen, 1, ONE)[0];
  const before = paneText(terminal.screen, 1, ONE);
  await nonet.run(['send', '1', 'seq 1000 1400', '-s', nonet.name]);
  await waitForCapture(nonet, /^1400$/m);
  // A round trip through the client: what was to be drawn has been drawn.
  terminal.type('H');
  await terminal.waitFor('the cursor at the top', (screen) => screen.cursor().y === paneRect(screen, 1, ONE).y);
  expect(paneText(terminal.screen, 1, ONE)).toEqual(before);
  terminal.resize(60, 16);
  await terminal.waitFor('the same place', () => top() === before[0] && statusText(terminal.screen).includes('COPY'));
  terminal.resize(80, 24);
  await terminal.waitFor('all of it again', (screen) => paneText(screen, 1, ONE).join() === before.join());
  terminal.type('q');
  await terminal.waitFor('the live screen', (screen) => paneText(screen, 1, ONE).includes('1400'));
  expect(await nonet.capture(1)).not.toMatch(/H|command not found/);
});

test('the mouse selects inside one pane: drag, two clicks, three; the wheel scrolls back and home again', async () => {
  const nonet = createNonet();
  const panes = [printer('left', 'seq 1 200; echo "cat /etc/hosts.allow:12 (x)"'), printer('right', 'seq 1 9')];
  const terminal = nonet.up({ grid: '1x2', panes }, { cols: 120, rows: 24 });
  await terminal.waitFor('both', (screen) =>
    [1, 2].every((pane) => /PRINTED\n./.test(paneText(screen, pane, TWO).join('\n'))),
  );
  const rect = paneRect(terminal.screen, 1, TWO);
  const rowOf = (text: string) => paneText(terminal.screen, 1, TWO).findIndex((row) => row.startsWith(text));
  const report = (code: number, col: number, row: number, up = false) =>
    `\x1b[<${code};${rect.x + col + 1};${rect.y + row + 1}${up ? 'm' : 'M'}`;
  const mouse = (...event: Parameters<typeof report>) => terminal.type(report(...event));
  const row = rowOf('cat');
  await terminal.waitFor('the mouse', (screen) => screen.modes().mouse.length > 0);

  mouse(0, 4, row);
  mouse(32, 8, row);
  mouse(0, 8, row, true);
  await terminal.waitFor('the drag copied', (screen) => statusText(screen).includes('copied 5 characters'));
  // Far into the other pane, and below the screen's end.
  mouse(0, 0, row);
  mouse(32, 90, row + 1);
  mouse(0, 90, row + 1, true);
  await terminal.waitFor('no more than this pane', () => clipboard(terminal).length === 2);
  // In one breath, for clicks that are far apart in time are single ones.
  terminal.type((report(0, 6, row) + report(0, 6, row, true)).repeat(3));
  await terminal.waitFor('the word, and the line', () => clipboard(terminal).length === 4);
  expect(clipboard(terminal)).toEqual([
    '/etc/',
    'cat /etc/hosts.allow:12 (x)\nPRINTED',
    '/etc/hosts.allow:12',
    'cat /etc/hosts.allow:12 (x)',
  ]);

  mouse(64, 3, 3);
  await terminal.waitFor(
    'three lines back',
    () => position(terminal, TWO) !== '' && statusText(terminal.screen).includes('COPY'),
  );
  expect(position(terminal, TWO)).toMatch(/^\[3\//);
  expect(paneText(terminal.screen, 2, TWO)).toContain('PRINTED');
  mouse(65, 3, 3);
  await terminal.waitFor(
    'the live screen',
    () => position(terminal, TWO) === '' && !statusText(terminal.screen).includes('COPY'),
  );

  // Down past the top edge and held there: what is above comes into view and is selected.
  mouse(0, 0, 3);
  mouse(32, 0, -1);
  await terminal.waitFor('the oldest line', (screen) => paneText(screen, 1, TWO)[0] === '1');
  mouse(0, 0, -1, true);
  await terminal.waitFor('all of it', () => clipboard(terminal).length === 5);
  expect(clipboard(terminal)[4]!.startsWith('1\n2\n3\n4\n')).toBe(true);
});

test('an editor that cannot be started costs a notice, and one that is left behind does not outlive the client', async () => {
  const nonet = createNonet();
  const terminal = open(nonet, 'echo here', { EDITOR: '/nonexistent/editor', VISUAL: '' });
  await terminal.waitFor('the line', (screen) => paneText(screen, 1, ONE).includes('PRINTED'));
  terminal.press('ctrl+b', 'e');
  await terminal.waitFor('why not', (screen) => /nonexistent.*ended with 127/.test(statusText(screen)));
  expect(terminal.screen.modes().alternateScreen).toBe(true);
  terminal.type('echo still-$((40+2))\r');
  await terminal.waitFor('typing as before', (screen) => paneText(screen, 1, ONE).includes('still-42'));

  const editor = path.join(nonet.directory, 'editor.sh');
  fs.writeFileSync(editor, '#!/bin/sh\necho EDITOR HERE; echo "$1" > file; exec sleep 600\n', { mode: 0o755 });
  const other = nonet.attach({ cols: 80, rows: 24, env: { VISUAL: editor } });
  await other.waitFor('the line', (screen) => paneText(screen, 1, ONE).includes('still-42'));
  other.press('ctrl+b', 'e');
  await other.waitForText('EDITOR HERE');
  const sleeps = () => nonet.processes().filter(({ argv }) => argv.includes('600'));
  await waitUntil('the editor', () => sleeps().length === 1);
  other.kill('SIGTERM');
  expect(await other.waitForExit()).toMatchObject({ code: 143 });
  await waitUntil('no editor', () => sleeps().length === 0);
  const file = fs.readFileSync(path.join(nonet.directory, 'file'), 'utf8').trim();
  expect(fs.existsSync(path.dirname(file))).toBe(false);
});

test('the editor gets the scrollback in a private file and the terminal, and gives it back', async () => {
  const nonet = createNonet();
  const editor = path.join(nonet.directory, 'editor.sh');
  fs.writeFileSync(
    editor,
    '#!/bin/sh\nstat -c %a "$1" "$(dirname "$1")" > seen; cp "$1" copy\nprintf "EDITOR HERE "; read -r word; echo "$word" > typed\n',
    { mode: 0o755 },
  );
  const terminal = open(nonet, 'seq 1 5000', { EDITOR: editor, VISUAL: '' });
  await terminal.waitFor('the lines', (screen) => paneText(screen, 1, ONE).includes('PRINTED'));
  terminal.press('ctrl+b', 'e');
  await terminal.waitForText('EDITOR HERE');
  expect(terminal.screen.modes().alternateScreen).toBe(false);
  expect(terminal.screen.modes().mouse).toEqual([]);
  terminal.type('hello\r');
  await terminal.waitFor(
    'the panes again',
    (screen) => screen.modes().alternateScreen && paneText(screen, 1, ONE).includes('PRINTED'),
  );
  const read = (file: string) => fs.readFileSync(path.join(nonet.directory, file), 'utf8');
  expect(read('typed')).toBe('hello\n');
  expect(read('seen')).toBe('600\n700\n');
  expect(read('copy').split('\n').slice(0, 5000)).toEqual(Array.from({ length: 5000 }, (_, i) => String(i + 1)));
  terminal.type('echo back\r');
  await terminal.waitFor('typing as before', (screen) => paneText(screen, 1, ONE).includes('back'));
});

async function waitForCapture(nonet: NonetSession, wanted: RegExp): Promise<void> {
  await waitUntil(`${wanted}`, async () => wanted.test(await nonet.capture(1)));
}

test('what was copied last is pasted by every client, also one that comes after the one that copied has left', async () => {
  const nonet = createNonet();
  const layout = {
    grid: '1x2',
    panes: [printer('one', "echo 'copy this line'"), printer('two', "echo 'or that line'")],
  };
  await nonet.start(layout);
  const one = nonet.attach({ cols: 120, rows: 24 });
  const other = nonet.attach({ cols: 100, rows: 24 });
  for (const terminal of [one, other]) {
    await terminal.waitFor('the shells', (screen) =>
      [1, 2].every((pane) => paneText(screen, pane, TWO).includes('PRINTED')),
    );
  }
  other.press('ctrl+b', ']');
  await other.waitFor('that there is nothing', (screen) => statusText(screen).includes('nothing has been copied'));

  const copyFirstLine = async (terminal: TerminalSession, pane: number, notice: string) => {
    terminal.press('ctrl+b', String(pane), 'ctrl+b', '[');
    await terminal.waitFor('copy mode', (screen) => statusText(screen).includes('COPY'));
    terminal.type('gv$y');
    await terminal.waitFor('the notice', (screen) => statusText(screen).includes(notice) || statusText(screen));
  };
  const isTyped = (screen: TerminalSession['screen'], pane: number, text: string) =>
    paneText(screen, pane, TWO).some((row) => row.startsWith('bash') && row.endsWith(` ${text}`));
  /** What is typed behind the copying is seen in the other client: that has heard of the text before. */
  const isShared = async (from: TerminalSession, pane: number, to: TerminalSession) => {
    from.type('shared');
    await to.waitFor('what was typed next', (screen) => isTyped(screen, pane, 'shared'));
    from.press('ctrl+u');
    await from.waitFor('an empty line', (screen) => !isTyped(screen, pane, 'shared'));
  };
  const pastes = async (terminal: TerminalSession, pane: number, text: string) => {
    terminal.press('ctrl+b', String(pane), 'ctrl+b', ']');
    await terminal.waitFor(`“${text}” in pane ${pane}`, (screen) => isTyped(screen, pane, text));
    terminal.press('ctrl+u');
    await terminal.waitFor('an empty line', (screen) => !isTyped(screen, pane, text));
  };
  await copyFirstLine(one, 1, 'copied 14 characters');
  await isShared(one, 1, other);
  await pastes(other, 2, 'copy this line');
  // The newest counts, whoever copied it.
  await copyFirstLine(other, 2, 'copied 12 characters');
  await isShared(other, 2, one);
  await pastes(one, 1, 'or that line');
  for (const terminal of [one, other]) {
    terminal.press('ctrl+b', 'd');
    await terminal.waitForExit();
  }
  process.kill(nonet.daemonPid(), 'SIGKILL');
  const later = nonet.attach({ cols: 120, rows: 24 });
  await later.waitFor('the shells', (screen) => paneText(screen, 2, TWO).includes('PRINTED'));
  await pastes(later, 1, 'or that line');
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { compareScreens } from './compare-screens.ts';
import { fixture } from './fixture.ts';
import { isInstalled } from './installed.ts';
import { isAlive, readProcess } from './process-list.ts';
import { openTerminal, type TerminalSession, type TerminalSessionOptions } from './terminal-session.ts';
import { waitUntil } from './wait-until.ts';

const sessions: TerminalSession[] = [];
const open = (options: TerminalSessionOptions): TerminalSession => {
  const session = openTerminal(options);
  sessions.push(session);
  return session;
};
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
});
const shell = { argv: ['bash', '--norc', '--noprofile'] as [string, ...string[]], env: { PS1: '$ ', HISTFILE: '' } };

test('a shell answers what is typed and its exit code is known', async () => {
  const terminal = open(shell);
  await terminal.waitForText('$');
  terminal.type('printf "%s-%s\\n" one two\r');
  await terminal.waitForText(/^one-two$/);
  await terminal.waitFor('the cursor behind the next prompt', (screen) => {
    const { x, y, visible } = screen.cursor();
    return x === 2 && y === 2 && visible;
  });
  terminal.type('exit 7\r');
  expect(await terminal.waitForExit()).toEqual({ code: 7, signal: 0 });
  expect(isAlive(terminal.pid)).toBe(false);
});

test('the tail of a fast exit is not lost', async () => {
  for (let i = 0; i < 10; i++) {
    const terminal = open({ argv: ['seq', '1', '3000'] });
    await terminal.waitForExit();
    expect(terminal.raw().toString().trimEnd().endsWith('3000')).toBe(true);
    expect(terminal.byteCount).toBe(
      Array.from({ length: 3000 }, (_, n) => `${n + 1}\r\n`.length).reduce((a, b) => a + b),
    );
  }
});

test('a wait that fails tells what was waited for and draws the screen', async () => {
  const terminal = open({ argv: ['sh', '-c', 'printf "here it is"; sleep 100'], cols: 20, rows: 3 });
  await terminal.waitForText('here');
  const failure = terminal.waitFor('a miracle', () => 'nothing of the kind', { timeoutMs: 100 });
  await expect(failure).rejects.toThrow(/a miracle[\s\S]*nothing of the kind[\s\S]*┌─+┐\n│here it is/);
});

test('a wait for a program that ended fails at once', async () => {
  const terminal = open({ argv: ['true'] });
  await expect(terminal.waitForText('never')).rejects.toThrow(/ended \(code 0/);
});

test.skipIf(!isInstalled('vim'))(
  'vim (skipped where it is not installed) edits, answers escape at once and leaves the terminal as it was',
  async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-vim-')), 'note.txt');
    const terminal = open({ argv: ['vim', '-u', 'NONE', '-N', file], cols: 60, rows: 15 });
    await terminal.waitFor(
      'the alternate screen',
      (screen) => screen.modes().alternateScreen && /note.txt/.test(screen.row(14)),
    );
    terminal.type('ihello 日本');
    terminal.press('esc');
    terminal.type(':wq');
    terminal.press('enter');
    expect((await terminal.waitForExit()).code).toBe(0);
    expect(terminal.screen.modes()).toMatchObject({
      alternateScreen: false,
      cursorVisible: true,
      bracketedPaste: false,
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('hello 日本\n');
    fs.rmSync(path.dirname(file), { recursive: true });
  },
);

test.skipIf(!isInstalled('less') || !isInstalled('htop'))(
  'less pages and htop draws (skipped where they are not installed), in the size of the terminal',
  async () => {
    const pager = open({ argv: ['sh', '-c', 'seq 1 1000 | less'], cols: 30, rows: 10 });
    await pager.waitFor('the first page', (screen) => screen.row(8) === '9');
    pager.press('space');
    await pager.waitFor('the second page', (screen) => screen.row(8) === '18');
    pager.resize(30, 6);
    await pager.waitFor('the page in the new size', (screen) => /^:?/.test(screen.row(5)) && screen.row(4) !== '');

    const monitor = open({ argv: ['htop'], cols: 100, rows: 20, env: { HOME: '/nonexistent' } });
    await monitor.waitForText('F10');
    monitor.press('f10');
    expect((await monitor.waitForExit()).code).toBe(0);
  },
);

test('the queries of programs are answered in order, or not at all', async () => {
  const queries = ['>q', '?u', '6n', '?2026$p', '?4711$p', ']11;?', ']10;?', '18t', '?996n', 'P$qm'];
  const answering = open({ argv: fixture('print-replies', ...queries) });
  const written = () => answering.screen.text().join('');
  await answering.waitFor('the whole of the replies', () => /REPLIES .*".*"$/.test(written()));
  const line = written();
  const replies: string = JSON.parse(line.slice(line.indexOf('"')));
  expect(replies.split('\x1b').slice(1)).toEqual([
    'P>|reference 1.0',
    '\\',
    '[?0u',
    '[1;1R',
    '[?2026;2$y',
    '[?4711;0$y',
    ']11;rgb:1010/1010/1010',
    '\\',
    ']10;rgb:d0d0/d0d0/d0d0',
    '\\',
    '[8;24;80t',
    '[?997;1n',
    'P0$r',
    '\\',
    '[?62;22;52c',
  ]);

  const mute = open({
    argv: ['bash', '-c', 'printf "\\e[c\\e[6n"; read -rsn1 -t 0.3 || echo SILENCE'],
    answers: 'none',
  });
  await mute.waitForText('SILENCE');
});

test('keys follow the keyboard protocol that the program asked for', async () => {
  const legacy = open({ argv: fixture('key-echo') });
  await legacy.waitForText('KEYS');
  legacy.press('ctrl+b', 'up', 'esc');
  await legacy.waitFor('the legacy keys', (screen) =>
    screen.text().join('').replaceAll(/[<>]/g, '').includes('021b5b411b'),
  );

  const kitty = open({ argv: fixture('key-echo', '>1u') });
  await kitty.waitForText('KEYS');
  kitty.press('ctrl+b', 'esc', 'shift+enter');
  const expected = Buffer.from('\x1b[98;5u\x1b[27u\x1b[13;2u').toString('hex');
  await kitty.waitFor('the keys', (screen) => screen.text().join('').replaceAll(/[<>]/g, '').includes(expected));
});

test('a paused terminal stops the program, and nothing is lost when it reads again', async () => {
  const terminal = open({ argv: fixture('flood', '2', 'ALL-THERE') });
  terminal.pause();
  let last = -1;
  await waitUntil('the program to write no more', () => {
    const written = Number(/^wchar: (\d+)/m.exec(fs.readFileSync(`/proc/${terminal.pid}/io`, 'utf8'))?.[1]);
    const stuck = written === last && written > 0 && readProcess(terminal.pid)?.state === 'S';
    last = written;
    return stuck;
  });
  expect(last).toBeLessThan(1_000_000);
  terminal.resume();
  await terminal.waitForText('ALL-THERE');
  expect(terminal.byteCount).toBeGreaterThan(2_000_000);
});

test('two runs of one program are equal cell by cell, and a difference is named', async () => {
  const [one, other] = [0, 1].map(() => open({ argv: fixture('colors-and-widths'), cols: 60, rows: 20 }));
  await one!.waitForText('CELLS-DONE');
  await other!.waitForText('CELLS-DONE');
  const all = { x: 0, y: 0, width: 60, height: 20 };
  expect(compareScreens(one!.screen, all, other!.screen)).toBe('');
  one!.screen.write('\x1b[6;1H\x1b[31mX');
  expect(compareScreens(one!.screen, all, other!.screen)).toContain('column 0, row 5: "X" instead of "日"');
});

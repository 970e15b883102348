import { expect, test } from 'vitest';
import { createNonet, NONET, type NonetSession } from '../helpers/nonet-session.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** A shell that tells its terminal's settings before and after, and shows what has been typed into it. */
function runDoctor(nonet: NonetSession, answers: 'all' | 'none', args = ''): TerminalSession {
  const doctor = `${NONET.join(' ')} doctor ${args}`;
  const script = `a=$(stty -g); ${doctor}; b=$(stty -g); [ "$a" = "$b" ] && echo SAME; IFS= read -r line; printf 'READ<%q>\\n' "$line"`;
  return nonet.openProgram(['bash', '--norc', '--noprofile', '-c', script], { cols: 100, rows: 60, answers });
}

test('doctor tells what the terminal can do, leaves it as it was, and types nothing into the shell', async () => {
  const nonet = createNonet();
  const terminal = runDoctor(nonet, 'all');
  const modes = terminal.screen.modes();
  await terminal.waitForText('SAME');
  const text = terminal.screen.text().join('\n');
  expect(text).toContain('✓ reference 1.0, 100×60, TERM=xterm-256color');
  expect(text).toContain('✓ keyboard: kitty’s protocol');
  expect(text).toMatch(/widths: /);
  expect(terminal.screen.modes()).toEqual(modes);
  terminal.type('typed\r');
  await terminal.waitForText(/^READ<typed>$/);
});

test('the report in JSON has the terminal’s abilities', async () => {
  const nonet = createNonet();
  const terminal = runDoctor(nonet, 'all', '--json');
  await terminal.waitForText('SAME');
  const raw = terminal.raw().toString('utf8');
  const { terminal: abilities } = JSON.parse(raw.slice(raw.indexOf('{\r\n'), raw.lastIndexOf('}') + 1)) as {
    terminal: Record<string, unknown>;
  };
  expect(abilities).toMatchObject({ version: 'reference 1.0', kittyKeyboard: true, cols: 100 });
});

test('a terminal that answers nothing costs a second, and one that answers late is waited for', async () => {
  const nonet = createNonet();
  const mute = runDoctor(nonet, 'none');
  await mute.waitForText('it answers no questions');

  const slow = runDoctor(nonet, 'none');
  // Its first answer is there before it is asked, so that no time can be too short for it.
  slow.type('\x1b[?5u');
  await waitUntil('the questions', () => slow.raw().toString('latin1').includes('\x1b[c'));
  const begun = performance.now();
  await waitUntil('the time in which a silent terminal is given up', () => performance.now() - begun > 1200);
  slow.type('\x1b[1;1R\x1b[?62c');
  await waitUntil('the next questions', () => slow.raw().toString('utf8').includes('日'));
  slow.type(`${'\x1b[1;3R'.repeat(8)}\x1b[?62c`);
  await slow.waitForText('SAME');
  slow.type('typed\r');
  await slow.waitForText(/^READ<typed>$/);
});

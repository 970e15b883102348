import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import {
  cursorPane,
  paneRect,
  paneText,
  QUICK_STOP,
  shell,
  statusText,
  titleText,
  type View,
} from '../helpers/panes.ts';
import type { ReferenceTerminal } from '../helpers/reference-terminal.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

const THREE: View = { grid: regularGrid(1, 3), paneCount: 3 };

/** A shell that has printed what `script` prints. */
function printer(name: string, script: string): Record<string, unknown> {
  return {
    name,
    command: ['bash', '--norc', '--noprofile', '-c', `${script}; echo PRINTED; exec bash --norc --noprofile`],
    env: { PS1: '$ ' },
    stop: QUICK_STOP,
  };
}

/** The open list, as one text. */
const listText = (screen: ReferenceTerminal): string => screen.text().slice(0, -1).join('\n');
const prefixed = (terminal: TerminalSession, key: string): void => terminal.press('ctrl+b', key);

/** The characters under the cursor and after it that are underlined: how copy mode shows a match. */
function matchAtCursor(screen: ReferenceTerminal): string {
  const { x, y } = screen.cursor();
  let text = '';
  for (let col = x; col < screen.cols; col++) {
    const { chars, flags } = screen.cell(col, y);
    if (chars !== '' && !flags.includes('underline')) break;
    text += chars;
  }
  return text;
}

test('search all panes: what is typed is found in every scrollback, and enter goes to the line', async () => {
  const nonet = createNonet();
  const panes = [
    printer('alpha', 'for ((i = 1; i <= 5000; i++)); do echo "alpha $i"; done'),
    printer(
      'beta',
      `echo '${'日本語'.repeat(12)}目的 Needle in it'; seq 1 400; echo 'Needle late'; echo '${'ab'.repeat(40)}'; seq 1 99`,
    ),
    printer('gamma', 'while sleep 0.05; do echo tick; done'),
  ];
  const terminal = nonet.up({ grid: '1x3', panes }, { cols: 120, rows: 24 });
  await terminal.waitFor('both', (screen) => [1, 2].every((pane) => paneText(screen, pane, THREE).includes('PRINTED')));

  prefixed(terminal, '/');
  await terminal.waitFor('the mode', (screen) => statusText(screen).includes('SEARCH ALL'));
  terminal.type('alpha 4777');
  await terminal.waitFor('the line', (screen) => /1 alpha ● {2}1 line\b[\s\S]*▶ alpha 4777/.test(listText(screen)));
  // Nothing of what is typed is a program's.
  terminal.type('\x15needle');
  const found = /search: needle▏ +2 lines, 1 pane[\s\S]*2 beta ●[\s\S]*▶ Needle late[\s\S]*目的 Needle in it/;
  await terminal.waitFor('both lines', (screen) => found.test(listText(screen)));
  terminal.press('down', 'enter');
  await terminal.waitFor(
    'the line in copy mode',
    (screen) => /━▶2 beta \[\d+\/\d+\]/.test(titleText(screen, 2, THREE)) && matchAtCursor(screen) === 'Needle',
  );
  expect(cursorPane(terminal.screen, THREE)).toBe(2);
  await terminal.waitFor('its name', (screen) => statusText(screen).includes('COPY'));
  // Copy mode goes on with the same search.
  terminal.type('n');
  await terminal.waitFor('the next one', (screen) => {
    const { y } = screen.cursor();
    return paneText(screen, 2, THREE)[y - paneRect(screen, 2, THREE).y] === 'Needle late';
  });
  terminal.type('q');
  await terminal.waitFor('the live screen', (screen) => !statusText(screen).includes('COPY'));

  // Broken lines are whole, wide characters are found, and a zoom follows.
  prefixed(terminal, '1');
  prefixed(terminal, 'z');
  await terminal.waitFor('the zoom', (screen) => statusText(screen).includes('ZOOM'));
  prefixed(terminal, '/');
  // Enter does not wait for what it takes.
  terminal.type('語目的\r');
  await terminal.waitFor(
    'the match',
    (screen) => screen.row(0).startsWith('━▶2 beta [') && matchAtCursor(screen) === '語目的',
  );
  await terminal.waitFor('the zoom still', (screen) => statusText(screen).includes('ZOOM'));
  terminal.type('q');

  // A pattern, a wrong one, and one that would take for ever: the others do not notice.
  prefixed(terminal, '/');
  await terminal.waitFor('the list', (screen) => statusText(screen).includes('SEARCH ALL'));
  terminal.press('ctrl+r');
  terminal.type('alpha 4[0-9]*(');
  await terminal.waitFor('what is wrong', (screen) => listText(screen).includes('✕ Unterminated group'));
  terminal.type('0){3}$');
  await terminal.waitFor('matches', (screen) => /▶ alpha 4000\b/.test(listText(screen)));
  terminal.type('\x15(a|b|ab)+!');
  await terminal.waitFor('a limit', (screen) => listText(screen).includes('✕ this pattern takes too long'));
  terminal.press('esc');
  await terminal.waitFor('no list', (screen) => !statusText(screen).includes('SEARCH ALL'));
  expect(await nonet.capture(1)).not.toMatch(/needle|command not found/i);
});

test('the palette runs what keys run, with their questions; going to a pane is by name, and the zoom follows', async () => {
  const nonet = createNonet();
  const panes = [shell(1), { ...shell(2), name: 'worker' }, { ...shell(3), name: 'notes' }];
  const terminal = nonet.up({ grid: '1x3', panes }, { cols: 120, rows: 24 });
  await terminal.waitFor('prompts', (screen) =>
    [1, 2, 3].every((pane) => paneText(screen, pane, THREE)[0]?.startsWith(`p${pane}$`)),
  );

  prefixed(terminal, 'g');
  await terminal.waitFor(
    'the panes',
    (screen) => listText(screen).includes('Go to pane') && statusText(screen).includes('GO TO'),
  );
  terminal.type('work');
  await terminal.waitFor('the match', (screen) => /▶ 2 worker +● running/.test(listText(screen)));
  terminal.press('enter');
  await terminal.waitFor('the focus', (screen) => titleText(screen, 2, THREE).startsWith('━▶2'));
  const { pid } = await nonet.pane(2);

  prefixed(terminal, ':');
  terminal.type('kill');
  await terminal.waitFor('the command', (screen) =>
    /▶ kill +kill the whole tree at once +ctrl\+b X/.test(listText(screen)),
  );
  terminal.press('enter');
  await terminal.waitFor('the question', (screen) => listText(screen).includes('Kill 2 worker?'));
  terminal.press('n');
  await terminal.waitFor('no question', (screen) => !listText(screen).includes('Kill 2 worker?'));
  expect((await nonet.pane(2)).pid).toBe(pid);

  prefixed(terminal, ':');
  terminal.type('reload\r');
  await terminal.waitFor('one restart', (screen) => /↻1/.test(titleText(screen, 2, THREE)));
  expect((await nonet.pane(2)).pid).not.toBe(pid);

  prefixed(terminal, ':');
  terminal.type('zoom\r');
  await terminal.waitFor(
    'the zoom',
    (screen) => statusText(screen).includes('ZOOM') && screen.row(0).startsWith('━▶2'),
  );
  prefixed(terminal, 'g');
  terminal.type('notes\r');
  await terminal.waitFor(
    'the zoomed pane',
    (screen) => screen.row(0).startsWith('━▶3 notes') && statusText(screen).includes('ZOOM'),
  );
  terminal.type('echo typed-$((6*7))\r');
  await terminal.waitForText('typed-42');

  // On a small screen, too.
  terminal.resize(40, 12);
  await terminal.waitFor('the size', (screen) => screen.row(0).startsWith('━▶3 notes') && statusText(screen) !== '');
  prefixed(terminal, ':');
  await terminal.waitFor('commands', (screen) => /▶ start .* s ┃/.test(listText(screen)));
  terminal.type('detach');
  await terminal.waitFor('the command', (screen) => /▶ detach .* d ┃/.test(listText(screen)));
  terminal.press('enter');
  expect((await terminal.waitForExit()).code).toBe(0);
});

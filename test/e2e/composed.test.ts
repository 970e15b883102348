import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compareScreens, copyCells } from '../helpers/compare-screens.ts';
import { fixture } from '../helpers/fixture.ts';
import { isInstalled } from '../helpers/installed.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { paneRect, QUICK_STOP, showsPrompts, withShells } from '../helpers/panes.ts';
import type { ReferenceTerminal } from '../helpers/reference-terminal.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';

const SIZE = { cols: 170, rows: 48 };
const NEIGHBOURS = [2, 3, 4, 5, 6, 7, 8, 9];
const ENVIRONMENT = { PS1: '$ ', VIMINIT: '', LESS: '', HTOPRC: '/nonexistent' };

type Scenario = {
  argv: [string, ...string[]];
  /** What to type, and what then stands somewhere on the program's screen. */
  steps: { keys?: string[]; text?: string; until: RegExp }[];
};

/**
 * Runs the program in pane 1 and alone in a terminal of the pane's size, types the same into both, and compares every cell and the
 * cursor after each step: in the grid and zoomed.
 */
async function expectComposedEqualsAlone(nonet: NonetSession, scenario: Scenario): Promise<void> {
  const { argv, steps } = scenario;
  const grid = nonet.up(withShells({ name: 'program', command: argv, env: ENVIRONMENT, stop: QUICK_STOP }), SIZE);
  await grid.waitFor('the neighbours', (screen) => showsPrompts(screen, NEIGHBOURS));
  const before = NEIGHBOURS.map((pane) => copyCells(grid.screen, paneRect(grid.screen, pane)));
  const inGrid = paneRect(grid.screen, 1);
  const alone = nonet.openProgram(argv, { cols: inGrid.width, rows: inGrid.height, env: ENVIRONMENT });

  for (const { keys = [], text = '', until } of steps) {
    for (const terminal of [grid, alone]) {
      terminal.press(...keys);
      terminal.type(text);
    }
    await alone.waitFor(`${until}`, (screen) => until.test(screen.text().join('\n')));
    await expectEqual(grid, inGrid, alone);
  }
  expect(NEIGHBOURS.map((pane) => copyCells(grid.screen, paneRect(grid.screen, pane)))).toEqual(before);

  grid.press('ctrl+b', 'z');
  const zoomed = paneRect(grid.screen, 1, { focused: 1, zoomed: true });
  alone.resize(zoomed.width, zoomed.height);
  await expectEqual(grid, zoomed, alone);
}

/** Both may still be drawing: equal means that they become equal. */
async function expectEqual(
  composed: TerminalSession,
  rect: ReturnType<typeof paneRect>,
  alone: TerminalSession,
): Promise<void> {
  const difference = (screen: ReferenceTerminal) => {
    const cells = compareScreens(screen, rect, alone.screen);
    if (cells) return cells;
    const [is, should] = [screen.cursor(), alone.screen.cursor()];
    if (is.visible !== should.visible) return `the cursor is ${is.visible ? 'visible' : 'hidden'}`;
    const equal = !is.visible || (is.x - rect.x === should.x && is.y - rect.y === should.y);
    return equal || `the cursor is at ${is.x - rect.x},${is.y - rect.y} instead of ${should.x},${should.y}`;
  };
  await composed.waitFor('the composed screen to equal the program alone', difference, {
    alsoOn: alone,
    timeoutMs: 8000,
  });
}

test.skipIf(!isInstalled('vim'))(
  'vim in a pane looks as it does alone (skipped where vim is not installed)',
  async () => {
    const nonet = createNonet();
    const file = path.join(nonet.directory, 'program.c');
    fs.writeFileSync(
      file,
      Array.from(
        { length: 300 },
        (_, i) => `int value_${i} = ${i}; /* 日本 ${'x'.repeat(i % 60)} */ // "é${i}"\n`,
      ).join(''),
    );
    await expectComposedEqualsAlone(nonet, {
      argv: [
        'vim',
        '-u',
        'NONE',
        '-i',
        'NONE',
        '-N',
        '-n',
        '--cmd',
        'syntax on',
        '--cmd',
        'set number hlsearch ruler background=dark',
        file,
      ],
      steps: [
        { until: /value_0 =/ },
        { text: 'G', until: /value_299/ },
        { text: '50G', until: /value_49/ },
        { text: '/value_6\r', until: /value_6 =|value_60/ },
        { text: ':split\r', until: /program\.c[\s\S]*program\.c/ },
        { text: 'ohello 日本語 wide', keys: [], until: /hello 日本語 wide/ },
        { keys: ['esc'], text: 'v10j', until: /VISUAL/ },
        { keys: ['esc'], text: ':set nowrap\r', until: /value_/ },
      ],
    });
  },
);

test.skipIf(!isInstalled('less'))(
  'less on a log of a hundred thousand lines looks as it does alone (skipped where less is not installed)',
  async () => {
    const nonet = createNonet();
    const file = path.join(nonet.directory, 'big.log');
    fs.writeFileSync(
      file,
      Array.from(
        { length: 100_000 },
        (_, i) => `2026-01-01 ${i} \x1b[3${i % 8}mlevel\x1b[0m ${'word '.repeat(i % 20)}\n`,
      ).join(''),
    );
    await expectComposedEqualsAlone(nonet, {
      argv: ['less', '-R', file],
      steps: [
        { until: /2026-01-01 0 / },
        { text: ' ', until: /2026-01-01 12 / },
        { text: 'G', until: /2026-01-01 99999 / },
        { text: 'g', until: /2026-01-01 0 / },
        { text: '/ 777 \r', until: /2026-01-01 777 / },
        { text: 'n', until: /not found|777/ },
        { text: '-S\r', until: /2026/ },
      ],
    });
  },
);

test.skipIf(!isInstalled('htop'))(
  'htop in a pane looks as it does alone (skipped where htop is not installed)',
  async () => {
    const nonet = createNonet();
    // What htop shows changes with every look; its bytes are recorded once and played in both.
    const { width: cols, height: rows } = paneRect(SIZE, 1);
    const recorder = nonet.openProgram(['htop', '-d', '10'], { cols, rows, env: ENVIRONMENT });
    await recorder.waitForText('F7Nice');
    recorder.press('down', 'down', 'f5');
    await recorder.waitForText('F5List');
    const recording = path.join(nonet.directory, 'htop.bytes');
    fs.writeFileSync(recording, recorder.raw());
    recorder.press('f10');
    await recorder.waitForExit();
    await expectComposedEqualsAlone(nonet, {
      argv: ['sh', '-c', `stty raw; cat '${recording}'; exec sleep 1000`],
      steps: [{ until: /F7Nice/ }],
    });
  },
);

test('a shell with colours, attributes, links and characters of every width looks as it does alone', async () => {
  const nonet = createNonet();
  await expectComposedEqualsAlone(nonet, {
    argv: ['bash', '--norc', '--noprofile'],
    steps: [
      { until: /\$/ },
      // The line itself in plain letters: readline counts joined characters in its own way and would draw what it thinks is there.
      {
        text: 'printf "\\e[38;2;10;200;30mgreen \\e[48;5;52m\\u65e5\\u672c \\U1F44D\\U1F3FD \\U1F468\\u200D\\U1F469\\u200D\\U1F467 e\\u0301\\e[0m\\n"\r',
        until: /green 日本/,
      },
      {
        text: 'echo a very long line that has to wrap 一二三四五六七八九十一二三四五六七八九十 and goes on and on\r',
        until: /goes on and on[^'"]*\n[\s\S]*\$/,
      },
      { text: 'for i in $(seq 60); do echo "line $i"; done\r', until: /line 60/ },
      { text: "printf '\\e[5;10r\\e[10;1H\\n\\n\\e[r\\e[3;20H\\e[4mhere'\r", until: /here/ },
    ],
  });
});

test('a screen with everything a cell can be looks as it does alone', async () => {
  const nonet = createNonet();
  await expectComposedEqualsAlone(nonet, { argv: fixture('colors-and-widths'), steps: [{ until: /CELLS-DONE/ }] });
});

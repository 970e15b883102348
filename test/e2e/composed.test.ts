import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentTable, knownAgentNames } from '../../src/core/agents.ts';
import { compareScreens, copyCells } from '../helpers/compare-screens.ts';
import { fixture } from '../helpers/fixture.ts';
import { isInstalled } from '../helpers/installed.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { paneRect, QUICK_STOP, showsPrompts, withShells } from '../helpers/panes.ts';
import { screenRecordings } from '../helpers/recordings.ts';
import type { ReferenceTerminal } from '../helpers/reference-terminal.ts';
import { programPieces } from '../helpers/terminal-pieces.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const SIZE = { cols: 170, rows: 48 };
const NEIGHBOURS = [2, 3, 4, 5, 6, 7, 8, 9];
const ENVIRONMENT = { PS1: '$ ', VIMINIT: '', LESS: '', HTOPRC: '/nonexistent' };

type Scenario = {
  argv: [string, ...string[]];
  /** What to type, and what then stands somewhere on the program's screen. */
  steps: { keys?: string[]; text?: string; until: RegExp }[];
  /** Not for recordings: nobody draws them again, and what growing brings back from the scrollback is each terminal's own affair. */
  zoom?: boolean;
};

/**
 * Runs the program in pane 1 and alone in a terminal of the pane's size, types the same into both, and compares every cell and the
 * cursor after each step: in the grid and zoomed.
 */
async function expectComposedEqualsAlone(nonet: NonetSession, scenario: Scenario): Promise<void> {
  const { argv, steps, zoom = true } = scenario;
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

  if (!zoom) return;
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
        { keys: ['esc'], text: ":set nowrap | echo 'un' . 'wrapped'\r", until: /unwrapped/ },
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
        { text: 'n', until: /not found/ },
        { text: '-S\r', until: /2026[^\n]*\n:$/ },
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
    const recorder = nonet.openProgram(['htop', '-d', '10', '-t'], { cols, rows, env: ENVIRONMENT });
    await recorder.waitForText(/F5List.*F7Nice/);
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
    // Each ends with the next prompt: what is typed before it is shown twice.
    steps: [
      { until: /\$/ },
      // The line itself in plain letters: readline counts joined characters in its own way and would draw what it thinks is there.
      {
        text: 'printf "\\e[38;2;10;200;30mgreen \\e[48;5;52m\\u65e5\\u672c \\U1F44D\\U1F3FD \\U1F468\\u200D\\U1F469\\u200D\\U1F467 e\\u0301\\e[0m\\n"\r',
        until: /green 日本.*\n\$/,
      },
      {
        text: 'echo a very long line that has to wrap 一二三四五六七八九十一二三四五六七八九十 and goes on and on\r',
        until: /goes on and on[^'"]*\n[\s\S]*\$/,
      },
      { text: 'for i in $(seq 60); do echo "line $i"; done\r', until: /line 60\n\$/ },
      { text: "printf '\\e[5;10r\\e[10;1H\\n\\n\\e[r\\e[3;20H\\e[4mhere'\r", until: /here\$/ },
    ],
  });
});

test('a screen with everything a cell can be looks as it does alone', async () => {
  const nonet = createNonet();
  await expectComposedEqualsAlone(nonet, { argv: fixture('colors-and-widths'), steps: [{ until: /CELLS-DONE/ }] });
});

/** Each recording in turn, compared when it has been played. */
async function expectRecordingsEqual(nonet: NonetSession, recordings: (string | Buffer)[]): Promise<void> {
  const files = recordings.map((recording, i) => {
    const file = path.join(nonet.directory, `recording-${i}`);
    fs.writeFileSync(file, recording);
    return file;
  });
  await expectComposedEqualsAlone(nonet, {
    argv: fixture('play-recordings', ...files),
    steps: [{ until: /READY/ }, ...files.map((_, i) => ({ text: ' ', until: new RegExp(`#${i + 1}#`) }))],
    zoom: false,
  });
}

test('every attribute, colour, erasing, region, edge and mode looks as it does alone', async () => {
  const { width, height } = paneRect(SIZE, 1);
  await expectRecordingsEqual(createNonet(), Object.values(screenRecordings(width, height)));
});

test('generated output looks as it does alone', async () => {
  const { width, height } = paneRect(SIZE, 1);
  const recording = fc.array(programPieces(width, height), { minLength: 40, maxLength: 120 });
  const recordings = fc.sample(recording, { numRuns: 12, seed: 20_261 }).map((pieces) => pieces.join(''));
  await expectRecordingsEqual(createNonet(), recordings);
});

test.skipIf(!isInstalled('git'))(
  'coloured listings and a git history look as they do alone (the history is skipped where git is not installed)',
  async () => {
    const nonet = createNonet();
    const { width, height } = paneRect(SIZE, 1);
    const directory = path.join(nonet.directory, 'listed');
    fs.mkdirSync(path.join(directory, 'folder'), { recursive: true });
    for (const name of ['plain', '日本語.txt', 'program.sh', 'archive.tar.gz', 'picture.png', 'e\u0301t\u00e9']) {
      fs.writeFileSync(path.join(directory, name), '', { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
    }
    fs.symlinkSync('plain', path.join(directory, 'link'));
    fs.symlinkSync('nowhere', path.join(directory, 'broken'));
    const run = (...[program, ...args]: [string, ...string[]]): string =>
      execFileSync(program, args, { cwd: directory, env: { ...nonet.env, COLUMNS: String(width) } })
        .toString()
        .replaceAll('\n', '\r\n');
    const git = (...args: string[]): string =>
      run('git', '-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main', ...args);
    git('init', '-q');
    for (let i = 0; i < 6; i++) {
      git('checkout', '-q', ...(i % 2 === 1 ? ['-b', `side-${i}`] : i === 0 ? ['-b', 'trunk'] : ['trunk']));
      git(
        'commit',
        '-q',
        '--allow-empty',
        '-m',
        `commit ${i} with a subject 日本 that is a little too long for the pane`,
      );
      if (i % 2 === 1) {
        git('checkout', '-q', 'trunk');
        git('merge', '-q', '--no-ff', '-m', `merge ${i}`, `side-${i}`);
      }
    }
    await expectRecordingsEqual(nonet, [
      run('ls', '-la', '--color=always', '-w', String(width)),
      run('ls', '--color=always', '-C', '-w', String(width)),
      git('log', '--graph', '--all', '--decorate', '--color=always', '--oneline', `-${height - 2}`),
      git('log', '--graph', '--all', '--stat', '--color=always', '-3'),
    ]);
  },
);

const agents = knownAgentNames.map((name) => agentTable[name].command).filter(isInstalled);

test.skipIf(agents.length === 0)(
  `the first screens of ${agents.join(', ') || 'the agents'} look as they do alone (skipped where none is installed)`,
  async () => {
    const nonet = createNonet();
    const { width, height } = paneRect(SIZE, 1);
    const recordings: Buffer[] = [];
    for (const agent of agents) {
      // What they draw differs from start to start (tips, clocks): one start is recorded and played twice.
      const env = { XDG_RUNTIME_DIR: path.join(nonet.directory, 'agents') };
      const alone = nonet.openProgram([agent], { cols: width, rows: height, env });
      await quiet(alone);
      expect(alone.byteCount).toBeGreaterThan(0);
      recordings.push(alone.raw());
      await alone.close();
      // Some leave daemons and their sockets behind.
      await waitUntil('what it left to end', () => {
        const left = nonet.processes();
        for (const { pid } of left) process.kill(pid, 'SIGKILL');
        return left.length === 0;
      });
      fs.rmSync(env.XDG_RUNTIME_DIR, { recursive: true, force: true });
    }
    await expectRecordingsEqual(nonet, recordings);
  },
);

/** Resolves when the program has drawn nothing new for a while, or has drawn long enough. */
async function quiet(terminal: TerminalSession): Promise<void> {
  let seen = -1;
  for (let round = 0; round < 12 && (terminal.byteCount !== seen || seen === 0); round++) {
    seen = terminal.byteCount;
    await setTimeout(1500);
  }
}

import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findForbidden } from '../helpers/allowed-sequences.ts';
import { copyCells } from '../helpers/compare-screens.ts';
import { fixture } from '../helpers/fixture.ts';
import { everyHostileSequence, hostilePiece } from '../helpers/hostile-pieces.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { paneRect, paneText, paneWords, QUICK_STOP, showsPrompts, titleText, withShells } from '../helpers/panes.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const NEIGHBOURS = [3, 4, 5, 6, 7, 8, 9];

/** Panes 1 and 2 are hostile, the rest are shells whose cells must stay as they are. */
async function openWithHostile(nonet: NonetSession, first: Record<string, unknown>, second: Record<string, unknown>) {
  const terminal = nonet.up(withShells({ stop: QUICK_STOP, ...first }, { stop: QUICK_STOP, ...second }));
  await terminal.waitFor('the neighbours’ prompts', (screen) => showsPrompts(screen, NEIGHBOURS));
  const before = NEIGHBOURS.map((pane) => copyCells(terminal.screen, paneRect(terminal.screen, pane)));
  return {
    terminal,
    async expectNeighboursUntouched() {
      expect(NEIGHBOURS.map((pane) => copyCells(terminal.screen, paneRect(terminal.screen, pane)))).toEqual(before);
      terminal.press('ctrl+b', '9');
      terminal.type('echo fine-$((6*7))\r');
      await terminal.waitFor('an answer from a neighbour', (screen) => paneText(screen, 9).includes('fine-42'));
    },
  };
}

async function expectCleanDetach(terminal: TerminalSession): Promise<void> {
  terminal.press('ctrl+b', 'd');
  expect(await terminal.waitForExit()).toEqual({ code: 0, signal: 0 });
  expect(terminal.screen.modes()).toEqual(createReferenceTerminal({ cols: 80, rows: 24 }).modes());
}

test('forty megabytes of noise stay inside their panes', async () => {
  const nonet = createNonet();
  const { terminal, expectNeighboursUntouched } = await openWithHostile(
    nonet,
    { name: 'noise', command: fixture('random-bytes', 20, 4711) },
    { name: 'more', command: fixture('random-bytes', 20, 815) },
  );
  const done = (pane: number) => paneWords(terminal.screen, pane).includes('RANDOM-DONE');
  await terminal.waitFor('the end of the noise', () => done(1) && done(2), { timeoutMs: 120_000 });
  await expectNeighboursUntouched();
  expect((await nonet.list()).every((row) => row.state === 'running')).toBe(true);
  await expectCleanDetach(terminal);
});

test('of hostile output the terminal gets nothing but what nonet itself says, up to the end', async () => {
  const nonet = createNonet();
  const plays = (name: string, bytes: Buffer): Record<string, unknown> => {
    const file = path.join(nonet.directory, `${name}.bytes`);
    // CAN and ST end what may still be open; RIS shows the mark on a clean screen.
    fs.writeFileSync(file, Buffer.concat([bytes, Buffer.from(`\x18\x1b\\\x1bc${name}-DONE`)]));
    return { name, command: ['sh', '-c', `stty raw -echo; cat '${file}'; exec sleep 1000`] };
  };
  const { terminal, expectNeighboursUntouched } = await openWithHostile(
    nonet,
    plays('every', everyHostileSequence()),
    plays('random', Buffer.concat(fc.sample(hostilePiece, { numRuns: 3000, seed: 20_260 }))),
  );
  await terminal.waitFor(
    'both to end',
    (screen) => paneWords(screen, 1).includes('every-DONE') && paneWords(screen, 2).includes('random-DONE'),
  );
  terminal.press('ctrl+b', '1', 'ctrl+b', '2');
  await expectNeighboursUntouched();
  await expectCleanDetach(terminal);
  expect(terminal.byteCount).toBeLessThan(1_000_000);
  const [drawn, afterwards] = terminal
    .raw()
    .toString('utf8')
    .split(/(?<=\x1b\[\?1049l)/) as [string, string];
  expect(findForbidden(drawn, 'client')).toEqual([]);
  expect(afterwards).toMatch(/^[ -~]*\r?\n?$/);
});

test('a string that never ends takes nothing with it, and its pane goes on when it ends after all', async () => {
  const nonet = createNonet();
  for (const [first, second] of [
    ['osc', 'dcs'],
    ['apc', 'pm'],
  ] as const) {
    const { terminal, expectNeighboursUntouched } = await openWithHostile(
      nonet,
      { name: first, command: fixture('unterminated', first, 12) },
      { name: second, command: fixture('unterminated', second, 12) },
    );
    await waitUntil(
      'both to begin',
      async () => (await nonet.capture(1)).includes('BEFORE') && (await nonet.capture(2)).includes('BEFORE'),
    );
    for (const pane of [1, 2]) {
      terminal.press('ctrl+b', String(pane));
      terminal.type('x');
      await terminal.waitFor('the pane to go on', (screen) => paneText(screen, pane).includes('ENDED'));
      expect(paneWords(terminal.screen, pane)).not.toMatch(/INSIDE|AAAA/);
    }
    await expectNeighboursUntouched();
    await expectCleanDetach(terminal);
    await nonet.run(['down', '-s', 'e2e', '--timeout', '2']);
  }
});

test('invalid UTF-8 and the death of a program with every mode on disturb nobody', async () => {
  const nonet = createNonet();
  const { terminal, expectNeighboursUntouched } = await openWithHostile(
    nonet,
    { name: 'utf8', command: fixture('invalid-utf8') },
    { name: 'modes', command: fixture('every-mode'), restart: 'no' },
  );
  await terminal.waitFor('the end of the text', (screen) => {
    const text = paneText(screen, 1);
    return text.includes('UTF8-DONE') && text.includes('é日😀');
  });
  await terminal.waitFor(
    'the death',
    (screen) => !/running|starting/.test(titleText(screen, 2)) || titleText(screen, 2),
  );
  expect(await nonet.pane('modes')).toMatchObject({ exit: { code: null, signal: 'SIGKILL' } });
  await expectNeighboursUntouched();
  // The pane that died is asked for last: the cursor is in it, and its modes must not be the terminal's.
  terminal.press('ctrl+b', '2', 'ctrl+b', '1', 'ctrl+b', '2');
  await expectCleanDetach(terminal);
});

test('a dead pane’s modes are gone when its program is started again', async () => {
  const nonet = createNonet();
  await nonet.start({
    grid: '1x1',
    panes: [
      {
        name: 'modes',
        // The first run leaves every mode on; the second one tells what bytes a key then gives.
        shell: `if [ -e ran ]; then exec '${fixture('key-echo').join("' '")}'; else touch ran; exec '${fixture('every-mode').join("' '")}'; fi`,
        restart: { policy: 'on-failure', backoff: { initial: '100ms', jitter: 0 } },
        stop: QUICK_STOP,
      },
    ],
  });
  await waitUntil('the second run', async () => (await nonet.capture(1)).includes('KEYS'));
  await nonet.run(['send-keys', '1', 'up', 'esc', 'enter', '-s', 'e2e']);
  await waitUntil('plain keys', async () => {
    const text = (await nonet.capture(1)).replaceAll(/[<>\s]/g, '');
    return text.includes('1b5b411b0d') || text;
  });
});

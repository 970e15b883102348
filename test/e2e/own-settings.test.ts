import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { createNonet, type NonetSession } from '../helpers/nonet-session.ts';
import { paneText, shell, statusText, titleText, type View } from '../helpers/panes.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const VIEW: View = { grid: regularGrid(1, 2), paneCount: 2 };
const TWO = { grid: '1x2', panes: [shell(1), shell(2)] };

/** As editors do it: a new file in the place of the old one. */
function configure(nonet: NonetSession, text: string): void {
  const directory = path.join(nonet.env['XDG_CONFIG_HOME']!, 'nonet');
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(path.join(directory, 'new'), text);
  fs.renameSync(path.join(directory, 'new'), path.join(directory, 'config.yaml'));
}

async function waitForShells(terminal: TerminalSession): Promise<void> {
  await terminal.waitFor('shells and titles', (screen) =>
    [1, 2].every(
      (pane) =>
        paneText(screen, pane, VIEW)[0]?.startsWith(`p${pane}$`) && titleText(screen, pane, VIEW).includes(`sh${pane}`),
    ),
  );
}

const says = (terminal: TerminalSession, text: string) =>
  terminal.waitFor(text, (screen) => statusText(screen).includes(text) || statusText(screen));

test('a changed configuration holds at once; one with mistakes is refused with its place and changes nothing', async () => {
  const nonet = createNonet();
  const copied = path.join(nonet.directory, 'copied');
  configure(nonet, `prefix: ctrl+a\nstatus: [hint, session]\ncopy_command: [tee, ${copied}]\n`);
  const terminal = nonet.up(TWO, { cols: 120, rows: 24 });
  await waitForShells(terminal);
  await says(terminal, 'ctrl+a ? help');
  expect(statusText(terminal.screen)).not.toMatch(/●|%/);
  terminal.press('ctrl+a', 'right');
  await terminal.waitFor('the focus', (screen) => titleText(screen, 2, VIEW).includes('▶2'));
  terminal.type('echo copy-$((6*7))\r');
  await terminal.waitFor('the answer', (screen) => paneText(screen, 2, VIEW).includes('copy-42'));
  terminal.press('ctrl+a', '[');
  await says(terminal, 'COPY');
  terminal.type('kY');
  await says(terminal, 'copied 7 characters');
  await waitUntil('the copy command', () => fs.existsSync(copied) && fs.readFileSync(copied, 'utf8') === 'copy-42');

  configure(nonet, 'prefix: ctrl+o\nkeys:\n  zom: z\n');
  await says(terminal, 'config.yaml:3:3: unknown command "zom"; did you mean "zoom"?; not applied');
  terminal.press('ctrl+a', '?');
  await terminal.waitForText('Keys after ctrl+a');
  terminal.type('zoom');

  // The help is open, and says at once what is true now.
  configure(nonet, 'prefix: ctrl+o\nkeys: {zoom: f}\nborders: ascii\ncopy_keys: emacs\n');
  await terminal.waitForText('Keys after ctrl+o');
  await terminal.waitForText(/^ *\| +f +zoom the pane/);
  terminal.press('esc');
  await terminal.waitFor('no help', (screen) => !screen.text().join().includes('Keys after'));
  terminal.press('ctrl+o', 'f');
  await terminal.waitFor('one pane', (screen) => screen.row(0).startsWith('=>2 sh2 *'));
  await says(terminal, 'ZOOM');
  await says(terminal, '*2 running');

  const check = async () => {
    const { code, stderr } = await nonet.cli(['check', 'nonet/config.yaml'], { cwd: nonet.env['XDG_CONFIG_HOME']! });
    return [code, stderr];
  };
  expect(await check()).toEqual([0, 'nonet/config.yaml: a configuration, no problems\n']);
  configure(nonet, 'theme: drak\n');
  expect(await check()).toEqual([2, expect.stringMatching(/^nonet\/config\.yaml:1:8: .*did you mean "dark"\?\n$/)]);
});

test('a layout’s own keys and mouse win, command by command', async () => {
  const nonet = createNonet();
  configure(nonet, 'mouse: true\nprefix: ctrl+a\nkeys: {zoom: f, redraw: g}\n');
  const terminal = nonet.up({ ...TWO, mouse: false, keys: { zoom: 'g', redraw: 'ctrl+t' } }, { cols: 120, rows: 24 });
  await waitForShells(terminal);
  terminal.press('ctrl+a', 'g');
  await says(terminal, 'ZOOM');
  expect(terminal.screen.modes().mouse).toEqual([]);
  terminal.press('ctrl+a', 'f');
  await says(terminal, 'ctrl+a f is not bound');
  configure(nonet, 'prefix: ctrl+t\n');
  await says(terminal, 'keys.redraw: “ctrl+t” is the prefix, and so does nothing after it');
});

test('the chrome follows the terminal from dark to light, and the configuration against it; NO_COLOR takes all colour', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(TWO, { cols: 120, rows: 24 });
  await waitForShells(terminal);
  const rule = (screen = terminal.screen): number => screen.cell(58, 0).fg;
  const before = rule();
  terminal.type('\x1b]11;rgb:ffff/fdfd/f0f0\x1b\\');
  await terminal.waitFor('another colour', (screen) => rule(screen) === 0x0e7490 || rule(screen).toString(16));
  terminal.type('echo still-$((6*7))\r');
  await terminal.waitFor('the answer', (screen) => paneText(screen, 1, VIEW).includes('still-42'));
  expect(terminal.raw().toString()).not.toContain('configuration');
  configure(nonet, 'theme: dark\n');
  await terminal.waitFor('the colour of before', (screen) => rule(screen) === before);
  configure(nonet, 'theme: light\n');
  await terminal.waitFor('the light one', (screen) => rule(screen) === 0x0e7490);

  const plain = nonet.attach({ cols: 120, rows: 24, env: { NO_COLOR: '1' } });
  await waitForShells(plain);
  const colors = new Set<number>();
  for (const x of Array(120).keys()) for (const y of [0, 23]) colors.add(plain.screen.cell(x, y).fg);
  expect(colors.size).toBe(1);
});

test('where the locale has no UTF-8, lines and marks are ASCII', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(TWO, { cols: 120, rows: 24, env: { LC_ALL: 'C' } });
  await waitForShells(terminal);
  terminal.press('ctrl+b', '?');
  await terminal.waitForText('Keys after ctrl+b');
  expect(terminal.screen.text().join('\n')).toMatch(/^[\n -~]+$/);
  terminal.press('esc');
  await terminal.waitFor('the panes', (screen) => screen.row(0).startsWith('=>1 sh1 * running'));
});

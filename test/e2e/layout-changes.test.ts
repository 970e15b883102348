import fs from 'node:fs';
import { expect, test } from 'vitest';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { paneWords, statusText, titleText } from '../helpers/panes.ts';
import { waitUntil } from '../helpers/wait-until.ts';

function layout(grid: string, panes: Record<string, string>): string {
  const rows = Object.entries(panes).map(
    ([name, command]) => `  - {name: ${name}, shell: '${command}', stop: {timeout: 1s}}\n`,
  );
  return `grid: ${grid}\npanes:\n${rows.join('')}`;
}
const reads = (words: string): string => `echo ${words}; exec cat`;

test('a layout that is changed is shown, applied, gone back on and scaled while somebody watches', async () => {
  const nonet = createNonet();
  const first = layout('1x3', { one: reads('I am one'), two: reads('I am two'), three: reads('I am three') });
  const view = { grid: regularGrid(1, 3), paneCount: 3 };
  const terminal = nonet.up(first);
  const file = `${nonet.directory}/layout-1.yaml`;
  await terminal.waitFor('three panes', (screen) => paneWords(screen, 3, view).includes('I am three'));
  const before = await nonet.list();
  expect(await nonet.run(['diff', '-s', 'e2e'])).toBe('');

  fs.writeFileSync(
    file,
    layout('1x3', { three: reads('I am three'), four: reads('I am four'), one: reads('I am ONE') }),
  );
  const diff = await nonet.run(['diff', '-s', 'e2e']);
  expect(diff).toMatch(
    /^- two\n\+ four\n~ one \(restarts\)\n {4}command: .*I am one.* → .*I am ONE.*\n~ session: order\n$/,
  );
  expect(await nonet.list()).toMatchObject(before.map(({ pid }) => ({ pid })));
  const applied = await nonet.cli(['apply', '-s', 'e2e']);
  expect([applied.code, applied.stdout]).toEqual([0, diff]);
  expect(applied.stderr).toContain('2 four: added: running');

  // In the places of the layout, each under the number that it has.
  await terminal.waitFor('the panes in their new places', (screen) => {
    const places = [1, 2, 3].map((place) => `${titleText(screen, place, view)} ${paneWords(screen, place, view)}`);
    const wanted = [/3 three .*I am three/, /2 four .*I am four/, /1 one .*I am ONE/];
    return wanted.every((pattern, i) => pattern.test(places[i]!)) || places.join('\n');
  });
  const after = await nonet.list();
  expect(after.find(({ name }) => name === 'three')!.pid).toBe(before[2]!.pid);
  // Focus and keys go by number, directions by place.
  terminal.press('ctrl+b', '3');
  terminal.type('to three\r');
  await terminal.waitFor(
    'the words in three',
    (screen) => paneWords(screen, 1, view).includes('to threeto three') || paneWords(screen, 1, view),
  );
  terminal.press('ctrl+b', 'right');
  terminal.type('to four\r');
  await terminal.waitFor(
    'the words in four',
    (screen) => paneWords(screen, 2, view).includes('to fourto four') || paneWords(screen, 2, view),
  );

  fs.writeFileSync(file, first.replace('name: two', 'nmae: two'));
  const refused = await nonet.cli(['apply', '-s', 'e2e']);
  expect([refused.code, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toMatch(/layout-1\.yaml:4:6: unknown key "nmae"; did you mean "name"\?/);

  expect(await nonet.run(['rollback', '--list', '-s', 'e2e'])).toMatch(
    /^ 1 {2}until \S+ {2}layout-1, 3 panes: -four \+two ~one order\n$/,
  );
  await nonet.run(['rollback', '-s', 'e2e']);
  expect((await nonet.list()).map(({ pane, name }) => `${pane} ${name}`)).toEqual(['1 one', '2 two', '3 three']);
  await terminal.waitFor('two in its place', (screen) => paneWords(screen, 2, view).includes('I am two'));

  await nonet.run(['scale', 'two', '2', '-s', 'e2e']);
  await waitUntil(
    'its instances',
    async () => (await nonet.list()).map(({ name }) => name).join() === 'one,two-1,two-2,three',
  );
  for (const args of [
    ['scale', 'two', '0'],
    ['scale', 'nothing', '2'],
    ['rollback', '99'],
    ['rollback', 'x'],
  ]) {
    const { code, stderr } = await nonet.cli([...args, '-s', 'e2e']);
    expect([code === 0, stderr.length > 0], args.join(' ')).toEqual([false, true]);
  }
});

test('reload: auto applies a changed file, and shows what is wrong with one that is not applied', async () => {
  const nonet = createNonet();
  const text = `reload: auto\n${layout('1x2', { one: reads('I am one'), two: reads('I am two') })}`;
  const view = { grid: regularGrid(1, 2), paneCount: 2 };
  const terminal = nonet.up(text);
  await terminal.waitFor('both panes', (screen) => paneWords(screen, 2, view).includes('I am two'));
  const [one] = await nonet.list();
  fs.writeFileSync(`${nonet.directory}/layout-1.yaml`, text.replace('grid: 1x2', 'grid: 1y2'));
  await terminal.waitFor(
    'the mistake',
    (screen) => /layout not applied/.test(statusText(screen)) || statusText(screen),
  );
  fs.writeFileSync(`${nonet.directory}/layout-1.yaml`, text.replaceAll('two', 'new'));
  await terminal.waitFor('the other pane', (screen) => paneWords(screen, 2, view).includes('I am new'));
  expect((await nonet.list())[0]!.pid).toBe(one!.pid);
});

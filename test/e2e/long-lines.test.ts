import { expect, test } from 'vitest';
import { createNonet } from '../helpers/nonet-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';

test('a line that a program’s terminal would cut is refused in plain words; what it can take arrives whole', async () => {
  const nonet = createNonet();
  await nonet.start({
    panes: [
      { name: 'lines', shell: 'stty -echo; while read -r line; do echo "got $(printf %s "$line" | wc -c)"; done' },
      { name: 'raw', shell: 'stty raw -echo; echo ready; head -c 20000 | wc -c; exec sleep 1000' },
    ],
  });
  const shows = (pane: string, text: string) =>
    waitUntil(`${text} in ${pane}`, async () => {
      const screen = await nonet.capture(pane);
      return screen.includes(text) || screen;
    });
  await shows('raw', 'ready');
  const send = (pane: string, text: string) => nonet.cli(['send', '-s', 'e2e', pane, text]);
  const refused = await send('lines', 'x'.repeat(6000));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/nothing was sent: lines reads whole lines.* 4095 bytes of a line; one here has 6000/);
  // Nothing of it is in the way of the next.
  expect((await send('lines', 'y'.repeat(4095))).code).toBe(0);
  await shows('lines', 'got 4095');
  expect((await send('lines', `${'z'.repeat(3000)}\n${'é'.repeat(1000)}`)).code).toBe(0);
  await shows('lines', 'got 3000');
  expect((await nonet.capture('lines')).includes('got 6000')).toBe(false);
  // A program that takes every byte as it comes gets as long a line as anybody likes.
  expect((await send('raw', 'x'.repeat(20_000))).code).toBe(0);
  await shows('raw', '20000');
});

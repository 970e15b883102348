import { expect, test } from 'vitest';
import { fixture } from '../helpers/fixture.ts';
import { createNonet } from '../helpers/nonet-session.ts';
import { cursorPane, paneRect, paneText, QUICK_STOP, showsPrompts, withShells } from '../helpers/panes.ts';

const OTHERS = [2, 3, 4, 5, 6, 7, 8, 9];

test('a pane has the size of the client that typed last, and is resized only when that changes', async () => {
  const nonet = createNonet();
  const large = nonet.up(withShells({ name: 'sizes', command: fixture('count-resizes'), stop: QUICK_STOP }), {
    cols: 150,
    rows: 50,
  });
  await large.waitFor('prompts', (screen) => showsPrompts(screen, OTHERS));
  const small = nonet.attach({ cols: 96, rows: 30 });
  await small.waitFor('prompts', (screen) => showsPrompts(screen, OTHERS));

  const line = (of: typeof large) => paneText(of.screen, 1)[0] ?? '';
  const sizeFor = (of: typeof large) => {
    const { width, height } = paneRect(of.screen, 1);
    return `size ${width}x${height} `;
  };
  expect(sizeFor(large)).not.toBe(sizeFor(small));
  const clients = [large, small];
  const agree = async (size: string) => {
    for (const client of clients) await client.waitFor(size, () => line(client).startsWith(size) || line(client));
  };
  // The newest client's, until somebody types.
  await agree(sizeFor(small));
  const count = () => Number(/resizes (\d+)/.exec(line(large))?.[1]);
  const before = count();
  for (const typing of [large, small, large]) {
    typing.type('xxx');
    await agree(sizeFor(typing));
  }
  expect(count()).toBe(before + 3);

  // More keys of the same client change nothing; neither does a glance of the other at another pane.
  for (let i = 0; i < 10; i++) large.type('x');
  small.press('ctrl+b', '5');
  await small.waitFor('focus on 5', (screen) => cursorPane(screen) === 5);
  large.type('x');
  await large.waitFor('the answer to the keys', () => /keys 20$/.test(line(large)) || line(large));
  expect(count()).toBe(before + 3);
});

test('a pane has the size of the client that turns to it, by a key or a click, before anything is typed', async () => {
  const nonet = createNonet();
  const one = nonet.up(withShells(), { cols: 160, rows: 40 });
  await one.waitFor('prompts', (screen) => showsPrompts(screen));
  const other = nonet.attach({ cols: 200, rows: 50 });
  await other.waitFor('prompts', (screen) => showsPrompts(screen));
  const zoomed = { focused: 1, zoomed: true };
  other.press('ctrl+b', 'z');
  other.type('seq 100\r');
  // More than a pane of the other client can show.
  await other.waitFor('the end of it', (screen) => {
    const rows = paneText(screen, 1, zoomed);
    return rows.includes('100') && rows.includes('60');
  });
  const showsEnd = (pane: number) => (screen: typeof one.screen) => {
    const rows = paneText(screen, pane);
    return (rows.includes('100') && cursorPane(screen) === pane) || rows.join('\n');
  };
  expect(paneText(one.screen, 1)).not.toContain('100');
  one.press('ctrl+b', '1');
  await one.waitFor('the end and the cursor', showsEnd(1));
  await other.waitFor('the small pane', (screen) => !paneText(screen, 1, zoomed).includes('60'));

  other.type('\r');
  await other.waitFor('its size again', (screen) => paneText(screen, 1, zoomed).includes('60'));
  one.press('ctrl+b', '2');
  await one.waitFor('focus on 2', (screen) => cursorPane(screen) === 2);
  const { x, y } = paneRect(one.screen, 1);
  for (const final of ['M', 'm']) one.type(`\x1b[<0;${x + 2};${y + 2}${final}`);
  await one.waitFor('the end and the cursor', showsEnd(1));
});

test('each client has its own focus, zoom and layout', async () => {
  const nonet = createNonet();
  const one = nonet.up(withShells(), { cols: 140, rows: 45 });
  await one.waitFor('prompts', (screen) => showsPrompts(screen));
  const other = nonet.attach({ cols: 100, rows: 30 });
  await other.waitFor('prompts', (screen) => showsPrompts(screen));
  one.press('ctrl+b', '3');
  await one.waitFor('focus on 3', (screen) => cursorPane(screen) === 3);
  other.press('ctrl+b', '8', 'ctrl+b', 'z');
  const zoomed = { focused: 8, zoomed: true };
  await other.waitFor('pane 8 alone', (screen) => paneText(screen, 8, zoomed)[0]?.startsWith('p8$') ?? false);
  // A shell draws its prompt anew when its pane has another size.
  await one.waitFor('prompts still', (screen) => showsPrompts(screen));
  expect(cursorPane(one.screen)).toBe(3);

  one.type('echo from-one\r');
  other.type('echo from-other\r');
  await other.waitFor('its own output', (screen) => paneText(screen, 8, zoomed).includes('from-other'));
  await one.waitFor(
    'both outputs',
    (screen) => paneText(screen, 3).includes('from-one') && paneText(screen, 8).includes('from-other'),
  );
  other.press('ctrl+b', 'z');
  await other.waitFor('the other’s output', (screen) => paneText(screen, 3).includes('from-one'));
  one.press('ctrl+b', 'd');
  await one.waitForExit();
  other.type('echo alone-now\r');
  await other.waitFor('an answer', (screen) => paneText(screen, 8).includes('alone-now'));
});

test('a client follows its terminal through many sizes and ends with the right one', async () => {
  const nonet = createNonet();
  const terminal = nonet.up(withShells({ name: 'sizes', command: fixture('count-resizes'), stop: QUICK_STOP }));
  await terminal.waitFor('prompts', (screen) => showsPrompts(screen, OTHERS));
  for (const [cols, rows] of [
    [90, 30],
    [200, 60],
    [64, 20],
    [30, 10],
    [100, 33],
  ] as const)
    terminal.resize(cols, rows);
  const rect = paneRect(terminal.screen, 1);
  await terminal.waitFor(
    'the last size',
    (screen) => paneText(screen, 1)[0]?.startsWith(`size ${rect.width}x${rect.height} `) || screen.row(1),
  );
  await terminal.waitFor('the other panes', (screen) => showsPrompts(screen, OTHERS));
});

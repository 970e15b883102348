import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createLogViewer } from '../../../src/client/inspect/log-viewer.ts';
import { waitUntil } from '../../helpers/wait-until.ts';
import { createTestClock, key, liveStore } from '../sample-session.ts';

function open(write: (file: string) => void, { cols = 80, rows = 14 } = {}) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-view-'));
  const file = path.join(directory, 'pane-1.log');
  write(file);
  const clock = createTestClock();
  const store = liveStore({ cols, rows, clock });
  const viewer = createLogViewer({ store, clock, directory });
  store.subscribe(() => viewer.update());
  onTestFinished(() => {
    viewer.dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });
  viewer.open(1);
  const page = () => store.getState().view.log;
  return {
    file,
    clock,
    store,
    page,
    texts: () => page()?.rows.map(({ text }) => text) ?? [],
    press: (...names: string[]) => {
      for (const name of names) viewer.key(key(name));
    },
  };
}

const stamped = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `2026-01-31T12:00:00 line ${from + i}\n`).join('');

/** What the page has room for at 14 rows: the status bar, the frame and the head are not it. */
const PAGE = 10;

test('it opens at the end and follows; up stays put while lines come, G is at the end again', () => {
  const view = open((file) => fs.writeFileSync(file, stamped(1, 500)));
  expect(view.store.getState().view.mode).toBe('log');
  expect(view.texts()).toEqual(Array.from({ length: PAGE }, (_, i) => `line ${491 + i}`));
  expect(view.page()!.rows[0]!.stamp).toBe('2026-01-31T12:00:00 ');
  fs.appendFileSync(view.file, stamped(501, 502));
  view.clock.advance(250);
  expect(view.texts().at(-1)).toBe('line 502');

  view.press('k', 'page_up');
  const before = view.texts();
  expect(before.at(-1)).toBe('line 492');
  expect(view.page()!.following).toBe(false);
  fs.appendFileSync(view.file, stamped(503, 600));
  view.clock.advance(250);
  expect(view.texts()).toEqual(before);
  expect(view.page()!.below).toBe(108);
  view.press('G');
  expect(view.texts().at(-1)).toBe('line 600');
  expect(view.page()!.following).toBe(true);
});

test('g is the first line, over rotated files too, without reading all in one go', async () => {
  const view = open((file) => {
    fs.writeFileSync(`${file}.2.gz`, gzipSync(stamped(1, 20_000)));
    fs.writeFileSync(`${file}.1`, stamped(20_001, 60_000));
    fs.writeFileSync(file, stamped(60_001, 60_100));
  });
  view.press('g');
  await waitUntil('the first line', () => view.texts()[0] === 'line 1');
  expect(view.texts()).toHaveLength(PAGE);
  view.press('j');
  expect(view.texts()[0]).toBe('line 2');
  view.press('k', 'k', 'k');
  expect(view.texts()[0]).toBe('line 1');
});

test('a filter that takes no more says so', () => {
  const view = open((file) => fs.writeFileSync(file, stamped(1, 5)));
  view.press('/', ...'x'.repeat(200), 'y');
  expect(view.store.getState().view.notice?.text).toBe('no more than 200 characters fit here');
  expect(view.page()!.prompt!.text).toBe('x'.repeat(200));
});

test('a filter shows only lines that have it, capitals count when there are some, and esc shows all', async () => {
  const view = open((file) => fs.writeFileSync(file, `${stamped(1, 40_000)}Error here\nerror there\n`));
  const filterBy = (text: string) => view.press('/', ...text, 'enter');
  filterBy('error');
  await waitUntil('the search to be over', () => !view.page()!.busy);
  expect(view.texts()).toEqual(['Error here', 'error there']);
  filterBy('Error');
  await waitUntil('the search to be over', () => !view.page()!.busy);
  expect(view.texts()).toEqual(['Error here']);
  fs.appendFileSync(view.file, 'Error again\nnothing\n');
  view.clock.advance(250);
  expect(view.texts()).toEqual(['Error here', 'Error again']);
  view.press('/', 'x', 'esc');
  expect(view.page()!.filter).toBe('Error');
  view.press('esc');
  expect(view.texts().at(-1)).toBe('nothing');
  view.press('q');
  expect(view.page()).toBeNull();
  expect(view.clock.pending()).toBe(0);
});

test('long lines are broken, times can be left out, an empty log is no error', () => {
  const view = open((file) => fs.writeFileSync(file, `2026-01-31T12:00:00 ${'x'.repeat(60)}\n`), { cols: 44 });
  expect(view.page()!.rows.map(({ stamp, text }) => `${stamp}${text}`)).toEqual([
    expect.stringMatching(/^\d\d:00:00 x{31}$/),
    ` ${' '.repeat(8)}${'x'.repeat(29)}`,
  ]);
  view.press('t');
  expect(view.texts()).toEqual(['x'.repeat(40), 'x'.repeat(20)]);
  expect(open(() => {}).texts()).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { helpLayout } from '../../src/client/overlays.ts';
import { commandRow, keyCommandNames } from '../../src/core/commands.ts';
import { displayWidth } from '../../src/core/display-text.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { liveStore } from './sample-session.ts';

const keymap = createKeymap({});

function open(cols: number, rows: number, filter = '') {
  const store = liveStore({ cols, rows });
  store.dispatch({ type: 'help-opened' });
  if (filter !== '') store.dispatch({ type: 'help-filtered', filter });
  return helpLayout(store.getState(), keymap)!;
}

describe.each([
  [200, 60],
  [80, 24],
  [40, 12],
  [22, 7],
])('the help on %i×%i', (cols, rows) => {
  it('says every word of every command, within its box', () => {
    const { entries, rect, framed, keysWidth } = open(cols, rows);
    const width = rect.width - (framed ? 4 : 0);
    let words = '';
    for (const entry of entries) {
      words += ` ${entry.text}`;
      if (entry.kind === 'heading') continue;
      expect(displayWidth(entry.keys)).toBeLessThanOrEqual(keysWidth);
      expect(2 + keysWidth + 2 + displayWidth(entry.text)).toBeLessThanOrEqual(width);
    }
    const said = words.replaceAll(' ', '');
    for (const name of keyCommandNames) {
      if (!name.startsWith('focus-')) expect(said).toContain(commandRow(name).summary.replaceAll(' ', ''));
    }
  });

  it('scrolls to its last line, and has one size whatever the filter says', () => {
    const all = open(cols, rows);
    expect(all.maxScroll).toBe(Math.max(0, all.entries.length - all.pageRows));
    const some = open(cols, rows, 'restart');
    expect(some.entries.length).toBeLessThan(all.entries.length);
    expect(some.rect).toEqual(all.rect);
  });
});

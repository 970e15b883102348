import { describe, expect, it } from 'vitest';
import { createCellGrid } from '../../src/core/cell.ts';
import { cleanUri } from '../../src/terminal/link-table.ts';
import { openPaneScreen } from './pane-screen.ts';

function linksOf(bytes: string, linkPrefix = '') {
  const { screen } = openPaneScreen({ linkPrefix });
  screen.write(bytes);
  const grid = createCellGrid(20, 5);
  screen.readGrid(grid);
  return (col: number, row = 0) => grid.extras.get(row * 20 + col)?.link;
}
const open = (uri: string, params = '') => `\x1b]8;${params};${uri}\x1b\\`;
const CLOSE = '\x1b]8;;\x1b\\';

describe('links', () => {
  it('with the same id and address belong together, others do not', () => {
    const at = linksOf(
      `${open('https://a', 'id=x')}a${CLOSE} ${open('https://a', 'foo=1:id=x')}b${open('https://b', 'id=x')}c${open('https://a')}d${open('https://a')}e`,
    );
    expect(at(0)).toEqual(at(2));
    expect(at(1)).toBeUndefined();
    expect(new Set([0, 3, 4, 5].map((col) => at(col)?.id)).size).toBe(4);
  });

  it('of two panes never have the same id', () => {
    const bytes = `${open('https://a', 'id=x')}a`;
    expect(linksOf(bytes, '1.')(0)?.id).not.toBe(linksOf(bytes, '2.')(0)?.id);
  });

  it('keep semicolons, and are encoded where they were not', () => {
    const at = linksOf(`${open('https://a/?x;y=é ü')}a`);
    expect(at(0)?.uri).toBe('https://a/?x;y=%C3%A9%20%C3%BC');
  });

  it('end where the next one is no link', () => {
    const at = linksOf(`${open('https://a')}a${open('javascript:alert(1)')}b${open('https://a')}c\x1b]8;id=1;\x1b\\d`);
    expect([0, 1, 2, 3].map((col) => at(col) !== undefined)).toEqual([true, false, true, false]);
  });

  it.each([
    ['https://example.org/a%20b', true],
    ['HTTP://EXAMPLE.ORG', true],
    ['mailto:a@b', true],
    ['file:///etc/hosts', true],
    ['vscode://file/x:1:2', true],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['x-custom:open', false],
    ['no link', false],
    ['https:', false],
    ['', false],
    [`https://${'x'.repeat(3000)}`, false],
  ])('%j is an address: %s', (text, good) => {
    expect(cleanUri(text) !== null).toBe(good);
  });

  it('never hold a control character', () => {
    expect(cleanUri('https://a/\x07\x1b[31m\u009b')).toBe('https://a/%07%1B[31m%C2%9B');
  });

  it('drawn again and again in place are forgotten, and those on the screen and above it are not', () => {
    const { screen } = openPaneScreen({ cols: 20, rows: 3, scrollback: 50 });
    screen.write(`${open('https://first')}first${CLOSE}\r\n\n\n\n`);
    for (let i = 0; i < 20_000; i++) screen.write(`\r${open(`https://${i}`)}link${CLOSE}`);
    expect(screen.line(-2)?.extraAt(0)?.link?.uri).toBe('https://first');
    expect(screen.line(2)?.extraAt(0)?.link?.uri).toBe('https://19999');
    // A number is given out for each of them; what is kept is known by what is not found any more.
    expect(screen.line(2)?.extraAt(0)?.link?.id).toBe('20001');
  });
});

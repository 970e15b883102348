import { expect, test } from 'vitest';
import { selectPane, selectPanes } from '../../src/config/pane-selectors.ts';

const panes = ['api', 'api-2', 'web', '7', 'a.b'].map((name, index) => ({ pane: index + 1, spec: { name } }));

function select(...selectors: string[]): number[] {
  return selectPanes(panes, selectors).map((pane) => pane.pane);
}

test.each<[string[], number[]]>([
  [['api'], [1]],
  [['3'], [3]],
  [['all'], [1, 2, 3, 4, 5]],
  [['api*'], [1, 2]],
  [['api-*'], [2]],
  [['*'], [1, 2, 3, 4, 5]],
  [['?'], [4]],
  [['[aw]*'], [1, 2, 3, 5]],
  [['[!a]*'], [3, 4]],
  [['a.?'], [5]],
  [
    ['web', '1', 'api'],
    [1, 3],
  ],
  // A name goes before a number.
  [['7'], [4]],
])('%j means panes %j', (selectors, expected) => {
  expect(select(...selectors)).toEqual(expected);
});

test.each(['nobody', '9', 'x*', '', 'a+b', '[z-a]', '[', 'API'])('%j means no pane', (selector) => {
  expect(() => select(selector)).toThrow(expect.objectContaining({ code: 'no-such-pane' }));
});

test('one pane that is not there fails the others too', () => {
  expect(() => select('api', 'nobody')).toThrow(/no pane "nobody"/);
});

test('a slip of the fingers is met with the name that was meant', () => {
  expect(() => select('wbe')).toThrow('no pane "wbe"; did you mean "web"?');
});

test('where one pane is wanted, several are a mistake that names them', () => {
  expect(selectPane(panes, 'web').pane).toBe(3);
  expect(() => selectPane(panes, 'api*')).toThrow('"api*" means 2 panes: api, api-2');
});

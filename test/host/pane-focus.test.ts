import { expect, it } from 'vitest';
import { createPaneFocus } from '../../src/host/pane-focus.ts';

function stage() {
  const told: string[] = [];
  const focus = createPaneFocus<string>((pane, focused) => told.push(`${pane}${focused ? '+' : '-'}`));
  return { focus, heard: () => told.splice(0).join(' ') };
}

it('a pane is focused while at least one client attends to it', () => {
  const { focus, heard } = stage();
  focus.set('a', 1);
  focus.set('b', 1);
  expect(heard()).toBe('1+');
  focus.set('a', 2);
  expect(heard()).toBe('2+');
  focus.set('b', null);
  expect(heard()).toBe('1-');
  expect([focus.has(1), focus.has(2)]).toEqual([false, true]);
});

it('the pane that loses the focus hears of it before the one that gets it', () => {
  const { focus, heard } = stage();
  focus.set('a', 1);
  focus.set('a', 2);
  focus.set('a', 2);
  expect(heard()).toBe('1+ 1- 2+');
});

it('a client that leaves attends to nothing any more', () => {
  const { focus, heard } = stage();
  focus.set('a', 3);
  focus.leave('a');
  focus.leave('a');
  focus.leave('b');
  expect(heard()).toBe('3+ 3-');
});

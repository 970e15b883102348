import { expect, test } from 'vitest';
import { pastLayout, rememberLayout } from '../../src/daemon/past-layouts.ts';
import { layoutOf, sleeper } from './daemon-session.ts';

test('the last ten layouts are kept, the latest first', () => {
  let past = rememberLayout([], { layout: layoutOf([sleeper('p0')]), at: 0 });
  for (let at = 1; at < 15; at++) past = rememberLayout(past, { layout: layoutOf([sleeper(`p${at}`)]), at });
  expect(past.map(({ at }) => at)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
  expect(pastLayout(past, 1).panes[0]!.name).toBe('p14');
  expect(pastLayout(past, 10).panes[0]!.name).toBe('p5');
  expect(() => pastLayout(past, 11)).toThrow('it has had 10 before this one');
  expect(() => pastLayout([], 1)).toThrow('its layout has not changed');
});

test('layouts too large to be kept ten times are kept less often, and the latest always', () => {
  const huge = layoutOf([sleeper('p', { env: { BIG: 'x'.repeat(600_000) } })]);
  const past = rememberLayout(rememberLayout([], { layout: huge, at: 1 }), { layout: huge, at: 2 });
  expect(past.map(({ at }) => at)).toEqual([2]);
});

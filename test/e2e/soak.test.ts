import { expect, test } from 'vitest';
import { runSoak } from '../soak/run-soak.ts';

test('half a minute of crashes, floods, clients that vanish and daemons that are killed leaves nothing behind and lets nothing grow', async () => {
  const lines: string[] = [];
  const { rests, done, restarts, problems } = await runSoak({
    minutes: 0.4,
    seed: 1,
    report: (line) => lines.push(line),
  });
  expect(problems, lines.join('\n')).toEqual([]);
  expect(rests.length).toBe(6);
  expect(done['daemon killed'] ?? 0).toBeGreaterThan(0);
  expect(restarts).toBeGreaterThan(0);
});

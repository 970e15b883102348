import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.ts';

/** `node test/soak/soak.ts --minutes 120 --seed 7`, after `npm run build`: exit code 1 and the reasons if anything grew or was left. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes takes a number above 0');
  process.exit(2);
}
const { done, restarts, problems } = await runSoak({ minutes, seed: Number(values.seed), report: console.log });
console.log(
  `${Object.entries(done)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ')}; ${restarts} restarts`,
);
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'flat, and nothing left' : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

import path from 'node:path';
import { PROJECT } from '../helpers/fixture.ts';
import { paneText, statusText, titleText } from '../helpers/panes.ts';
import { type Scene, takePictures } from './take-pictures.ts';

/**
 * `node test/pictures/pictures.ts`, after `npm run build`: the pictures of README.md, taken of the running program. The simulated agents
 * stop where they are told to, so that only figures differ from one time to the next.
 */
const demo: Scene = {
  layout: 'demo',
  session: 'demo',
  cols: 132,
  rows: 42,
  env: { DEMO_AGENT_SEED: '9', DEMO_AGENT_TICKS: '160', DEMO_AGENT_SPEED: '8' },
  pictures: [
    {
      name: 'grid',
      title: 'nonet: nine simulated agents in a grid',
      keys: [],
      ready(screen) {
        if (statusText(screen).includes('typing goes')) return 'the first line is still there';
        const flaky = titleText(screen, 9);
        const quiet = [1, 2, 3, 4, 5, 6, 7, 8].filter((pane) => !/ \d+M /.test(titleText(screen, pane)));
        if (quiet.length > 0) return `no figures in ${quiet}`;
        if (!/backoff 3s ↻1/.test(flaky)) return flaky;
        return paneText(screen, 1).some((line) => line.includes('PLAN.md')) || 'the planner is not there yet';
      },
    },
    {
      name: 'help',
      title: 'nonet: the keys, over the grid',
      keys: ['ctrl+b', '?'],
      ready: (screen) => screen.text().some((line) => line.includes('Keys after ctrl+b')),
    },
  ],
};

for (const file of await takePictures(demo, path.join(PROJECT, 'test/pictures'))) {
  console.log(path.relative(process.cwd(), file));
}

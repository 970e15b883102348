import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fixture } from '../helpers/fixture.ts';
import type { TerminalSession } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { findGrowth } from './flatness.ts';
import { leastOf, type Sample, takeSample } from './sampling.ts';
import { createSoakSession, type SoakSession } from './soak-session.ts';

/**
 * Nine panes that crash, flood, litter and will not go; clients that come, type, resize and vanish; requests of every kind; a daemon that is
 * killed now and then. Every so often all that is called off and what is left is counted: it has to be the same each time.
 */
export type SoakReport = {
  rests: Sample[];
  /** How often each thing was done. */
  done: Record<string, number>;
  restarts: number;
  problems: string[];
};

export type SoakOptions = {
  minutes: number;
  seed: number;
  /** One line at each rest. */
  report?: (line: string) => void;
};

/** A rest takes a second or two; between them there has to be time for trouble. */
const RESTS_PER_MINUTE = 4;
const LEAST_RESTS = 6;
const MAX_CLIENTS = 3;
/** The daemon is killed in this part of the run, so that one of them lives long enough to show what it gathers. */
const KILLING_PART = 1 / 3;
const KILL_EVERY_MS = 8_000;
const SAMPLES = 6;
const SAMPLE_EVERY_MS = 150;

const restart = {
  policy: 'always',
  max_restarts: 100_000,
  window: '1h',
  backoff: { initial: '300ms', factor: 1, jitter: 0.5 },
};
const LAYOUT = {
  version: 1,
  grid: '3x3',
  defaults: { restart, stop: { timeout: '500ms' }, scrollback: 300, log: { max_size: '200k', retain: 2 } },
  panes: [
    { name: 'crash', shell: 'echo going; sleep 0.3; exit 3' },
    { name: 'flood', shell: 'while :; do yes "a flood of lines" | head -c 1500000; sleep 0.5; done' },
    { name: 'spinner', command: fixture('spinner') },
    { name: 'sleep', command: 'sleep 100000' },
    { name: 'shell', command: ['bash', '--norc', '--noprofile'] },
    { name: 'litter', command: fixture('leave-behind') },
    { name: 'stubborn', command: fixture('ignore-term') },
    { name: 'bursts', shell: 'seq 1 3000; sleep 0.2' },
    {
      name: 'checked',
      command: 'sleep 100000',
      ready: { exec: ['true'], timeout: '10s' },
      health: { exec: ['sh', '-c', 'exit $((RANDOM % 2))'], interval: '500ms', action: 'notify' },
    },
  ],
};
/** Those that are the same in every count: the rest come and go by themselves. */
const LONG_LIVED = ['flood', 'spinner', 'sleep', 'shell', 'litter', 'stubborn', 'checked'];

export async function runSoak({ minutes, seed, report = () => {} }: SoakOptions): Promise<SoakReport> {
  const session = createSoakSession();
  const random = createRandom(seed);
  const clients: TerminalSession[] = [];
  const done: Record<string, number> = {};
  const problems: string[] = [];
  const rests: Sample[] = [];
  const startedAt = performance.now();
  const totalMs = minutes * 60_000;
  const restCount = Math.max(LEAST_RESTS, Math.round(minutes * RESTS_PER_MINUTE));
  const elapsed = () => performance.now() - startedAt;
  let restarts = 0;
  let killedAt = Number.NEGATIVE_INFINITY;

  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const anyPane = () => pick(LAYOUT.panes).name;
  const ask = async (...args: string[]): Promise<void> => {
    const askedAt = performance.now();
    const { code, stderr } = await session.cli(...args);
    // A daemon that dies under a request is allowed to be noticed; a request that hangs or breaks is not.
    const killedLately = askedAt - killedAt < 5_000;
    const expected = /not running|gave way|asked otherwise|was stopped|was killed|does not end|instead|meanwhile/.test(
      stderr,
    );
    if (code !== 0 && !killedLately && !expected) problems.push(`${args.join(' ')}: ${code} ${stderr.trim()}`);
  };

  const actions: Record<string, () => Promise<void> | void> = {
    attach: async () => {
      if (clients.length >= MAX_CLIENTS) return;
      const client = session.attach(60 + Math.floor(random() * 150), 15 + Math.floor(random() * 50));
      clients.push(client);
      await waitUntil('something on the screen', () => client.byteCount > 500 || client.exit !== null);
    },
    detach: async () => {
      const client = clients.shift();
      if (!client) return;
      const how = pick(['keys', 'kill', 'hang-up']);
      if (how === 'keys') {
        client.press('ctrl+b', 'd');
        await client.waitForExit().catch((error: Error) => problems.push(`detach: ${error.message}`));
      } else if (how === 'kill') client.kill('SIGKILL');
      else client.hangUp();
      await client.close();
    },
    type: () => {
      for (const client of clients) {
        client.press('ctrl+b', String(1 + Math.floor(random() * 9)));
        client.type('echo $((1+1))\r');
      }
    },
    resize: () => {
      for (const client of clients) client.resize(40 + Math.floor(random() * 180), 10 + Math.floor(random() * 60));
    },
    zoom: () => clients[0]?.press('ctrl+b', 'z'),
    restart: () => ask('restart', anyPane(), ...(random() < 0.5 ? ['--no-wait'] : [])),
    stop: () => ask('stop', anyPane(), ...(random() < 0.5 ? ['--no-wait'] : [])),
    start: () => ask('start', anyPane(), '--no-wait'),
    kill: () => ask('kill', anyPane()),
    list: () => ask('list'),
    capture: () => ask('capture', anyPane(), '--scrollback', '200'),
    logs: () => ask('logs', anyPane(), '-n', '20'),
    send: () => ask('send', 'shell', 'seq 1 200'),
    save: () => ask('save'),
    'kill-daemon': () => {
      const daemon = session.pidOf('daemon');
      // The first one also on a machine that needs long to start.
      const isLate = elapsed() > totalMs * KILLING_PART && done['daemon killed'] !== undefined;
      if (daemon === null || isLate || performance.now() - killedAt < KILL_EVERY_MS) return;
      killedAt = performance.now();
      process.kill(daemon, 'SIGKILL');
      done['daemon killed'] = (done['daemon killed'] ?? 0) + 1;
    },
  };

  async function rest(): Promise<void> {
    for (const client of clients.splice(0)) {
      client.hangUp();
      await client.close();
    }
    await waitUntil('everything to run', () => settle(session), { intervalMs: 200 });
    const samples: Sample[] = [];
    for (let i = 0; i < SAMPLES; i++) {
      const [host, daemon] = [session.pidOf('host'), session.pidOf('daemon')];
      if (host !== null && daemon !== null) samples.push(takeSample(host, daemon, session.processes().length));
      await delay(SAMPLE_EVERY_MS);
    }
    const least = leastOf(samples);
    rests.push(least);
    report(`${String(Math.round(elapsed() / 1000)).padStart(5)} s  ${describe(least)}`);
  }

  try {
    fs.writeFileSync(path.join(session.root, 'layout.json'), JSON.stringify(LAYOUT));
    const up = await session.cli('up', '-d', path.join(session.root, 'layout.json'));
    if (up.code !== 0) throw new Error(up.stderr);
    const host = session.pidOf('host');
    await rest();
    const names = Object.keys(actions);
    await actions['kill-daemon']!();
    for (let turn = 1; turn < restCount; turn++) {
      while (elapsed() < (totalMs * turn) / (restCount - 1)) {
        const name = pick(names);
        await actions[name]!();
        done[name] = (done[name] ?? 0) + 1;
        await delay(random() * 200);
      }
      await rest();
    }
    if (session.pidOf('host') !== host) problems.push('the host is not the one that it was');
    const rows = JSON.parse((await session.cli('list', '--json')).stdout) as { name: string; restarts: number }[];
    restarts = rows.reduce((sum, row) => sum + row.restarts, 0);
    problems.push(...findGrowth(rests), ...tooLarge(session));
    const down = await session.cli('down');
    if (down.code !== 0) problems.push(`down: ${down.stderr}`);
  } catch (error) {
    problems.push((error as Error).message);
  } finally {
    for (const client of clients) await client.close();
    problems.push(...(await session.end()).map((what) => `left at the end: ${what}`));
  }
  return { rests, done, restarts, problems };
}

/** True when daemon and host are there and every long-lived pane runs. */
async function settle(session: SoakSession): Promise<boolean | string> {
  const { code, stdout, stderr } = await session.cli('list', '--json');
  if (code !== 0) return stderr;
  const rows = JSON.parse(stdout) as { name: string; state: string; wanted: string; uptimeMs: number | null }[];
  const down = rows.filter((row) => row.wanted === 'down' && row.state !== 'stopping');
  if (down.length > 0) await session.cli('start', ...down.map(({ name }) => name), '--no-wait');
  const waiting = rows.filter(
    // Long enough to have started what it starts.
    (row) => LONG_LIVED.includes(row.name) && (row.state !== 'running' || (row.uptimeMs ?? 0) < 1500),
  );
  return (down.length === 0 && waiting.length === 0) || waiting.map(({ name, state }) => `${name} ${state}`).join();
}

/** Logs of nine panes and their two generations, the raw ones too, and what nonet says itself. */
function tooLarge(session: SoakSession): string[] {
  const files = fs.readdirSync(path.join(session.root, 'state_home'), { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((entry) => entry.isFile())
    .map((entry) => fs.statSync(path.join(entry.parentPath, entry.name)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const limit = 9 * 2 * 3 * 220_000 + 12_000_000;
  return total > limit ? [`the state directory has ${total} bytes`] : [];
}

function describe(sample: Sample): string {
  const mb = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MB`;
  return (
    `fds ${sample.hostFds}+${sample.daemonFds}  ptys ${sample.ptys}  threads ${sample.hostThreads}+${sample.daemonThreads}  ` +
    `memory ${mb(sample.hostBytes)}+${mb(sample.daemonBytes)}  zombies ${sample.zombies}  processes ${sample.processes}`
  );
}

/** Mulberry32 (public domain, Tommy Ettinger): the same run for the same seed, as far as the machine plays along. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

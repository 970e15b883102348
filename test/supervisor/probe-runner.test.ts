import fs from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Probe } from '../../src/core/supervision.ts';
import { openLogTail } from '../../src/supervisor/probe-log.ts';
import { createPattern } from '../../src/supervisor/probe-pattern.ts';
import { createProbeRunner, type ProbeDeps } from '../../src/supervisor/probe-runner.ts';
import { processesWithMarker } from '../helpers/process-list.ts';
import { waitUntil } from '../helpers/wait-until.ts';

const MARKER = `PROBE_TEST=${process.pid}-${Date.now()}`;

function createWorld(over: Partial<ProbeDeps> = {}) {
  const [name, value] = MARKER.split('=') as [string, string];
  const env = { PATH: process.env['PATH']!, [name]: value, GREETING: 'hello' };
  const runner = createProbeRunner({
    placeOf: () => ({ cwd: os.tmpdir(), env }),
    screenOf: async () => '',
    outputAgeOf: async () => null,
    openLog: () => null,
    ...over,
  });
  return {
    look: (probe: Probe, timeoutMs = 5_000, signal = new AbortController().signal) =>
      runner.run(probe, { pane: 1, timeoutMs, signal }),
  };
}

const sh = (script: string): Probe => ({ kind: 'exec', argv: ['sh', '-c', script] });
const nothingLeft = () => waitUntil('no process of a probe to be left', () => processesWithMarker(MARKER).length === 0);

function temporaryFile(name: string): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-probe-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true }));
  return path.join(directory, name);
}

describe('a command as a probe', () => {
  it('is well with exit code 0, and ill with any other; the last line it printed is the detail', async () => {
    const { look } = createWorld();
    expect(await look(sh('echo first; echo "$GREETING"'))).toEqual({ ok: true, detail: 'exit code 0: hello' });
    expect(await look(sh('echo "no such table" >&2; exit 3'))).toEqual({
      ok: false,
      detail: 'exit code 3: no such table',
    });
    expect(await look(sh('pwd'))).toMatchObject({ detail: `exit code 0: ${fs.realpathSync(os.tmpdir())}` });
  });

  it('is ill when a signal ends it, and when there is no such command', async () => {
    const { look } = createWorld();
    expect(await look(sh('kill -SEGV $$'))).toEqual({ ok: false, detail: 'SIGSEGV' });
    const missing = await look({ kind: 'exec', argv: ['/nowhere/to/be-found'] });
    expect(missing).toMatchObject({ ok: false, detail: expect.stringContaining('ENOENT') });
  });

  it('that hangs is killed with everything it started', async () => {
    const { look } = createWorld();
    const began = performance.now();
    const result = await look(sh("trap '' TERM; sleep 300 & sleep 300 & sleep 300"), 400);
    expect(result).toEqual({ ok: false, detail: 'killed after 400 ms' });
    expect(performance.now() - began).toBeLessThan(20_000);
    await nothingLeft();
  });

  it('that ends and leaves something behind takes it along, and is not waited for', async () => {
    const { look } = createWorld();
    // The sleeper holds the pipe open.
    expect(await look(sh('sleep 300 & echo done'))).toEqual({ ok: true, detail: 'exit code 0: done' });
    await nothingLeft();
  });

  it('that prints without end is killed, and costs no memory', async () => {
    const { look } = createWorld();
    const before = process.memoryUsage().rss;
    const result = await look(sh('exec yes a long line of words that nobody wants to read'), 1_000);
    expect(result).toEqual({
      ok: false,
      detail: expect.stringContaining('killed after 1000 ms: '),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
    await nothingLeft();
  });

  it('is ended when it is called off', async () => {
    const { look } = createWorld();
    const off = new AbortController();
    const result = look(sh('sleep 300'), 60_000, off.signal);
    await waitUntil('it to run', () => processesWithMarker(MARKER).length > 0);
    off.abort();
    expect(await result).toMatchObject({ ok: false });
    await nothingLeft();
  });
});

describe('an http probe', () => {
  function serve(answer: http.RequestListener): Promise<string> {
    const server = http.createServer(answer);
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    });
  }

  it.each([
    [200, true],
    [204, true],
    [302, true],
    [399, true],
    [400, false],
    [404, false],
    [503, false],
  ])('answered with %i: %s', async (status, ok) => {
    const url = await serve((request, response) => {
      // A redirect is an answer: nobody follows it.
      response.writeHead(request.url === '/' ? status : 500, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
    expect(await createWorld().look({ kind: 'http', url })).toEqual({ ok, detail: `HTTP ${status}` });
  });

  it('without an answer in its time, or without anybody, is ill', async () => {
    const silent = await serve(() => {});
    const { look } = createWorld();
    expect(await look({ kind: 'http', url: silent }, 100)).toEqual({ ok: false, detail: 'no answer within 100 ms' });
    const refused = await look({ kind: 'http', url: 'http://127.0.0.1:1/' });
    expect(refused).toMatchObject({ ok: false, detail: expect.stringContaining('ECONNREFUSED') });
    expect(await look({ kind: 'http', url: 'no url' })).toMatchObject({ ok: false });
  });

  it('does not read a body that never ends', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200);
      response.write('on and on');
    });
    expect(await createWorld().look({ kind: 'http', url })).toEqual({ ok: true, detail: 'HTTP 200' });
  });
});

describe('a tcp probe', () => {
  it('is well when somebody listens, and only then', async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { look } = createWorld();
    expect(await look({ kind: 'tcp', host: '127.0.0.1', port })).toMatchObject({ ok: true });
    await new Promise((resolve) => server.close(resolve));
    expect(await look({ kind: 'tcp', host: '127.0.0.1', port })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('a pattern', () => {
  const forEver = `${'a'.repeat(60)}!`;

  it('is matched against the screen as a whole and against its lines', async () => {
    const { look } = createWorld({ screenOf: async () => 'Welcome\nready in 3 s\n> \n' });
    expect(await look({ kind: 'screen', pattern: '^ready' })).toMatchObject({ ok: true });
    expect(await look({ kind: 'screen', pattern: 'Welcome\\nready' })).toMatchObject({ ok: true });
    expect(await look({ kind: 'screen', pattern: 'failed' })).toEqual({
      ok: false,
      detail: 'the screen does not match',
    });
  });

  it('that would take for ever does not stop the daemon, and is given up', () => {
    const pattern = createPattern('(a+)+$');
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      expect(pattern.test([forEver])).toBe('slow');
      expect(performance.now() - began).toBeLessThan(10_000);
    }
    // Also where it would be found at once: nobody looks.
    expect(pattern.test(['a'])).toBe('slow');
  });

  it('that had no time, because the machine gave it to others, is not given up', () => {
    const pattern = createPattern('(a+)+$', () => 0);
    for (let i = 0; i < 3; i++) expect(pattern.test([forEver])).toBe('busy');
    expect(pattern.test(['a'])).toBe('match');
  });

  it('is looked for again in the lines of a log that there was no time for', async () => {
    const file = temporaryFile('server.log');
    fs.writeFileSync(file, '--- started server (epoch 1, pid 1)\nlistening\n');
    const tests: (readonly string[])[] = [];
    const found = ['busy', 'match'] as const;
    const { look } = createWorld({
      openLog: () => openLogTail({ file, timeFormat: '%Y', epoch: 1 }),
      createPattern: () => ({ test: (texts) => found[tests.push(texts) - 1] ?? 'none' }),
    });
    expect(await look({ kind: 'log_line', pattern: 'listening' }, 20_000)).toMatchObject({ ok: true });
    expect(tests.map((texts) => texts.includes('listening'))).toEqual([true, true]);
  });

  it('of a probe that is none is an answer, not an error', async () => {
    expect(await createWorld().look({ kind: 'screen', pattern: '(' })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('Invalid regular expression'),
    });
  });

  it('is not waited for when the host does not answer', async () => {
    const { look } = createWorld({ screenOf: () => new Promise(() => {}) });
    expect(await look({ kind: 'screen', pattern: 'x' }, 50)).toEqual({ ok: false, detail: 'no answer within 50 ms' });
  });
});

describe('a quiet screen', () => {
  it('is one that was drawn on, and then no more for that long', async () => {
    const probe: Probe = { kind: 'idle_screen', quietMs: 2_000 };
    const ageIs = (ms: number | null) => createWorld({ outputAgeOf: async () => ms }).look(probe);
    expect(await ageIs(null)).toEqual({ ok: false, detail: 'nothing was drawn yet' });
    expect(await ageIs(1_900)).toEqual({ ok: false, detail: 'nothing drawn for 1.9 s' });
    expect(await ageIs(2_100)).toMatchObject({ ok: true });
  });
});

describe('a line of the log', () => {
  const started = (epoch: number) => `2026-11-21T10:00:00 --- started server (epoch ${epoch}, pid 1)\n`;
  const probe: Probe = { kind: 'log_line', pattern: '^listening on \\d+$' };
  const openAt = (file: string, epoch: number) => () => openLogTail({ file, timeFormat: '%Y-%m-%dT%H:%M:%S', epoch });

  it('counts only when it was written since the start, whatever earlier runs said', async () => {
    const file = temporaryFile('server.log');
    fs.writeFileSync(file, `${started(1)}2026-11-21T10:00:01 listening on 80\n${started(2)}2026-11-21T10:00:02 hm\n`);
    const { look } = createWorld({ openLog: openAt(file, 2) });
    expect(await look(probe, 300)).toEqual({ ok: false, detail: 'no line matches' });
    fs.appendFileSync(file, '2026-11-21T10:00:03 listening on 81\n');
    expect(await look(probe, 20_000)).toEqual({ ok: true, detail: 'a line matches' });
  });

  it('is waited for: through a missing file, half a line, and a rotation', async () => {
    const file = temporaryFile('server.log');
    const { look } = createWorld({ openLog: openAt(file, 3) });
    const result = look(probe, 20_000);
    fs.writeFileSync(file, `${started(3)}2026-11-21T10:00:01 lis`);
    const tail = openAt(file, 3)();
    expect(await tail.next()).toEqual(['lis']);
    fs.appendFileSync(file, 'tening\n');
    expect(await tail.next()).toEqual(['listening', '']);
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, '2026-11-21T10:00:04 listening on 82\n');
    expect(await tail.next()).toEqual(['listening on 82', '']);
    fs.writeFileSync(file, `${started(3)}2026-11-21T10:00:04 listening on 82\n`);
    expect(await result).toMatchObject({ ok: true });
  });

  it('on the screen is seen before it is in the log', async () => {
    const { look } = createWorld({ screenOf: async () => 'listening on 5173\n' });
    expect(await look(probe, 5_000)).toMatchObject({ ok: true });
  });
});

import { describe, expect, test } from 'vitest';
import { helpLines, lineCommands, parseLine } from '../../../src/client/line-mode/line-commands.ts';
import { createPaneTeller } from '../../../src/client/line-mode/pane-teller.ts';
import { createLineRunner } from '../../../src/client/line-mode/run-line-command.ts';
import { paneSentence, sessionSentence, spokenLines, spokenTitle } from '../../../src/client/line-mode/sentences.ts';
import { PANE_STATES, type PaneView } from '../../../src/core/session.ts';
import { createTestClock, liveStore, NOW_MS, nine, pane } from '../sample-session.ts';

describe('a line that is typed', () => {
  test.each([
    ['focus 3', { name: 'focus', pane: '3' }],
    ['3', { name: 'focus', pane: '3' }],
    ['  next ', { name: 'next' }],
    ['ls', { name: 'list' }],
    ['type  git  status', { name: 'type', pane: null, text: ' git  status' }],
    ['tell planner y', { name: 'type', pane: 'planner', text: 'y' }],
    ['keys ctrl+c  enter', { name: 'keys', keys: ['ctrl+c', 'enter'] }],
    ['restart', { name: 'restart', pane: null }],
    ['stop 2', { name: 'stop', pane: '2' }],
    ['read', { name: 'read', pane: null, lines: 20 }],
    ['read 2 5', { name: 'read', pane: '2', lines: 5 }],
    ['quit', { name: 'detach' }],
  ])('%j is a command', (line, command) => {
    expect(parseLine(line)).toEqual({ ok: true, command });
  });

  test.each([
    ['fokus 3', 'unknown command "fokus"; did you mean "focus"?; help lists the commands'],
    ['focus', 'say it like this: focus PANE'],
    ['type', 'say it like this: type TEXT'],
    ['tell 3', 'say it like this: tell PANE TEXT'],
    ['read 3 many', 'say it like this: read [PANE] [LINES]'],
    ['list all', 'list takes nothing more'],
    ['constructor', 'unknown command "constructor"; help lists the commands'],
  ])('%j is answered', (line, message) => {
    expect(parseLine(line)).toEqual({ ok: false, message });
  });

  test('help has every command', () => {
    const help = helpLines();
    for (const name of Object.keys(lineCommands)) expect(help.some((line) => line.startsWith(name))).toBe(true);
  });
});

describe('sentences', () => {
  test('tell every state in words of letters and figures alone', () => {
    for (const state of PANE_STATES) {
      expect(paneSentence(pane(2, { state, reason: 'because' }), NOW_MS)).toMatch(/^pane 2 pane-2: [\w :;]+$/);
    }
  });

  test.each([
    [{ state: 'running' }, 'running'],
    [{ state: 'running', ready: false, restarts: 2 }, 'running, not ready yet, restarted 2 times'],
    [{ state: 'exited', exit: { code: 3, signal: null }, reason: 'exited with code 3' }, 'exited with code 3'],
    [
      { state: 'backoff', reason: 'exited with code 1', nextRestartAt: NOW_MS + 4000 },
      'failed: exited with code 1; restarts in 4s',
    ],
    [
      { state: 'fatal', reason: 'command not found: codex', hint: 'install: npm i codex' },
      'given up: command not found: codex; install: npm i codex',
    ],
  ] as [Partial<PaneView>, string][])('%j: %s', (changes, words) => {
    expect(paneSentence(pane(1, changes), NOW_MS)).toBe(`pane 1 pane-1: ${words}`);
  });

  test('count the panes of a session by state', () => {
    const panes = nine({ 2: { state: 'fatal' }, 3: { state: 'stopped' } });
    expect(sessionSentence('team', panes)).toBe('session team: 9 panes, 1 stopped, 7 running, 1 fatal');
  });

  test('leave out frames, blank lines and the signs that turn', () => {
    expect(spokenLines('╭────╮\n│ Yes? │\n╰────╯\n\n\x07 > y\n', 5)).toEqual(['  Yes?', ' > y']);
    expect(spokenTitle('✳ Fixing tests')).toBe('Fixing tests');
    expect(spokenTitle('⠐⠂ ~/work')).toBe('~/work');
  });
});

describe('what happens in panes', () => {
  function open(panes = [pane(1), pane(2)]) {
    const said: string[] = [];
    const clock = createTestClock();
    const teller = createPaneTeller({ clock, say: (text) => said.push(text) });
    teller.update(panes);
    const take = () => said.splice(0);
    return { clock, teller, take };
  }

  test('is told when it changes, once, and figures are not told', () => {
    const { teller, take } = open();
    expect(take()).toEqual([]);
    teller.update([pane(1, { cpuPercent: 50, rssBytes: 1 }), pane(2)]);
    expect(take()).toEqual([]);
    teller.update([pane(1), pane(2, { state: 'stopped' })]);
    teller.update([pane(1), pane(2, { state: 'starting' })]);
    teller.update([pane(1), pane(2, { state: 'running', restarts: 1 })]);
    expect(take()).toEqual(['pane 2 pane-2: stopped', 'pane 2 pane-2: running, restarted once']);
    teller.update([pane(1, { epoch: 2 }), pane(3, { warning: 'nearly full', health: 'unhealthy' })]);
    expect(take()).toEqual([
      'pane 1 pane-1: restarted, running',
      'new pane 3 pane-3: running',
      'pane 2 pane-2 is gone',
    ]);
  });

  test('health and warnings are told', () => {
    const { teller, take } = open();
    teller.update([pane(1, { health: 'unhealthy', warning: 'memory is high' }), pane(2)]);
    expect(take()).toEqual(['pane 1 pane-1: unhealthy', 'pane 1 pane-1: warning: memory is high']);
    teller.update([pane(1), pane(2)]);
    expect(take()).toEqual([]);
  });

  test('bells and titles come no faster than they can be listened to', () => {
    const { teller, clock, take } = open();
    for (let i = 0; i < 5; i++) teller.signal(1, { type: 'bell' });
    teller.signal(9, { type: 'bell' });
    expect(take()).toEqual(['pane 1 pane-1: bell']);
    for (const title of ['✳ Reading', '✶ Reading', '✳ Writing', '✳ Testing'])
      teller.update([pane(1, { title }), pane(2)]);
    expect(take()).toEqual(['pane 1 pane-1 is titled: Reading']);
    clock.advance(10_000);
    expect(take()).toEqual(['pane 1 pane-1 is titled: Testing']);
    teller.signal(1, { type: 'bell' });
    teller.dispose();
    expect(take()).toEqual(['pane 1 pane-1: bell']);
    expect(clock.pending()).toBe(0);
  });

  test('notifications are told in full, progress by quarters', () => {
    const { teller, take } = open();
    teller.signal(2, { type: 'notification', title: 'claude', body: 'needs your input' });
    for (let percent = 0; percent <= 60; percent += 5) teller.signal(2, { type: 'progress', state: 'normal', percent });
    teller.signal(2, { type: 'progress', state: 'none', percent: null });
    expect(take()).toEqual([
      'pane 2 pane-2 says: claude: needs your input',
      ...[0, 25, 50].map((percent) => `pane 2 pane-2: progress ${percent} percent`),
      'pane 2 pane-2: no more progress to report',
    ]);
  });
});

test('a stop asks first, another line calls it off, and a failure is told', async () => {
  const said: string[] = [];
  const asked: unknown[][] = [];
  const requestDaemon = (async (...request: unknown[]) => {
    asked.push(request);
    if (request[0] === 'send') throw new Error('pane 1 does not run');
    return [{ pane: 2, name: 'pane-2', ok: true, message: '' }];
  }) as never;
  const store = liveStore();
  const runner = createLineRunner({
    ...{ store, requestDaemon, now: () => NOW_MS },
    ...{ say: (text) => said.push(text), detach: () => said.push('detached') },
  });
  for (const line of ['stop 2', 'n', 'stop 2', 'list', 'y', 'stop 2', 'Y', 'type hello', 'stop 12'])
    await runner.run(line);
  expect(asked.map(([name, params]) => [name, params])).toEqual([
    ['stop', { panes: ['2'], wait: false }],
    ['send', { pane: '1', text: 'hello', enter: true }],
  ]);
  expect(said.filter((text) => !/running|focus is/.test(text))).toEqual([
    'stop pane 2 pane-2? y or n',
    'stop called off',
    'stop pane 2 pane-2? y or n',
    'stop called off',
    'unknown command "y"; help lists the commands',
    'stop pane 2 pane-2? y or n',
    'pane 2 pane-2: stop asked for',
    'that did not work: pane 1 does not run',
    'there is no pane 12',
  ]);
});

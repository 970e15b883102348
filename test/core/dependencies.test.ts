import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dependenciesAmong,
  dependentsOf,
  inDependencyOrder,
  judgeDependency,
  withNeeded,
} from '../../src/core/dependencies.ts';
import type { PaneState } from '../../src/core/pane-life.ts';
import { createPaneState } from '../../src/core/pane-state.ts';
import type { Dependency, DependencyCondition } from '../../src/core/supervision.ts';

function pane(name: string, dependsOn: Dependency[] = [], state: Partial<PaneState> = {}) {
  return {
    spec: { name, dependsOn, restart: { successExitCodes: [0] } },
    state: { ...createPaneState(), ...state },
  };
}
const needs = (...names: string[]): Dependency[] => names.map((name) => ({ pane: name, condition: 'started' }));

const running: Partial<PaneState> = { name: 'running', startedAtMs: 1, readyAtMs: 1 };
const unready: Partial<PaneState> = { name: 'running', startedAtMs: 1 };
const done: Partial<PaneState> = { name: 'exited', exit: { code: 0, signal: null }, reason: 'exited with code 0' };
const failed: Partial<PaneState> = { name: 'exited', exit: { code: 1, signal: null }, reason: 'exited with code 1' };
const fatal: Partial<PaneState> = { name: 'fatal', reason: 'command not found: db' };
const held: Partial<PaneState> = { name: 'starting', reason: 'waits for x to run', hold: { blocked: false } };

describe('a dependency', () => {
  it.each<[DependencyCondition, string, Partial<PaneState>, string]>([
    ['started', 'running', running, 'holds'],
    ['started', 'running and not ready', unready, 'holds'],
    ['started', 'done', done, 'holds'],
    ['started', 'failed', failed, 'blocked: waits for db to run, which exited with code 1'],
    ['started', 'in backoff', { name: 'backoff' }, 'waits for db to run'],
    ['started', 'on its way', { name: 'starting' }, 'waits for db to run'],
    ['ready', 'running', running, 'holds'],
    ['ready', 'running and not ready', unready, 'waits for db to be ready'],
    ['ready', 'done', done, 'blocked: waits for db to be ready, which exited with code 0'],
    ['ready', 'given up', fatal, 'blocked: waits for db to be ready, which gave up: command not found: db'],
    ['ready', 'stopped', {}, 'blocked: waits for db to be ready, which is stopped'],
    ['exited_ok', 'running', running, 'waits for db to end well'],
    ['exited_ok', 'done', done, 'holds'],
    ['exited_ok', 'failed', failed, 'blocked: waits for db to end well, which exited with code 1'],
  ])('to be %s on a pane that is %s', (condition, _what, state, expected) => {
    const verdict = judgeDependency({ pane: 'db', condition }, () => pane('db', [], state));
    const words = verdict.holds ? 'holds' : `${verdict.blocked ? 'blocked: ' : ''}${verdict.reason}`;
    expect(words).toBe(expected);
  });

  it('on a pane that waits itself blocks when that one waits in vain, or both wait for each other', () => {
    const judge = (...panes: ReturnType<typeof pane>[]) =>
      judgeDependency(
        { pane: 'db', condition: 'ready' },
        (name) => panes.find(({ spec }) => spec.name === name) ?? null,
      );
    const db = pane('db', needs('disk'), held);
    expect(judge(db, pane('disk', [], { name: 'backoff' }))).toMatchObject({ blocked: false });
    expect(judge(db, pane('disk', [], fatal))).toMatchObject({
      blocked: true,
      reason: expect.stringMatching(/waits itself$/),
    });
    expect(judge(db, pane('disk', needs('db'), held))).toMatchObject({ blocked: true });
  });

  it('on a pane that is not there blocks and says so', () => {
    const verdict = judgeDependency({ pane: 'db', condition: 'ready' }, () => null);
    expect(verdict).toMatchObject({ holds: false, blocked: true, reason: expect.stringContaining('no such pane') });
  });
});

describe('a start', () => {
  const names = (panes: { spec: { name: string } }[]) => panes.map(({ spec }) => spec.name);

  it('takes along what is needed and down, over others too, in order', () => {
    const all = [pane('web', needs('api')), pane('api', needs('db', 'cache')), pane('db'), pane('cache', [], running)];
    expect(names(withNeeded([all[0]!], all))).toEqual(['db', 'api', 'web']);
  });

  it('leaves alone what has given up, and what has done its work', () => {
    const all = [
      pane('web', [{ pane: 'migrate', condition: 'exited_ok' }, ...needs('db')]),
      pane('migrate', [], done),
      pane('db', [], fatal),
    ];
    expect(names(withNeeded([all[0]!], all))).toEqual(['web']);
  });
});

describe('the order of panes', () => {
  const graph = fc
    .array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
    .map((edges) => edges.map((targets, i) => pane(`p${i}`, needs(...targets.map((target) => `p${target}`)))));
  const acyclic = fc
    .array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
    .map((edges) =>
      edges.map((targets, i) =>
        pane(`p${i}`, needs(...targets.filter((t) => t > i && t < edges.length).map((t) => `p${t}`))),
      ),
    );

  it('puts each pane after what it needs', () => {
    fc.assert(
      fc.property(acyclic, (panes) => {
        const order = inDependencyOrder(panes, panes);
        expect(new Set(order)).toEqual(new Set(panes));
        for (const [from, targets] of dependenciesAmong(panes, panes)) {
          for (const target of targets) expect(order.indexOf(target)).toBeLessThan(order.indexOf(from));
        }
      }),
    );
  });

  it('has every pane once even if they need each other in a circle', () => {
    fc.assert(
      fc.property(graph, (panes) => {
        const order = inDependencyOrder(panes, panes);
        expect(order).toHaveLength(panes.length);
        expect(new Set(order)).toEqual(new Set(panes));
      }),
    );
  });

  it('knows what needs a pane over others that are not chosen', () => {
    const all = [pane('web', needs('api')), pane('api', needs('db')), pane('db'), pane('other')];
    expect(dependentsOf('db', all).map(({ spec }) => spec.name)).toEqual(['api', 'web']);
    expect(dependenciesAmong([all[0]!, all[2]!], all).get(all[0]!)).toEqual([all[2]]);
  });
});

import { describe, expect, it } from 'vitest';
import { createFigures } from '../../src/ui/figures.ts';
import { nine, pane } from '../client/sample-session.ts';

const MEBIBYTE = 1024 ** 2;

function measured(cpuPercent: number, rssBytes = 100 * MEBIBYTE) {
  return pane(1, { cpuPercent, rssBytes });
}

/** What is shown after each of the measurements, one a step. */
function shownAfter(...cpuPercents: number[]): number[] {
  const figures = createFigures();
  figures.of(measured(cpuPercents[0]!));
  return cpuPercents.slice(1).map((cpuPercent) => {
    figures.step([measured(cpuPercent)]);
    return figures.of(measured(cpuPercent)).cpuPercent;
  });
}

describe('figures', () => {
  it('stay between steps whatever is measured', () => {
    const figures = createFigures();
    expect(figures.of(measured(1)).cpuPercent).toBe(1);
    expect(figures.of(measured(90)).cpuPercent).toBe(1);
  });

  it('follow a real change in the next step', () => {
    expect(shownAfter(1, 90, 2)).toEqual([90, 2]);
    const figures = createFigures();
    figures.of(measured(0, 100 * MEBIBYTE));
    figures.step([measured(0, 120 * MEBIBYTE)]);
    expect(figures.of(measured(0)).rssBytes).toBe(120 * MEBIBYTE);
  });

  it('do not move with what jitters around them', () => {
    expect(new Set(shownAfter(4, 3, 5, 4, 3, 5, 4, 5, 3, 4, 4, 3, 5))).toEqual(new Set([4]));
  });

  it('show an average after five steps when it says something else', () => {
    expect(shownAfter(1, 2, 3, 2, 3, 2, 2, 3)).toEqual([1, 1, 1, 1, 2.4, 2.4, 2.4]);
  });

  it('say that an idle pane is idle, however little it was before', () => {
    expect(shownAfter(0.1, 0, 0, 0, 0, 0)).toEqual([0.1, 0.1, 0.1, 0.1, 0]);
  });

  it('carry nothing over to the next program in a pane', () => {
    const figures = createFigures();
    expect(figures.of(measured(90)).cpuPercent).toBe(90);
    expect(figures.of(pane(1, { cpuPercent: 1, pid: 4711 })).cpuPercent).toBe(1);
  });

  it('sum up all panes', () => {
    const figures = createFigures();
    const panes = nine({ 1: { cpuPercent: 20 }, 2: { cpuPercent: 3.5 } });
    expect(figures.total(panes)).toEqual({ cpuPercent: 23.5, rssBytes: 9 * 120 * MEBIBYTE });
    figures.step(nine({ 1: { cpuPercent: 99 } }));
    expect(figures.total(panes).cpuPercent).toBe(99);
  });
});

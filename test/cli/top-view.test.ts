import { describe, expect, it } from 'vitest';
import { renderTop, sortPanes, sparkline } from '../../src/cli/top-view.ts';
import { displayWidth } from '../../src/core/display-text.ts';
import type { PaneUsage } from '../../src/protocol/control.ts';
import { pane } from '../client/sample-session.ts';

function usage(number: number, over: Partial<PaneUsage> = {}): PaneUsage {
  const { nextRestartAt: _next, hint: _hint, repeats: _repeats, ...info } = pane(number);
  const history = {
    stepMs: 1000,
    cpuPercent: [0, 50, 100],
    rssBytes: [1, 2, 4],
    readBytes: [0, 0, 0],
    writtenBytes: [0, 0, 0],
  };
  return { ...info, readBytes: 2048, writtenBytes: 3 << 20, history, ...over };
}

const nine = Array.from({ length: 9 }, (_, i) =>
  usage(i + 1, { name: i === 4 ? '名前の長いペイン\x1b[31m' : `pane-${i + 1}` }),
);
const view = { session: 'team', sort: 'number' as const, color: false, note: '', keys: true };

describe('the table of top', () => {
  it.each([
    [210, 60],
    [120, 30],
    [80, 24],
    [60, 12],
    [40, 8],
    [20, 5],
    [5, 2],
    [1, 1],
  ])('fits into %i columns and %i lines', (cols, rows) => {
    const lines = renderTop({ ...view, panes: nine, cols, rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(cols);
    expect(lines.join('')).not.toContain('\x1b');
  });

  it('has everything where there is room, and the columns in line', () => {
    const lines = renderTop({ ...view, panes: nine, cols: 210, rows: 60 });
    expect(lines[0]).toBe('team: 9 panes, 9 running, CPU 0%, memory 1.1G');
    expect(lines[1]).toMatch(
      /^PANE {2}NAME +STATE +HEALTH +CPU +MEM +READ\/S +WRITE\/S +↻ +UPTIME +CPU, 5 MIN +MEMORY, 5 MIN$/,
    );
    expect(lines[2]).toContain('2K');
    expect(lines[2]).toContain('3M');
    expect(lines[2]).toMatch(/[▁▂▃▄▅▆▇█]/);
    const place = displayWidth(lines[1]!.slice(0, lines[1]!.indexOf('STATE')));
    for (const line of lines.slice(2, 11)) expect(displayWidth(line.slice(0, line.indexOf('●')))).toBe(place);
    expect(lines.at(-1)).toContain('q: leave');
  });

  it('keeps name, CPU and memory longest', () => {
    const header = renderTop({ ...view, panes: nine, cols: 40, rows: 60 })[1]!;
    for (const title of ['PANE', 'NAME', 'CPU', 'MEM']) expect(header).toContain(title);
    expect(header).not.toContain('READ');
  });

  it('says how many it cannot show', () => {
    const lines = renderTop({ ...view, panes: nine, cols: 100, rows: 8 });
    expect(lines[5]).toBe('… 6 more');
  });

  it('says nothing of what does not run', () => {
    const stopped = usage(1, { pid: null, uptimeMs: null, state: 'stopped' });
    expect(renderTop({ ...view, panes: [stopped], cols: 90, rows: 10 })[2]).toMatch(/stopped +- +- +- +- +- +0 +-/);
  });

  it('marks what is ill, by word and by colour', () => {
    const ill = usage(1, { health: 'unhealthy', warning: 'unhealthy: refused' });
    const line = renderTop({ ...view, panes: [ill], cols: 120, rows: 10, color: true })[2]!;
    expect(line.startsWith('\x1b[31m')).toBe(true);
    expect(line).toContain('unhealthy !');
  });

  it('is sorted by what is asked for, and by number where that is the same', () => {
    const panes = [
      usage(3, { cpuPercent: 5, rssBytes: 10 }),
      usage(1, { cpuPercent: 5, rssBytes: 30 }),
      usage(2, { cpuPercent: 9, rssBytes: 20 }),
    ];
    const order = (sort: 'number' | 'cpu' | 'memory') => sortPanes(panes, sort).map((row) => row.pane);
    expect(order('number')).toEqual([1, 2, 3]);
    expect(order('cpu')).toEqual([2, 1, 3]);
    expect(order('memory')).toEqual([1, 2, 3]);
  });
});

describe('a graph', () => {
  it('has one block for each part, as high as its greatest value', () => {
    expect(sparkline([0, 50, 100], 3, 100)).toBe('▁▅█');
    expect(sparkline([0, 100, 0, 0, 50, 0], 3, 100)).toBe('█▁▅');
    expect(sparkline([10, 20], 2, 100)).toBe('▂▂');
    expect(sparkline([10, 400], 2, 100)).toBe('▁█');
    expect(sparkline([null, null, 7], 3, 0)).toBe('  █');
    expect(sparkline([null, 0], 2, 0)).toBe(' ▁');
    expect(sparkline([1, 2], 0, 0)).toBe('');
  });
});

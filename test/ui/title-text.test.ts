import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/core/display-text.ts';
import { titleProgress, titleSegments } from '../../src/ui/title-text.ts';
import { pane } from '../client/sample-session.ts';

const title = (changes: Partial<Parameters<typeof titleSegments>[0]>): string =>
  titleSegments({
    pane: pane(3, { name: 'planner', restarts: 2 }),
    clock: '5m',
    figures: '3.2% 120M',
    focused: false,
    width: 80,
    ...changes,
  })
    .map(({ text }) => text)
    .join('');

describe('a title', () => {
  it('says what is wrong with a pane that runs, by mark and word, and keeps the mark where words have no room', () => {
    const warned = pane(3, { name: 'planner', warning: 'memory is 2G, above 1G', health: 'healthy' });
    expect(title({ pane: warned })).toBe('─ 3 planner ▲ ● running memory is 2G, above 1G 3.2% 120M 5m ');
    expect(title({ pane: pane(3, { health: 'unhealthy' }) })).toContain('▲ ● running unhealthy');
    for (let width = 12; width <= 60; width++) {
      const text = title({ pane: warned, width });
      expect(displayWidth(text)).toBeLessThanOrEqual(width);
      expect(text).toContain('▲ ●');
    }
  });

  it('tells that the pane calls, and how far its program is', () => {
    expect(title({})).toBe('─ 3 planner ● running 3.2% 120M ↻2 5m ');
    expect(title({ calls: true, progress: '▓▓░░ 50%' })).toBe('─ 3 planner ! ● running ▓▓░░ 50% 3.2% 120M ↻2 5m ');
  });

  it('has CPU and memory before uptime where there is not room for all', () => {
    const short = { pane: pane(5, { name: 'docs' }), clock: '<1m', figures: '0% 120M' };
    expect(title({ ...short, width: 26 })).toBe('─ 5 docs ● running 0% 120M');
    expect(title({ ...short, width: 25 })).toBe('─ 5 docs ● running 0% <1m');
    expect(title({ ...short, width: 24 })).toBe('─ 5 docs ● running 0% ');
    expect(title({ ...short, pane: pane(5, { name: 'docs', restarts: 2 }), width: 26 })).toBe(
      '─ 5 docs ● running 0% ↻2 ',
    );
    expect(title({ ...short, width: 30 })).toBe('─ 5 docs ● running 0% 120M <1m');
  });

  it('gives up the time until a restart before the word, and the restarts before that', () => {
    const waits = {
      pane: pane(5, { name: 'crash', state: 'backoff', restarts: 2 }),
      clock: '15s',
      figures: '',
      focused: true,
    };
    expect(title({ ...waits, width: 26 })).toBe('━▶5 crash ↻ backoff 15s ↻2');
    expect(title({ ...waits, width: 25 })).toBe('━▶5 crash ↻ backoff 15s ');
    expect(title({ ...waits, width: 20 })).toBe('━▶5 crash ↻ backoff ');
    expect(title({ ...waits, clock: '', width: 40 })).toBe('━▶5 crash ↻ backoff ↻2 ');
    expect(title({ ...waits, width: 17 })).toBe('━▶5 cr… ↻ backoff');
    expect(title({ ...waits, width: 16 })).toBe('━▶5 crash ↻ ');
  });

  it('gives up the place in the history before the word', () => {
    const copies = { pane: pane(1, { name: 'sh1' }), position: '[0/60]', focused: true };
    expect(title({ ...copies, width: 24 })).toBe('━▶1 sh1 [0/60] ● running');
    expect(title({ ...copies, width: 20 })).toBe('━▶1 sh1 ● running ');
  });

  it('tells where in its history the pane is shown', () => {
    expect(title({ position: '[120/10000]' })).toBe('─ 3 planner [120/10000] ● running 3.2% 120M ↻2 5m ');
    for (let width = 1; width <= 60; width++) {
      expect(displayWidth(title({ width, position: '[120/10000]' }))).toBeLessThanOrEqual(width);
    }
  });

  it('keeps the mark of a call at any width, and the progress longer than figures', () => {
    for (let width = 1; width <= 60; width++) {
      const text = title({ width, calls: true, progress: '▓▓░░ 50%' });
      expect(displayWidth(text)).toBeLessThanOrEqual(width);
      if (width >= 10) expect(text).toContain('! ●');
      if (text.includes('3.2%')) expect(text).toContain('50%');
    }
    expect(title({ width: 40, calls: true, progress: '▓▓░░ 50%' })).toMatch(/^─ 3 planner ! ● running ▓▓░░ 50% /);
  });
});

it.each([
  [null, ''],
  [{ state: 'none', percent: null }, ''],
  [{ state: 'normal', percent: 0 }, '░░░░ 0%'],
  [{ state: 'normal', percent: 42 }, '▓▓░░ 42%'],
  [{ state: 'normal', percent: 100 }, '▓▓▓▓ 100%'],
  [{ state: 'indeterminate', percent: null }, 'busy'],
  [{ state: 'error', percent: 70 }, 'error 70%'],
  [{ state: 'error', percent: null }, 'error'],
  [{ state: 'paused', percent: 7 }, 'paused 7%'],
] as const)('progress %j is “%s”', (progress, text) => {
  expect(titleProgress(progress)).toBe(text);
});

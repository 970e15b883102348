import { describe, expect, it } from 'vitest';
import { suspectGrowth } from '../../src/core/growth.ts';

const MB = 1024 ** 2;
const SERIES = 300;

/** A small generator of the same numbers every time (Park and Miller, 1988). */
function createRandom(seed: number): () => number {
  let state = (seed * 7919 + 1) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** The share of 300 series of one-minute minima, in MB, that are suspected. */
function shareSuspected(
  make: (minute: number, random: () => number, memory: { value: number }) => number,
  minutes = 60,
) {
  let suspected = 0;
  for (let seed = 1; seed <= SERIES; seed++) {
    const random = createRandom(seed);
    const memory = { value: 200 };
    const minima = Array.from({ length: minutes }, (_, minute) => make(minute, random, memory) * MB);
    if (suspectGrowth(minima)) suspected++;
  }
  return suspected / SERIES;
}

const noise = (random: () => number, width: number): number => (random() - 0.5) * 2 * width;

describe('growth is suspected', () => {
  it('of a leak of 2 MB and of 10 MB a minute', () => {
    expect(shareSuspected((minute, random) => 200 + 2 * minute + noise(random, 5))).toBeGreaterThan(0.98);
    expect(shareSuspected((minute, random) => 200 + 10 * minute + noise(random, 10))).toBe(1);
  });

  it('with how fast and how much', () => {
    const growth = suspectGrowth(Array.from({ length: 60 }, (_, minute) => (200 + 3 * minute) * MB));
    expect(growth).toEqual({ bytesPerMinute: 3 * MB, grownBytes: 39 * 3 * MB, minutes: 40 });
  });

  it('not of a program that warms up and then stays', () => {
    expect(shareSuspected((minute, random) => 200 + 150 * (1 - Math.exp(-minute / 4)) + noise(random, 3))).toBe(0);
  });

  it('not of one that stays, and not of a sawtooth of its garbage collector', () => {
    expect(shareSuspected((_, random) => 200 + noise(random, 10))).toBe(0);
    expect(shareSuspected((minute, random) => 200 + (minute % 7) * 6 + noise(random, 3))).toBe(0);
  });

  it('seldom of one that took one step up', () => {
    expect(
      shareSuspected((minute, random) => (minute < 10 + random() * 40 ? 200 : 280) + noise(random, 3)),
    ).toBeLessThan(0.15);
    expect(shareSuspected((minute, random) => (minute < 25 ? 200 : 240) + noise(random, 3))).toBeLessThan(0.15);
  });

  it('seldom of one that wanders', () => {
    const wander = (_: number, random: () => number, memory: { value: number }) => {
      memory.value += noise(random, 4);
      return memory.value;
    };
    expect(shareSuspected(wander)).toBeLessThan(0.2);
  });

  it('not from half an hour that holds a leap: what was before it was other work', () => {
    const leap = Array.from({ length: 60 }, (_, minute) => (minute < 40 ? 100 : 200) + 3 * minute);
    expect(suspectGrowth(leap.map((value) => value * MB))).toBeNull();
    expect(suspectGrowth(leap.slice(0, 40).map((value) => value * MB))).not.toBeNull();
  });

  it('not from fewer than thirty minutes', () => {
    expect(suspectGrowth(Array.from({ length: 29 }, (_, minute) => (200 + 10 * minute) * MB))).toBeNull();
    expect(suspectGrowth([])).toBeNull();
  });
});

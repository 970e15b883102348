import { describe, expect, it } from 'vitest';
import {
  cutStart,
  cutText,
  displayWidth,
  endOfText,
  padText,
  sanitizeText,
  wrapText,
} from '../../src/core/display-text.ts';
import { formatCountdown, formatCpu, formatMemory, formatUptime } from '../../src/core/format-values.ts';
import { createScreen } from '../../src/terminal/screen.ts';

const screen = createScreen({ cols: 80, rows: 2, scrollback: 0 });
function cellsOnScreen(text: string): number {
  screen.write(`\x1b[H\x1b[2J${text}`);
  return screen.cursor().col;
}

describe('text from outside', () => {
  it('loses what could move the cursor, change a mode or turn the direction of writing', () => {
    expect(sanitizeText('a\x1b[31mb\x07\x9b2Jc\u202ed\u2066e\u200bf\u0000')).toBe('a[31mb2Jcdef');
    expect(sanitizeText('two\nlines\tand\u2028more')).toBe('two lines and more');
  });

  it('keeps letters of all scripts, their marks and emoji', () => {
    for (const text of [
      'Grüße',
      'naïve',
      '日本語',
      '한국어',
      'Ελλάδα',
      'שלום',
      'ภาษาไทย',
      '👍🏽',
      '👩‍👩‍👧',
      '🇩🇪',
      '❤️',
    ]) {
      expect(sanitizeText(text)).toBe(text.normalize('NFC'));
    }
  });

  it('keeps two marks of a heap of them', () => {
    expect(sanitizeText(`q${'\u0323'.repeat(20)}`)).toBe('q\u0323\u0323');
  });

  it('takes as many cells as displayWidth says, for every character there is', () => {
    const wrong: string[] = [];
    for (let codePoint = 0x20; codePoint < 0x110000; codePoint++) {
      // Han, Hangul and the private planes are all alike inside.
      if (codePoint > 0x3500 && codePoint < 0xd700 && codePoint % 97 !== 0) continue;
      if (codePoint > 0x20100 && codePoint % 9973 !== 0) continue;
      const text = sanitizeText(`x${String.fromCodePoint(codePoint)}y`);
      if (cellsOnScreen(text) !== displayWidth(text)) wrong.push(codePoint.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('takes as many cells as displayWidth says, for sequences that join', () => {
    const sequences = [
      '👩‍👩‍👧',
      '🇩🇪',
      '🇩',
      '🇩🇪🇫',
      '🇽🇽🇩🇪',
      '❤️',
      '❤',
      '1️⃣',
      '1⃣',
      '👍🏽',
      '🏽',
      'नि',
      'ｱﾞ',
      '⌚︎',
      'a‍b',
      'กำ',
      '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
      'ᄒ',
      '한',
    ];
    for (const sequence of sequences) {
      const text = sanitizeText(`${sequence}|`);
      expect([sequence, cellsOnScreen(text)]).toEqual([sequence, displayWidth(text)]);
    }
  });
});

describe('cutting and wrapping', () => {
  it('cuts by cells and never in the middle of a character', () => {
    expect(cutText('planner', 7)).toBe('planner');
    expect(cutText('planner', 5)).toBe('plan…');
    expect(cutText('日本語', 5)).toBe('日本…');
    expect(cutText('日本語', 4)).toBe('日…');
    expect(cutText('planner', 0)).toBe('');
    expect(padText('日本語', 4)).toBe('日… ');
    expect(padText('ab', 4)).toBe('ab  ');
  });

  it('keeps the end of a text by cells', () => {
    expect(endOfText('planner', 3)).toBe('ner');
    expect(endOfText('planner', 9)).toBe('planner');
    expect(endOfText('日本語', 5)).toBe('本語');
    expect(endOfText('x👩‍👩‍👧e\u0301', 3)).toBe('👩‍👩‍👧e\u0301');
    expect(endOfText('x👩‍👩‍👧e\u0301', 2)).toBe('e\u0301');
    expect(endOfText('planner', 0)).toBe('');
    expect(cutStart('planner', 7)).toBe('planner');
    expect(cutStart('planner', 5)).toBe('…nner');
    expect(cutStart('日本語', 4)).toBe('…語');
    expect(cutStart('planner', 0)).toBe('');
  });

  it('breaks at blanks, and within words that are longer than a line', () => {
    expect(wrapText('command not found: codex', 12)).toEqual(['command not', 'found: codex']);
    expect(wrapText('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrapText('日本語 x', 3)).toEqual(['日', '本', '語', 'x']);
    expect(wrapText('日', 1)).toEqual(['?']);
    expect(wrapText('', 10)).toEqual([]);
  });
});

describe('numbers for people', () => {
  it.each([
    [formatUptime, 0, '0s'],
    [formatUptime, -5000, '0s'],
    [formatUptime, 59_999, '59s'],
    [formatUptime, 60_000, '1m'],
    [formatUptime, 3_599_999, '59m'],
    [formatUptime, 11_520_000, '3h12m'],
    [formatUptime, 183_600_000, '2d3h'],
    [formatCountdown, 1, '1s'],
    [formatCountdown, -1, '0s'],
    [formatCountdown, 59_001, '1m00s'],
    [formatCountdown, 65_000, '1m05s'],
    [formatCountdown, 7_500_000, '2h05m'],
    [formatCpu, 0, '0%'],
    [formatCpu, 0.04, '0%'],
    [formatCpu, 3.24, '3.2%'],
    [formatCpu, 9.96, '10%'],
    [formatCpu, 412.6, '413%'],
    [formatCpu, Number.NaN, '0%'],
    [formatMemory, 0, '0K'],
    [formatMemory, 120 * 1024 ** 2, '120M'],
    [formatMemory, 1.25 * 1024 ** 3, '1.3G'],
    [formatMemory, 999.6 * 1024 ** 2, '1.0G'],
    [formatMemory, 64 * 1024 ** 3, '64G'],
  ])('%o of %d is %s', (format, value, expected) => {
    expect(format(value)).toBe(expected);
  });
});

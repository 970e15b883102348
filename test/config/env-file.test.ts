import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvFile } from '../../src/config/env-file.ts';

const table: [text: string, env: Record<string, string>][] = [
  ['A=1\nB=2', { A: '1', B: '2' }],
  ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['# A=1\n\n C=3', { C: '3' }],
  ['export A=1\nexport  B=2', { A: '1', B: '2' }],
  ['no equals sign\nexport A\n=x\nB=2', { B: '2' }],
  ['A=\nB=2', { A: '', B: '2' }],
  ['A', {}],
  ['export A=', { A: '' }],
  ['export=1', { export: '1' }],
  ['A=', { A: '' }],
  ['A = b ', { A: 'b' }],
  ['A=b=c', { A: 'b=c' }],
  ['A=a b #c', { A: 'a b' }],
  ['A=\t#c\nB=2', { A: '', B: '2' }],
  ['A="x # y"', { A: 'x # y' }],
  ['A="x" # y\nB=2', { A: 'x', B: '2' }],
  ['A="x"#y\nB=2', { A: 'x', B: '2' }],
  ['A="a\\nb" x', { A: 'a\nb' }],
  ["A='a\\nb'", { A: 'a\\nb' }],
  ['A=`it\'s "so"`', { A: 'it\'s "so"' }],
  ['A="two\nlines" # c\nB=2', { A: 'two\nlines', B: '2' }],
  ["A='x\n#\nB=1'\nC=3", { A: 'x\n#\nB=1', C: '3' }],
  ['A="never closed\nB=2', { A: '"never closed', B: '2' }],
  ['A=1\nA=2', { A: '2' }],
  ['__proto__=1', Object.fromEntries([['__proto__', '1']])],
  ['a.b-c=1', { 'a.b-c': '1' }],
];

describe('an env file is read:', () => {
  test.each(table)('%j', (text, env) => {
    expect(parseEnvFile(text)).toEqual(env);
  });
});

test('what stands in single quotes is taken as it stands, and what follows is read', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'ab ="`#\\\n\t$é'.split('')) }),
      fc.constantFrom('', ' ', ' # c', '#c'),
      (value, after) => {
        expect(parseEnvFile(`A='${value}'${after}\nB=2`)).toEqual({ A: value, B: '2' });
      },
    ),
  );
});

test.each([
  ['A=a#b', 'a#b'],
  ['A=#b', '#b'],
  ['A= #b', ''],
  ['A=a#b #c#d', 'a#b'],
  ['A="a#b', '"a#b'],
  ['A=a\t# b', 'a'],
])('a "#" without a blank before it is part of the value: %j', (line, value) => {
  expect(parseEnvFile(`${line}\nB=2`)).toEqual({ A: value, B: '2' });
});

test('a comment may be indented', () => {
  expect(parseEnvFile('  # A=1\nB=2\n\t#C=3')).toEqual({ B: '2' });
});

test('a value of blanks is empty, and does not take the next line', () => {
  expect(parseEnvFile('A=  \nB=2')).toEqual({ A: '', B: '2' });
});

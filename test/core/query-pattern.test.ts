import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../src/core/query-pattern.ts';

function find(text: string, regex: boolean, line: string): string[] | string {
  const compiled = compileQuery({ text, regex });
  if (!compiled) return 'empty';
  return 'problem' in compiled ? compiled.problem : [...line.matchAll(compiled.pattern)].map(([found]) => found);
}

describe('a query', () => {
  it.each([
    ['is the text as it is written', 'a.c', false, 'abc a.c', ['a.c']],
    ['matches either case', 'error', false, 'Error ERROR error', ['Error', 'ERROR', 'error']],
    ['with a capital matches that case alone', 'Error', false, 'Error ERROR error', ['Error']],
    ['with a capital from beyond ASCII, too', 'Über', false, 'über Über', ['Über']],
    ['may be full of signs', '$[(*+?.\\|^{', false, 'x $[(*+?.\\|^{ y', ['$[(*+?.\\|^{']],
    ['finds a letter with its mark, written as one', 'é', false, 'caf\u00e9 cafe\u0301', ['\u00e9', 'e\u0301']],
    ['… and typed as two', 'e\u0301', false, 'caf\u00e9 cafe\u0301', ['\u00e9', 'e\u0301']],
    ['finds wide characters and pictures', '本🙂', false, '日本🙂x', ['本🙂']],
    ['is a regular expression when asked for', 'a.c|\\d+', true, 'abc 12', ['abc', '12']],
    ['of which classes are no capitals', '\\Sb\\W', true, 'AB ', ['AB ']],
    ['that may be written loosely', '\\-}', true, 'x-}', ['-}']],
    ['counts characters, not their halves', '^.$', true, '🙂', ['🙂']],
  ] as const)('%s', (_title, text, regex, line, wanted) => {
    expect(find(text, regex, line)).toEqual(wanted);
  });

  it.each([
    ['(', 'Unterminated group'],
    ['a{2,1}', 'numbers out of order in {} quantifier'],
    ['[z-a]', 'Range out of order in character class'],
    ['*', 'Nothing to repeat'],
    ['x'.repeat(501), 'longer than 500 characters'],
  ])('that is no regular expression tells why: %s', (text, problem) => {
    expect(find(text, true, 'x')).toBe(problem);
  });

  it('that is empty is none', () => {
    expect(compileQuery({ text: '', regex: true })).toBeNull();
  });
});

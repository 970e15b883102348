// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import { expect, test } from 'vitest';
import { expandVariables } from '../../src/config/expand-variables.ts';

const variables = { A: 'one', EMPTY: '', B: '${A}', MODEL: 'm' };

test.each([
  ['plain', 'plain'],
  ['${A}', 'one'],
  ['x${A}y${A}', 'xoneyone'],
  ['${EMPTY}', ''],
  ['${EMPTY:-d}', 'd'],
  ['${NOPE:-d e}', 'd e'],
  ['${NOPE:-}', ''],
  ['${NOPE:-${A}}', 'one'],
  ['${NOPE:-a${NOPE:-b${A}}c}d', 'abonecd'],
  ['${A:-${NOPE}}', 'one'],
  ['a value is not expanded again: ${B}', 'a value is not expanded again: ${A}'],
  ['$${A}', '${A}'],
  ['$$${A}', '$one'],
  ['$$$${A}', '$${A}'],
  ['$A $1 $$ $(x) $', '$A $1 $$ $(x) $'],
])('%j becomes %j', (text, expanded) => {
  expect(expandVariables(text, variables)).toEqual({ text: expanded, problems: [] });
});

test.each([
  ['${NOPE}', 'undefined', 'variable "NOPE" is not set; set it, or write ${NOPE:-default}'],
  ['${MODLE}', 'undefined', 'variable "MODLE" is not set; did you mean "MODEL"?'],
  ['${toString}', 'undefined', 'variable "toString" is not set; set it, or write ${toString:-default}'],
  ['${}', 'syntax', '"${}" is neither ${VAR} nor ${VAR:-default}; write $${ for a literal ${'],
  ['${1}', 'syntax', '"${1}" is neither ${VAR} nor ${VAR:-default}; write $${ for a literal ${'],
  ['${A-x}', 'syntax', '"${A-x}" is neither ${VAR} nor ${VAR:-default}; write $${ for a literal ${'],
  ['a ${A', 'syntax', '"${" without its "}"; write $${ for a literal ${'],
])('%j is a problem', (text, kind, message) => {
  expect(expandVariables(text, variables).problems).toEqual([{ kind, message }]);
});

test('a tower of defaults ends in a sentence', () => {
  const text = `${'${X:-'.repeat(5000)}x${'}'.repeat(5000)}`;
  expect(expandVariables(text, variables).problems).toEqual([
    { kind: 'syntax', message: expect.stringContaining('is neither ${VAR} nor') },
  ]);
});

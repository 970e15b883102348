// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the layout's own syntax
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinCommand, splitCommand } from '../../src/config/split-command.ts';

const options = { variables: { A: 'one', SPACES: ' x  y ', EMPTY: '' }, home: '/home/ada' };

describe('a command line is split like a shell splits it', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['  \t\n ', []],
    ['a b\tc\nd', ['a', 'b', 'c', 'd']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    [String.raw`a\ b \' \" \\`, ['a b', "'", '"', '\\']],
    [String.raw`"a\"b\\c\d\$"`, [String.raw`a"b\c\d$`]],
    [String.raw`'a\b'`, [String.raw`a\b`]],
    ['a\\\nb', ['ab']],
    ['*.ts $HOME `id` $(id) # x', ['*.ts', '$HOME', '`id`', '$(id)', '#', 'x']],
    ['~ ~/a a~ "~" ~bob x=~', ['/home/ada', '/home/ada/a', 'a~', '~', '~bob', 'x=~']],
    ['${A} x${A}y "${A}"', ['one', 'xoney', 'one']],
    ['${SPACES}', ['x', 'y']],
    ['a${SPACES}b', ['a', 'x', 'y', 'b']],
    ['"a${SPACES}b"', ['a x  y b']],
    ['a ${EMPTY} "${EMPTY}" b', ['a', '', 'b']],
    ["'${A}' $${A} \\${A}", ['${A}', '${A}', '${A}']],
    ['${NOPE:-a "b c"}', ['a', '"b', 'c"']],
    ['🎵 é', ['🎵', 'é']],
  ])('%j', (text, words) => {
    expect(splitCommand(text, options)).toMatchObject({ words, problems: [] });
  });
});

test('what only a shell understands is noted, unless it is quoted', () => {
  expect(splitCommand('a | b && c > d; e 2>&1', options).operators).toEqual(['|', '&&', '>', '2>&1']);
  expect(splitCommand(`a '|' "&&" \\> \${X:->}`, options).operators).toEqual([]);
});

test.each(['"a', "a 'b", 'a\\', '"a\\"'])('an unfinished %j is a problem', (text) => {
  expect(splitCommand(text, options).problems).toHaveLength(1);
});

test('joined words split into the same words', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      expect(splitCommand(joinCommand(words), options)).toMatchObject({ words, problems: [] });
    }),
  );
});

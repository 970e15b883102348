import { describe, expect, test } from 'vitest';
import { commandHelp, generalHelp } from '../../src/cli/help.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { cliCommandNames, commandRow } from '../../src/core/commands.ts';

describe('help', () => {
  test('names every command with what it does, in lines that fit a terminal', () => {
    const lines = generalHelp().split('\n');
    for (const name of cliCommandNames) {
      expect(
        lines.filter((line) => line.startsWith(`  ${name} `) && line.includes(commandRow(name).summary)),
      ).toHaveLength(1);
    }
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test.each(cliCommandNames)('on %s names its arguments and every option, in lines that fit a terminal', (name) => {
    const text = commandHelp(name);
    const { cli, summary } = commandRow(name);
    expect(text).toContain(summary);
    for (const [option, { default: value }] of Object.entries(cli?.options ?? {})) {
      expect(text).toMatch(new RegExp(`  .*--${value === true ? 'no-' : ''}${option}\\b.*  \\w`));
    }
    for (const option of ['-s, --session NAME', '-h, --help']) expect(text).toContain(option);
    expect(text).not.toMatch(/\[(string|boolean|number|array|required|default)/);
    expect(text.split('\n').filter((line) => line.length > 110)).toEqual([]);
  });

  test.each(cliCommandNames)('on %s shows examples that are taken', (name) => {
    for (const [, example] of commandHelp(name).matchAll(/^ {2}\$ nonet ([^|\n]*)/gm)) {
      const words = [...example!.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
        (match) => match[1] ?? match[2] ?? match[3]!,
      );
      expect(parseArguments(words)).toMatchObject({ kind: 'run', command: name });
    }
  });
});

import { optionRows, usageOf } from '../../src/cli/help.ts';
import { listPresets } from '../../src/config/presets.ts';
import { type CommandRow, cliCommandNames, commandRow, keyCommandNames } from '../../src/core/commands.ts';
import { errorTable } from '../../src/core/errors.ts';

/** The parts of README.md that come from tables, by the name in their markers. */
export const generatedParts: Record<string, () => string> = {
  keys: keyTable,
  commands: commandTableText,
  'exit-codes': exitCodeTable,
  presets: presetTable,
};

/** Replaces what stands between `<!-- generated: NAME -->` and the marker that ends it. Throws for a name that is not known. */
export function fillGenerated(text: string): string {
  return text.replaceAll(
    /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_whole, begin: string, name: string, end: string) => {
      const make = generatedParts[name];
      if (!make) throw new Error(`nothing generates "${name}"`);
      return `${begin}\n${make()}\n\n${end}`;
    },
  );
}

const KEY_GROUPS = ['focus', 'view', 'panes', 'session', 'talk', 'layouts'] as const satisfies CommandRow['group'][];

function keyTable(): string {
  const rows: string[][] = [];
  for (const name of KEY_GROUPS.flatMap((group) => keyCommandNames.filter((key) => commandRow(key).group === group))) {
    const { keys = [], summary, confirm } = commandRow(name);
    // Those are in the palette.
    if (keys.length === 0) continue;
    const last = rows.at(-1);
    // focus-1 … focus-9 are one row.
    if (last && /^focus-[2-9]$/.test(name)) {
      rows[rows.length - 1] = [
        `${last[0]!.split(' ')[0]} … ${keys.map(code)}`,
        `${last[1]!.split(' …')[0]} … ${name.at(-1)}`,
      ];
    } else {
      rows.push([keys.map(code).join(' '), `${summary}${confirm === undefined ? '' : ' (asks first)'}`]);
    }
  }
  return table(['key', 'does'], rows);
}

function commandTableText(): string {
  const rows = cliCommandNames.map((name) => {
    const { summary, cli } = commandRow(name);
    const also = (cli?.aliases ?? []).map((alias) => `, ${code(alias)}`).join('');
    const options = optionRows(cli?.options ?? {}).map(([names, does]) => `${code(names)} ${does}`);
    return [`${code(usageOf(name))}${also}`, summary, options.join('; ')];
  });
  return table(['command', 'does', 'options'], rows);
}

function exitCodeTable(): string {
  const meanings: Record<number, string> = {
    0: 'done',
    1: 'failed',
    2: 'wrong usage, or a layout with mistakes',
    3: 'no such session',
    124: 'timed out',
  };
  const codes = [...new Set([0, ...Object.values(errorTable).map(({ exitCode }) => exitCode)])].sort((a, b) => a - b);
  return table(
    ['exit code', 'means'],
    codes.map((exitCode) => {
      const means = meanings[exitCode];
      if (means === undefined) throw new Error(`exit code ${exitCode} has no meaning`);
      return [String(exitCode), means];
    }),
  );
}

function presetTable(): string {
  return table(
    ['preset', 'is'],
    listPresets().map(({ name, description }) => [code(name), description]),
  );
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

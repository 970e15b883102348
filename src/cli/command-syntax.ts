import { type CliCommandName, cliCommandNames, commandRow } from '../core/commands.ts';

/** The command of that name or alias; null for none. */
export function commandNamed(word: string): CliCommandName | null {
  return cliCommandNames.find((name) => name === word || commandRow(name).cli?.aliases?.includes(word)) ?? null;
}

export type Positional = { name: string; required: boolean; many: boolean };

/** `<pane> <text..>` of the command table, in order. */
export function positionalsOf(command: CliCommandName): Positional[] {
  const written = (commandRow(command).cli?.positionals ?? '').matchAll(/([<[])(\w+)(\.\.)?/g);
  return [...written].map(([, opening, name, many]) => ({
    name: name!,
    required: opening === '<',
    many: many !== undefined,
  }));
}

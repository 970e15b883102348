import { listSessionNames, resolvePaths } from '../config/paths.ts';
import { listPresets } from '../config/presets.ts';
import { type CliCommandName, type CliOption, cliCommandNames, commandRow } from '../core/commands.ts';
import { keyNames } from '../core/key-names.ts';
import { daemonRequests } from '../protocol/control.ts';
import { commandNamed, positionalsOf } from './command-syntax.ts';
import { SHELLS } from './completion.ts';
import { globalOptions } from './help.ts';
import { tryConnect } from './session-daemon.ts';

/** A word that may come next, and what it means. */
export type Candidate = { word: string; meaning: string };
export type Completion = { candidates: Candidate[]; files: boolean };

/** What completion asks about the present; replaced in tests. */
export type CompletionSources = {
  panes(session: string | null): Promise<Candidate[]>;
  sessions(): Candidate[];
};

/** `words`: those after `nonet`, the last of them the one that is being typed, perhaps empty. Never throws. */
export async function complete(words: readonly string[], sources: CompletionSources): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = commandNamed(firstPlainWord(before) ?? '');
  const own: Record<string, CliOption> = { ...(command ? commandRow(command).cli?.options : {}), ...globalOptions };
  const option = takesValue(before.at(-1), own);
  if (option === 'session') return only(sources.sessions());
  if (option !== null) return { candidates: [], files: true };
  if (current.startsWith('-')) return only(optionWords(own));
  if (!command) {
    const asked = firstPlainWord(before);
    if (asked !== undefined && asked !== 'help') return only([]);
    return only(cliCommandNames.map((name) => ({ word: name, meaning: commandRow(name).summary })));
  }
  const given = before.filter((word, index) => !word.startsWith('-') && !takesValue(before[index - 1], own)).length - 1;
  return completePositional(command, given, sessionGiven(before), sources);
}

async function completePositional(
  command: CliCommandName,
  given: number,
  session: string | null,
  sources: CompletionSources,
): Promise<Completion> {
  const positionals = positionalsOf(command);
  const last = positionals.at(-1);
  const positional = positionals[given] ?? (last?.many ? last : undefined);
  switch (positional?.name) {
    case 'pane': {
      const all = positional.many ? [{ word: 'all', meaning: 'every pane' }] : [];
      return only([...(await sources.panes(session)), ...all]);
    }
    case 'keys':
      return only([...keyNames].map((word) => ({ word, meaning: '' })));
    case 'shell':
      return only(SHELLS.map((word) => ({ word, meaning: '' })));
    case 'layout': {
      const presets = listPresets().map(({ name, description }) => ({ word: name, meaning: description }));
      return { candidates: presets, files: true };
    }
    case 'file':
      return { candidates: [], files: true };
    default:
      return only([]);
  }
}

/** Lines for the shells' scripts. */
export function formatCompletion({ candidates, files }: Completion): string {
  const lines = candidates.map(({ word, meaning }) => `${plain(word)}\t${plain(meaning)}\n`);
  return `${lines.join('')}${files ? ':files\n' : ''}`;
}

const PATIENCE_MS = 400;

export const presentSources: CompletionSources = {
  async panes(session) {
    const paths = resolvePaths({ env: process.env, session: session ?? 'nonet' });
    const connection = await tryConnect(paths).catch(() => null);
    if (!connection) return [];
    const late = new Promise<never[]>((resolve) => setTimeout(() => resolve([]), PATIENCE_MS).unref());
    try {
      const panes = await Promise.race([connection.request(daemonRequests, 'list', {}), late]);
      return panes.map(({ name, pane, state }) => ({ word: name, meaning: `pane ${pane}, ${state}` }));
    } catch {
      return [];
    } finally {
      connection.close();
    }
  },
  sessions: () => listSessionNames(process.env).map((word) => ({ word, meaning: '' })),
};

function only(candidates: Candidate[]): Completion {
  return { candidates, files: false };
}

function optionWords(options: Record<string, CliOption>): Candidate[] {
  return Object.entries(options).map(([name, { default: value, describe }]) => ({
    word: value === true ? `--no-${name}` : `--${name}`,
    meaning: describe,
  }));
}

/** The name of the option if the word is one that is followed by a value. */
function takesValue(word: string | undefined, options: Record<string, CliOption>): string | null {
  const found = Object.entries(options).find(
    ([name, { type, alias }]) => type !== 'boolean' && (word === `--${name}` || (alias && word === `-${alias}`)),
  );
  return found?.[0] ?? null;
}

function firstPlainWord(words: readonly string[]): string | undefined {
  return words.find((word, index) => !word.startsWith('-') && !takesValue(words[index - 1], globalOptions));
}

function sessionGiven(words: readonly string[]): string | null {
  const index = words.findIndex((word) => word === '-s' || word === '--session');
  const joined = words.find((word) => word.startsWith('--session='))?.slice('--session='.length);
  return joined ?? (index < 0 ? null : (words[index + 1] ?? null));
}

function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

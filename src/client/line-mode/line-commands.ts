import { didYouMean } from '../../config/did-you-mean.ts';
import { sanitizeText } from '../../core/display-text.ts';

/** THE table of what can be typed in line mode. `takes`: what follows the word; `does`: for `help`. */
export const lineCommands = {
  list: { takes: '', does: 'all panes and their states' },
  focus: { takes: 'PANE', does: 'type, keys and read are for this pane from now on; the number alone does it too' },
  next: { takes: '', does: 'focus the next pane' },
  read: { takes: '[PANE] [LINES]', does: 'the last lines that a pane shows, 20 if nothing is said' },
  type: { takes: 'TEXT', does: 'type text and Enter into the focused pane' },
  tell: { takes: 'PANE TEXT', does: 'type text and Enter into another pane' },
  keys: { takes: 'KEY...', does: 'press keys in the focused pane: enter esc ctrl+c up' },
  start: { takes: '[PANE]', does: 'start a stopped pane' },
  stop: { takes: '[PANE]', does: 'stop a pane; asks first' },
  restart: { takes: '[PANE]', does: 'restart a pane' },
  kill: { takes: '[PANE]', does: 'kill all that runs in a pane; asks first' },
  help: { takes: '', does: 'these commands' },
  detach: { takes: '', does: 'leave; the panes go on' },
} as const;

export type LineCommandName = keyof typeof lineCommands;

/** `pane` is what stands for one, as typed; null for the focused one. */
export type LineCommand =
  | { name: 'list' | 'next' | 'help' | 'detach' }
  | { name: 'focus'; pane: string }
  | { name: 'read'; pane: string | null; lines: number }
  | { name: 'type'; pane: string | null; text: string }
  | { name: 'keys'; keys: string[] }
  | { name: 'start' | 'stop' | 'restart' | 'kill'; pane: string | null };

export type ParsedLine = { ok: true; command: LineCommand } | { ok: false; message: string };

const DEFAULT_LINES = 20;
const MAX_LINES = 1000;
const aliases: ReadonlyMap<string, LineCommandName> = new Map([
  ['ls', 'list'],
  ['?', 'help'],
  ['quit', 'detach'],
  ['exit', 'detach'],
]);

export function parseLine(line: string): ParsedLine {
  const [, word = '', rest = ''] = /^\s*(\S+)(?: (.*))?$/s.exec(line) ?? [];
  if (/^\d+$/.test(word) && rest.trim() === '') return { ok: true, command: { name: 'focus', pane: word } };
  const name = Object.hasOwn(lineCommands, word) ? (word as LineCommandName) : aliases.get(word);
  if (name === undefined) {
    const close = didYouMean(word, Object.keys(lineCommands));
    return wrong(`unknown command ${JSON.stringify(sanitizeText(word))}${close}; help lists the commands`);
  }
  const words = rest.trim().split(/\s+/).filter(Boolean);
  const [first = null] = words;
  const missing = wrong(`say it like this: ${name} ${lineCommands[name].takes}`);
  switch (name) {
    case 'list':
    case 'next':
    case 'help':
    case 'detach':
      return words.length > 0 ? wrong(`${name} takes nothing more`) : { ok: true, command: { name } };
    case 'focus':
      return words.length === 1 ? { ok: true, command: { name, pane: words[0]! } } : missing;
    case 'start':
    case 'stop':
    case 'restart':
    case 'kill':
      return words.length <= 1 ? { ok: true, command: { name, pane: first } } : missing;
    case 'keys':
      return words.length > 0 ? { ok: true, command: { name, keys: words } } : missing;
    // Blanks are text: only the one after the word is ours.
    case 'type':
      return rest === '' ? missing : { ok: true, command: { name, pane: null, text: rest } };
    case 'tell': {
      const [, pane, text] = /^\s*(\S+) (.+)$/s.exec(rest) ?? [];
      return pane && text ? { ok: true, command: { name: 'type', pane, text } } : missing;
    }
    case 'read': {
      const lines = words[1] === undefined ? DEFAULT_LINES : Number(words[1]);
      if (words.length > 2 || !Number.isInteger(lines) || lines < 1) return missing;
      return { ok: true, command: { name, pane: first, lines: Math.min(lines, MAX_LINES) } };
    }
    default:
      name satisfies never;
      return missing;
  }
}

export function helpLines(): string[] {
  return Object.entries(lineCommands).map(
    ([name, { takes, does }]) => `${takes === '' ? name : `${name} ${takes}`}: ${does}`,
  );
}

function wrong(message: string): ParsedLine {
  return { ok: false, message };
}

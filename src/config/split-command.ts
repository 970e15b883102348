import { readDollar, type VariableProblem, type Variables } from './expand-variables.ts';

/**
 * A command line as words, split like a POSIX shell splits it (quotes, backslashes, `~`), but nothing is run and nothing globbed.
 * `${VAR}` follows the shell too: bare, its value is split at blanks; in double quotes it is one piece; in single quotes it is text.
 */
export type SplitCommand = {
  words: string[];
  problems: VariableProblem[];
  /** Words that only a shell would understand (`|`, `&&`, `>` …): probably `shell:` was meant. */
  operators: string[];
};

const OPERATORS = new Set(['|', '||', '&', '&&', ';', '>', '>>', '<', '<<', '2>', '2>&1', '&>']);
const BLANK = /[ \t\n\r]/;

export function splitCommand(text: string, options: { variables: Variables; home: string }): SplitCommand {
  const { variables, home } = options;
  const words: string[] = [];
  const operators: string[] = [];
  const problems: VariableProblem[] = [];
  // null: between words. An empty quoted piece begins a word, an empty variable does not.
  let word: string | null = null;
  let bare = true;
  let quoted: '"' | "'" | null = null;

  function endWord(): void {
    if (word === null) return;
    if (bare && OPERATORS.has(word)) operators.push(word);
    words.push(word);
    word = null;
    bare = true;
  }
  function add(piece: string): void {
    word = (word ?? '') + piece;
  }
  function addSplit(value: string): void {
    for (const part of value.split(/([ \t\n\r]+)/)) {
      if (part === '') continue;
      if (BLANK.test(part)) endWord();
      else {
        add(part);
        bare = false;
      }
    }
  }

  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '$' && quoted !== "'") {
      const read = readDollar(text, at, { variables, problems });
      if (read.literal !== '') add(read.literal);
      if (read.value !== undefined) {
        if (quoted) add(read.value);
        else addSplit(read.value);
      }
      at = read.next;
      continue;
    }
    at++;
    if (quoted === "'") {
      if (char === "'") quoted = null;
      else add(char);
    } else if (char === '\\') {
      const next = text[at];
      if (next === undefined) {
        problems.push({ kind: 'syntax', message: 'the command ends in a backslash' });
        break;
      }
      at++;
      bare = false;
      // In double quotes a backslash is special only before these (POSIX shell, 2.2.3).
      if (quoted && !'$`"\\\n'.includes(next)) add(`\\${next}`);
      else if (next !== '\n') add(next);
    } else if (quoted) {
      if (char === quoted) quoted = null;
      else add(char);
    } else if (char === '"' || char === "'") {
      quoted = char;
      bare = false;
      add('');
    } else if (BLANK.test(char)) {
      endWord();
    } else if (char === '~' && word === null && (at === text.length || /[/ \t\n\r]/.test(text[at]!))) {
      add(home);
      bare = false;
    } else {
      add(char);
    }
  }
  if (quoted) problems.push({ kind: 'syntax', message: `unbalanced quote: ${quoted} is never closed` });
  endWord();
  return { words, problems, operators };
}

/** Words as one line that splits into the same words again. */
export function joinCommand(words: readonly string[]): string {
  return words
    .map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

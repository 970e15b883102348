import type { Settings } from './imported-layout.ts';

/** What only bash and its likes understand: [[ ]], (( )), <( ), <<<, &>, $'…', arrays, {1..3}, and words of theirs. */
const BASH_ONLY =
  /\[\[|\(\(|<\(|>\(|<<<|&>|\$'|\w=\(|\{\w+\.\.\w+\}|(^|[;&|\n]\s*)(source|shopt|function|declare|pushd|popd)\s|\bpipefail\b/;

/**
 * A command line for bash, as the other tools run it: `shell:`, where any shell will do. nonet's is /bin/sh, which is not bash
 * everywhere.
 */
export function bashProgram(line: string): Settings {
  return BASH_ONLY.test(line) ? { command: ['bash', '-c', line] } : { shell: line };
}

/** Words of an argument string: split at blanks, quotes keep words together, nothing is escaped. */
export function splitArguments(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*'|["'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}

/** For a shell: one word, whatever it holds. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

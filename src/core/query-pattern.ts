/** What somebody searches for, as a pattern; or why it is none. */
export type Query = { text: string; regex: boolean };
export type CompiledQuery = { pattern: RegExp } | { problem: string };

export const MAX_QUERY_LENGTH = 500;

/** Letters of either case match as long as the query has no capital of its own. The pattern is global. Null for an empty query. */
export function compileQuery({ text, regex }: Query): CompiledQuery | null {
  if (text === '') return null;
  if (text.length > MAX_QUERY_LENGTH) return { problem: `longer than ${MAX_QUERY_LENGTH} characters` };
  if (!regex) return { pattern: new RegExp(literalSource(text), smartCaseFlags(text)) };
  // `\S` and the like are no capitals.
  const flags = smartCaseFlags(text.replaceAll(/\\./gu, ''));
  try {
    return { pattern: new RegExp(text, `${flags}u`) };
  } catch (error) {
    try {
      // Without `u` some patterns are allowed that people write: `\-`, a lone `}`.
      return { pattern: new RegExp(text, flags) };
    } catch {
      // `Invalid regular expression: /(/u: Unterminated group`
      return { problem: (error as Error).message.replace(/^.*:\s*/su, '') };
    }
  }
}

function smartCaseFlags(text: string): 'g' | 'gi' {
  return /\p{Lu}/u.test(text) ? 'g' : 'gi';
}

/** Programs write an `é` as one character or as two: both are meant. */
function literalSource(text: string): string {
  let source = '';
  for (const character of text.normalize('NFC')) {
    const apart = character.normalize('NFD');
    source += apart === character ? escapeRegExp(character) : `(?:${escapeRegExp(character)}|${escapeRegExp(apart)})`;
  }
  return source;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

import { didYouMean } from './did-you-mean.ts';
import { quote } from './problem.ts';

/**
 * `${VAR}` and `${VAR:-default}` in a layout's texts, as in a shell: the default counts when VAR is unset or empty, and may hold
 * further `${…}`. `$${` is a literal `${`; every other `$` stands for itself, so that `$1`, `$$` and `$(…)` reach a shell as written.
 */
export type Variables = Readonly<Record<string, string | undefined>>;

export type VariableProblem = { kind: 'undefined' | 'syntax'; message: string };

/** `text` is complete only when there are no problems. */
export function expandVariables(text: string, variables: Variables): { text: string; problems: VariableProblem[] } {
  const problems: VariableProblem[] = [];
  return { text: expand(text, variables, problems, 0), problems };
}

/** The whole text is one `${…}`. */
export function isOneVariable(text: string): boolean {
  return text.startsWith('${') && closingBrace(text, 1) === text.length - 1;
}

/** Reads what begins with the `$` at `index`; `next` is where reading goes on. `value` is set when a variable was expanded. */
export function readDollar(
  text: string,
  index: number,
  context: { variables: Variables; problems: VariableProblem[]; depth?: number },
): { literal: string; value?: string; next: number } {
  let end = index;
  while (text[end] === '$') end++;
  const dollars = end - index;
  if (text[end] !== '{') return { literal: '$'.repeat(dollars), next: end };
  const literal = '$'.repeat(Math.floor(dollars / 2));
  // An even run of dollars: they pair up, and the brace is text.
  if (dollars % 2 === 0) return { literal, next: end };
  const close = closingBrace(text, end);
  if (close < 0) {
    context.problems.push({ kind: 'syntax', message: `"\${" without its "}"; write $\${ for a literal \${` });
    return { literal, next: text.length };
  }
  const value = expandExpression(text.slice(end + 1, close), context);
  return { literal, value, next: close + 1 };
}

const EXPRESSION = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;
const MAX_DEPTH = 10;

function expand(text: string, variables: Variables, problems: VariableProblem[], depth: number): string {
  let result = '';
  let at = 0;
  for (;;) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return result + text.slice(at);
    const read = readDollar(text, dollar, { variables, problems, depth });
    result += text.slice(at, dollar) + read.literal + (read.value ?? '');
    at = read.next;
  }
}

function expandExpression(
  expression: string,
  { variables, problems, depth = 0 }: { variables: Variables; problems: VariableProblem[]; depth?: number },
): string {
  const match = EXPRESSION.exec(expression);
  if (!match || depth >= MAX_DEPTH) {
    problems.push({
      kind: 'syntax',
      message: `${quote(`\${${expression}}`)} is neither \${VAR} nor \${VAR:-default}; write $\${ for a literal \${`,
    });
    return '';
  }
  const [, name, fallback] = match;
  const value = Object.hasOwn(variables, name!) ? variables[name!] : undefined;
  if (fallback !== undefined) return value ? value : expand(fallback, variables, problems, depth + 1);
  if (value !== undefined) return value;
  const close = didYouMean(name!, Object.keys(variables));
  problems.push({
    kind: 'undefined',
    message: `variable ${quote(name!)} is not set${close || `; set it, or write \${${name}:-default}`}`,
  });
  return '';
}

/** The brace that closes the one at `open`, counting `${` inside; -1 if there is none. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{' && text[i - 1] === '$') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

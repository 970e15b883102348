/**
 * NAME=value lines as `node --env-file` reads them (https://nodejs.org/docs/latest-v24.x/api/environment_variables.html): comments, `export`,
 * values in ", ' or ` that may go over several lines, `\n` in " as a new line; other lines are passed over. Not by Node's own parser, which
 * differs from version to version. And as in a shell, and in Docker Compose (https://docs.docker.com/compose/env-file/), a `#` begins a
 * comment only after a blank: to Node it cuts a password short.
 */
export function parseEnvFile(text: string): Record<string, string> {
  const env = new Map<string, string>();
  const source = text.replaceAll('\r\n', '\n');
  let at = 0;
  while (at < source.length) {
    const end = endOfLine(source, at);
    const match = /^[^\S\n]*(?:export[^\S\n]+)?([^\s=#][^=]*)=/.exec(source.slice(at, end));
    if (!match) {
      at = end + 1;
      continue;
    }
    const from = at + match[0].length;
    const quoted = readQuoted(source, from, end);
    env.set(match[1]!.trim(), quoted?.value ?? withoutComment(source.slice(from, end)));
    at = endOfLine(source, quoted?.end ?? from) + 1;
  }
  return Object.fromEntries(env);
}

/** Null where no quote opens before `lineEnd`, or none closes it anywhere. What follows it on its line is passed over. */
function readQuoted(source: string, from: number, lineEnd: number): { value: string; end: number } | null {
  const [opening] = /[^\s]/.exec(source.slice(from, lineEnd)) ?? [];
  if (opening === undefined || !'"\'`'.includes(opening)) return null;
  const start = source.indexOf(opening, from) + 1;
  const end = source.indexOf(opening, start);
  if (end < 0) return null;
  const value = source.slice(start, end);
  return { value: opening === '"' ? value.replaceAll('\\n', '\n') : value, end };
}

function withoutComment(value: string): string {
  return value.replace(/\s#.*$/, '').trim();
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

/** JSON as YAML takes it, each character in its place, so that positions in messages stay true. */

/** Comments as blanks. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('/') ? part.replace(/[^\n]/g, ' ') : part,
  );
}

/** Tabs as blanks: YAML does not indent with them. */
export function escapeControls(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\t/g, (part) => (part === '\t' ? ' ' : part));
}

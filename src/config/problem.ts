/** What is wrong with a layout, and where: `line` and `col` count from 1. */
export type Problem = { file: string; line: number; col: number; message: string };

export type Position = { line: number; col: number };

export type Path = readonly (string | number)[];

/** A place in a layout by keys and indexes, said of the key itself or of its value. */
export type ReportAt = (path: Path, message: string, at?: 'key' | 'value') => void;

/** `file:line:col: message`, as compilers say it, so that editors can jump there. */
export function formatProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.col}: ${problem.message}`;
}

/**
 * A text from the layout inside a message: quoted, short, and without control characters, which would act on the terminal of
 * whoever reads the message.
 */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `"${printable(short)}"`;
}

export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

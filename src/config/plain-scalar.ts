import { isScalar, parseDocument } from 'yaml';

/** What YAML reads where this text stands without quotes: a number, true, false or nothing; else the text itself. */
export function readPlainScalar(text: string): string | number | boolean | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  // All that can be anything but text, and nothing that could be more than one scalar.
  if (!/^[-+.~\w]{1,64}$/.test(trimmed)) return text;
  const { contents } = parseDocument(trimmed, { prettyErrors: false });
  if (!isScalar(contents) || contents.source !== trimmed) return text;
  const { value } = contents;
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : text;
}

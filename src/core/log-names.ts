import { checksum } from './checksum.ts';

/**
 * What a pane's log files are called. Beside each other: `NAME.log` (readable text), `NAME.raw` (the bytes of its terminal), `NAME.json`
 * (what a reader must know of both). Rotated ones are `NAME.log.1`, the newest, to `NAME.log.N`; compressed they end in `.gz`.
 */
export const LOG_KINDS = ['log', 'raw'] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** What `NAME.json` says. */
export type LogDescription = { pane: number; name: string; timeFormat: string };

export type RotatedLog = { number: number; compressed: boolean; file: string };

/** Room for a checksum and endings in the 255 bytes that a file's name may have. */
const MAX_BASE_BYTES = 180;

/** The file's name without ending for a pane of this name: no path, not hidden, at most 190 bytes. */
export function logBaseName(paneName: string): string {
  const safe = paneName.replace(/[/%\\]|^\./g, (character) => encodeURIComponent(character).replace('.', '%2E'));
  let bytes = 0;
  let short = '';
  for (const character of safe) {
    bytes += utf8.encode(character).length;
    if (bytes > MAX_BASE_BYTES) return `${short}%${checksum(safe)}`;
    short += character;
  }
  return short;
}
const utf8 = new TextEncoder();

/** The rotated files of `file` among the names of its directory, newest first. */
export function rotatedLogs(file: string, names: readonly string[]): RotatedLog[] {
  const found: RotatedLog[] = [];
  for (const name of names) {
    if (!name.startsWith(`${file}.`)) continue;
    const match = /^([1-9]\d{0,4})(\.gz)?$/.exec(name.slice(file.length + 1));
    if (match) found.push({ number: Number(match[1]), compressed: match[2] !== undefined, file: name });
  }
  // Where both are there the compressed one is a copy of the plain one: it comes second, and counts for nothing.
  return found.sort((a, b) => a.number - b.number || Number(a.compressed) - Number(b.compressed));
}

/** `rotatedLogs` without the compressed copies of files that are still there: every byte once. */
export function distinctRotatedLogs(file: string, names: readonly string[]): RotatedLog[] {
  const rotated = rotatedLogs(file, names);
  return rotated.filter((entry, index) => rotated[index - 1]?.number !== entry.number);
}

/**
 * What a pane's log files are called. Beside each other: `NAME.log` (readable text), `NAME.raw` (the bytes of its terminal), `NAME.json`
 * (what a reader must know of both). Rotated ones are `NAME.log.1`, the newest, to `NAME.log.N`; compressed they end in `.gz`.
 */
export const LOG_KINDS = ['log', 'raw'] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** What `NAME.json` says. */
export type LogDescription = { pane: number; name: string; timeFormat: string };

export type RotatedLog = { number: number; compressed: boolean; file: string };

/** The file's name without ending for a pane of this name: no path, not hidden, at most 200 bytes of most alphabets. */
export function logBaseName(paneName: string): string {
  const safe = paneName.replace(/[/%\\]|^\./g, (character) => encodeURIComponent(character).replace('.', '%2E'));
  const short = [...safe].slice(0, 60).join('');
  return short === safe ? safe : `${short}%${checksum(safe).toString(36)}`;
}

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

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits: two long names that begin alike get two files. */
function checksum(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

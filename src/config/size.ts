export const SIZE_PATTERN = /^\d+(\.\d+)? ?([kKMGT]i?)?B?$/;

/** Far above any memory or disk of today, and exact as a number. */
const MAX_BYTES = 2 ** 50;
const POWERS: Record<string, number> = { K: 1, M: 2, G: 3, T: 4 };

/**
 * `500M`, `1.5G`, `800 MiB`, `10MB`, or a number of bytes; a sentence when it is none of these. A letter alone and `MiB` count by 1024, as
 * PM2 and systemd do; `MB` counts by 1000, as disks are sold.
 */
export function parseSize(value: string | number): { ok: true; bytes: number } | { ok: false; message: string } {
  const text = String(value);
  const match = /^(\d+(?:\.\d+)?) ?([kKMGT])?(i)?(B)?$/.exec(text);
  if (!match || (match[3] !== undefined && match[2] === undefined)) {
    return { ok: false, message: 'a size is written like 500M, 1.5G, 800 MiB, or as a number of bytes' };
  }
  const [, count, letter, binary, unit] = match;
  const power = letter === undefined ? 0 : POWERS[letter.toUpperCase()]!;
  const base = unit !== undefined && binary === undefined ? 1000 : 1024;
  const bytes = Math.round(Number(count) * base ** power);
  if (bytes < 1) return { ok: false, message: 'a size must be at least 1 byte' };
  if (bytes > MAX_BYTES) return { ok: false, message: 'a size cannot be larger than 1024T' };
  return { ok: true, bytes };
}

/** The shortest of these forms that says it exactly: `512M`, `10MB`, `1000`. */
export function formatSize(bytes: number): string {
  for (const [letter, power] of Object.entries(POWERS).reverse()) {
    if (bytes % 1024 ** power === 0 && bytes > 0) return `${bytes / 1024 ** power}${letter}`;
    if (bytes % 1000 ** power === 0 && bytes > 0) return `${bytes / 1000 ** power}${letter}B`;
  }
  return String(bytes);
}

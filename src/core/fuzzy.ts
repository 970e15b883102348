/**
 * Fuzzy matching as fzf has it: the characters of a word in their order, anywhere in a text, the better the more of them stand together
 * and begin a word there. Of all ways to find them the best one counts.
 */
export type FuzzyMatch = {
  score: number;
  /** Code units of the text that were found, ascending. */
  positions: number[];
};

// The figures of fzf's second algorithm (src/algo/algo.go): what matters is how they compare to each other.
const MATCH = 16;
const GAP_START = -3;
const GAP_MORE = -1;
const BOUNDARY = 8;
const CAMEL = 7;
const TOGETHER = 4;
const FIRST_FACTOR = 2;
/** Nobody reads further, and it keeps the work small. */
const MAX_TEXT = 400;
const MAX_WORD = 60;

/** `weight`: what a match in this text counts, 1 for as it is. `prose`: long enough to have most letters somewhere, so words must stand in it. */
export type FuzzyField = { text: string; weight?: number; prose?: boolean };

/**
 * The items in which every word of the query is found, in one of their fields each; the best first, else in their order. `positions`: by field.
 */
export function rankFuzzy(
  query: string,
  items: readonly (readonly FuzzyField[])[],
): { index: number; positions: number[][] }[] {
  const words = query.split(/\s+/u).filter(Boolean);
  const ranked: { index: number; score: number; positions: number[][] }[] = [];
  for (const [index, fields] of items.entries()) {
    const match = matchFields(words, fields);
    if (match) ranked.push({ index, ...match });
  }
  return ranked.sort((a, b) => b.score - a.score || a.index - b.index);
}

function matchFields(words: readonly string[], fields: readonly FuzzyField[]) {
  const positions = fields.map(() => new Set<number>());
  let score = 0;
  for (const word of words) {
    let best: { field: number; score: number; positions: number[] } | null = null;
    for (const [field, { text, weight = 1, prose = false }] of fields.entries()) {
      const match = prose ? matchWhole(word, text) : matchFuzzy(word, text);
      if (match && (!best || match.score * weight > best.score))
        best = { ...match, field, score: match.score * weight };
    }
    if (!best) return null;
    score += best.score;
    for (const at of best.positions) positions[best.field]!.add(at);
  }
  return { score, positions: positions.map((set) => [...set].sort((a, b) => a - b)) };
}

/** Where the word stands as it is, best at the start of another. */
function matchWhole(word: string, text: string): FuzzyMatch | null {
  const exactCase = /\p{Lu}/u.test(word);
  const wanted = fold(word, exactCase).join('');
  const hay = fold(text.slice(0, MAX_TEXT), exactCase).join('');
  let best: FuzzyMatch | null = null;
  for (let at = hay.indexOf(wanted); at >= 0; at = hay.indexOf(wanted, at + 1)) {
    const score = MATCH * word.length + TOGETHER * (word.length - 1) + bonusAt(text, at) * FIRST_FACTOR;
    if (!best || score > best.score)
      best = { score, positions: Array.from({ length: word.length }, (_, offset) => at + offset) };
  }
  return best;
}

/** Upper case in the word makes its case count. Null when not all of its characters are there; an empty word is everywhere. */
export function matchFuzzy(word: string, text: string): FuzzyMatch | null {
  if (word === '') return { score: 0, positions: [] };
  const hay = text.slice(0, MAX_TEXT);
  const exactCase = /\p{Lu}/u.test(word);
  const wanted = fold(word, exactCase);
  const found = fold(hay, exactCase);
  const count = wanted.length;
  if (count > MAX_WORD || !isSubsequence(wanted, found)) return null;

  const length = found.length;
  const bonuses = Array.from(found, (_unit, at) => bonusAt(hay, at));
  // One row for each character wanted: the best score with that one found exactly here, and where the one before it was.
  const from: Int16Array[] = [];
  let previous: Float64Array | null = null;
  let runs = new Int16Array(length);
  for (let row = 0; row < count; row++) {
    const scores = new Float64Array(length).fill(-Infinity);
    const origins = new Int16Array(length).fill(-1);
    const nextRuns = new Int16Array(length);
    // The best of the row before, at least one character back, less what the gap has cost so far.
    let reach = -Infinity;
    let reachAt = -1;
    for (let at = row; at < length; at++) {
      if (previous) {
        reach += GAP_MORE;
        const before = at >= 2 ? previous[at - 2]! + GAP_START : -Infinity;
        if (before > reach) {
          reach = before;
          reachAt = at - 2;
        }
      }
      if (found[at] !== wanted[row]) continue;
      const bonus = bonuses[at]!;
      if (!previous) {
        scores[at] = MATCH + bonus * FIRST_FACTOR;
        nextRuns[at] = bonus;
        continue;
      }
      const adjacent = at >= 1 ? previous[at - 1]! : -Infinity;
      // Who goes on with a word that began well is as good as its beginning.
      const runBonus = adjacent === -Infinity ? 0 : Math.max(TOGETHER, bonus, runs[at - 1]!);
      const joined = adjacent + MATCH + runBonus;
      const apart = reach + MATCH + bonus;
      scores[at] = Math.max(joined, apart);
      if (scores[at] === -Infinity) continue;
      origins[at] = joined >= apart ? at - 1 : reachAt;
      nextRuns[at] = joined >= apart ? Math.max(runs[at - 1]!, bonus) : bonus;
    }
    from.push(origins);
    previous = scores;
    runs = nextRuns;
  }
  return best(previous!, from);
}

function best(scores: Float64Array, from: readonly Int16Array[]): FuzzyMatch | null {
  let end = -1;
  for (let at = 0; at < scores.length; at++) if (scores[at]! > (end < 0 ? -Infinity : scores[end]!)) end = at;
  if (end < 0) return null;
  const positions: number[] = [];
  for (let row = from.length - 1, at = end; row >= 0; at = from[row--]![at]!) positions.unshift(at);
  return { score: scores[end]!, positions };
}

/** Each code unit by itself, so that places stay places: a letter whose other case is longer is left as it is. */
function fold(text: string, exactCase: boolean): string[] {
  return Array.from({ length: text.length }, (_, at) => {
    const unit = text[at]!;
    if (exactCase) return unit;
    const lower = unit.toLowerCase();
    return lower.length === 1 ? lower : unit;
  });
}

function isSubsequence(wanted: readonly string[], found: readonly string[]): boolean {
  let next = 0;
  for (const unit of found) if (unit === wanted[next]) next++;
  return next >= wanted.length;
}

function bonusAt(text: string, at: number): number {
  if (!isWordPart(text[at]!)) return 0;
  if (at === 0 || !isWordPart(text[at - 1]!)) return BOUNDARY;
  const [before, here] = [text[at - 1]!, text[at]!];
  const isHump = /\p{Ll}/u.test(before) && /\p{Lu}/u.test(here);
  return isHump || (!/\d/.test(before) && /\d/.test(here)) ? CAMEL : 0;
}

/** Half a surrogate pair, too. */
function isWordPart(unit: string): boolean {
  return /[\p{L}\p{N}\p{M}\ud800-\udfff]/u.test(unit);
}

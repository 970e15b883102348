import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
} from 'yaml';
import { type Path, type Position, printable, quote } from './problem.ts';

/**
 * YAML text as plain values, with the place of every key and value; what an alias or a merge key brings in stands where that is written.
 * The tree is built here and not by the library's `toJS`, because positions must survive aliases and merge keys, and a hostile file must
 * end in one sentence instead of a stack trace.
 */
export type YamlTree = {
  value: unknown;
  keyAt(path: Path): Position;
  /** Falls back to the nearest enclosing value for a path that the text does not spell out. */
  valueAt(path: Path): Position;
  /** For what an alias or a merge key brings in: where its anchor has it. */
  originOf(path: Path, which: 'key' | 'value'): Position | undefined;
  /** How a scalar was written, when it was written without quotes: `1.10` is the number 1.1 but the text `1.10`. */
  plainSource(path: Path): string | undefined;
};

export type YamlProblem = Position & { message: string };

const MAX_DEPTH = 40;
const MAX_NODES = 20_000;

type Place = {
  key?: number | undefined;
  value: number;
  plain?: string;
  origin?: { key?: number | undefined; value: number };
};

/** `use`: where the alias stands that this is within; `depth`: of nested values. */
type Spot = { path: Path; keyOffset?: number | undefined; depth: number; use?: number | undefined };

/** A pair of a map that `<<` merges, and where the alias for that map stands. */
type Merged = { pair: Pair<Node | null, Node | null>; use: number | undefined };

/** `tree` is null when the text is not YAML at all; duplicate keys are problems that leave a tree (the first value counts). */
export function parseYamlTree(text: string): { tree: YamlTree | null; problems: YamlProblem[] } {
  const lines = new LineCounter();
  const problems: YamlProblem[] = [];
  const report = (offset: number, message: string) => problems.push({ ...positionOf(lines, offset), message });

  // uniqueKeys: the library compares every key with every other one; a large file of small keys would take minutes.
  const document = parse(text, lines);
  let hasVariable = false;
  if (!document) return { tree: null, problems: [{ line: 1, col: 1, message: 'nested too deeply' }] };
  for (const error of [...document.errors, ...document.warnings]) {
    if (error.code === 'RESOURCE_EXHAUSTION') {
      return { tree: null, problems: [{ ...positionOf(lines, error.pos[0]), message: 'nested too deeply' }] };
    }
    // What follows on the line of a slip is mostly its consequence; what follows an open brace, to the end of the file.
    const { line } = positionOf(lines, error.pos[0]);
    if (problems.some((problem) => problem.line === line)) continue;
    const variable = unquotedVariable(text, error.pos[0]);
    if (variable) report(variable.offset, `within { } and [ ] a variable must be quoted: ${quote(variable.text)}`);
    else if (!hasVariable) report(error.pos[0], sentenceOf(error.code, error.message));
    hasVariable ||= variable !== null;
  }
  if (problems.length > 0) return { tree: null, problems };

  const places = new Map<string, Place>();
  const anchors = new Map<string, Node>();
  let count = 0;

  function build(node: Node | null | undefined, spot: Spot): unknown {
    const { path, keyOffset, depth, use } = spot;
    const written = node?.range?.[0] ?? keyOffset ?? 0;
    const offset = use ?? written;
    if (++count > MAX_NODES) throw new TooMuch(offset, `more than ${MAX_NODES} values (aliases count every time)`);
    if (depth > MAX_DEPTH) throw new TooMuch(offset, `nested more than ${MAX_DEPTH} levels deep`);
    const target = follow(node);
    const place: Place = { key: keyOffset === undefined ? undefined : (use ?? keyOffset), value: offset };
    if (use !== undefined) place.origin = { key: keyOffset, value: written };
    else if (isAlias(node)) place.origin = { value: target?.range?.[0] ?? written };
    places.set(placeKey(path), place);
    const within = { depth: depth + 1, use: use ?? aliasOffset(node) };
    if (isMap(target)) return buildMap(target, path, within);
    if (isSeq(target))
      return target.items.map((item, index) => build(item as Node | null, { ...within, path: [...path, index] }));
    if (!isScalar(target)) return null;
    if (target.type === Scalar.PLAIN && typeof target.source === 'string') place.plain = target.source;
    // Dates and binary data of YAML 1.1: no key of a layout takes them, their text is what the person meant.
    return typeof target.value === 'object' && target.value !== null ? String(target.source ?? '') : target.value;
  }

  function buildMap(map: YAMLMap, path: Path, within: Pick<Spot, 'depth' | 'use'>): Record<string, unknown> {
    const result: Record<string, unknown> = Object.create(null);
    const own = new Set<string>();
    const merged: Merged[] = [];
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const keyOffset = pair.key?.range?.[0] ?? map.range?.[0] ?? 0;
      if (isMergeKey(pair)) {
        merged.push(...pairsToMerge({ pair, use: within.use }, within.depth - 1));
        continue;
      }
      const name = nameOf(pair.key);
      if (name === null) report(keyOffset, 'a key must be plain text');
      else if (name === '__proto__') report(keyOffset, 'unknown key "__proto__"');
      else if (own.has(name)) report(keyOffset, `duplicate key ${quote(name)}`);
      else {
        own.add(name);
        result[name] = build(pair.value, { ...within, path: [...path, name], keyOffset });
      }
    }
    for (const { pair, use } of merged) {
      const name = nameOf(pair.key);
      if (name === null || name === '__proto__' || Object.hasOwn(result, name)) continue;
      const keyOffset = pair.key?.range?.[0];
      result[name] = build(pair.value, { path: [...path, name], keyOffset, depth: within.depth, use });
    }
    return result;
  }

  /** The pairs that `<<` brings in: of one map or of a list of maps, the first having precedence. */
  function pairsToMerge({ pair, use }: Merged, depth: number): Merged[] {
    const offset = pair.key?.range?.[0] ?? 0;
    if (depth > MAX_DEPTH) throw new TooMuch(offset, `nested more than ${MAX_DEPTH} levels deep`);
    const value = follow(pair.value);
    const outer = use ?? aliasOffset(pair.value);
    const nodes = isSeq(value) ? (value.items as (Node | null)[]) : [pair.value];
    const pairs: Merged[] = [];
    for (const node of nodes) {
      const map = isSeq(value) ? follow(node) : value;
      if (!isMap(map)) {
        // Of an unknown alias has been told.
        if (map !== null || !isAlias(node)) report(offset, '"<<" merges maps: write <<: *anchor');
        continue;
      }
      const inner = outer ?? aliasOffset(node);
      for (const item of map.items as Pair<Node | null, Node | null>[]) {
        if (++count > MAX_NODES) throw new TooMuch(offset, `more than ${MAX_NODES} values (aliases count every time)`);
        if (isMergeKey(item)) pairs.push(...pairsToMerge({ pair: item, use: inner }, depth + 1));
        else pairs.push({ pair: item, use: inner });
      }
    }
    return pairs;
  }

  /** The node an alias stands for. Anchors are noted on the way, since they come before their aliases. */
  function follow(node: Node | null | undefined): Node | null {
    if (!node) return null;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) report(node.range?.[0] ?? 0, `unknown alias ${quote(`*${node.source}`)}`);
      return target ?? null;
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) anchors.set(node.anchor, node);
    return node;
  }

  let value: unknown;
  try {
    value = build(document.contents, { path: [], depth: 0 });
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { tree: null, problems: [{ ...positionOf(lines, error.offset), message: error.message }] };
  }
  function valueAt(path: Path): Position {
    for (let length = path.length; length > 0; length--) {
      const place = places.get(placeKey(path.slice(0, length)));
      if (place) return positionOf(lines, place.value);
    }
    return positionOf(lines, places.get(placeKey([]))?.value ?? 0);
  }
  const tree: YamlTree = {
    value,
    valueAt,
    keyAt(path) {
      const place = places.get(placeKey(path));
      return place?.key === undefined ? valueAt(path) : positionOf(lines, place.key);
    },
    originOf(path, which) {
      const offset = places.get(placeKey(path))?.origin?.[which];
      return offset === undefined ? undefined : positionOf(lines, offset);
    },
    plainSource: (path) => places.get(placeKey(path))?.plain,
  };
  return { tree, problems };
}

class TooMuch extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Null when the text is nested so deeply that even the library's own guard gave up. */
function parse(text: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, keepSourceTokens: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `${VAR}` without quotes where its brace is YAML's: all of the word, and where it begins; null where something else is wrong. */
function unquotedVariable(text: string, brace: number): { text: string; offset: number } | null {
  if (text[brace] !== '{' || text[brace - 1] !== '$') return null;
  const before = /[^\s,[\]{}]*$/.exec(text.slice(Math.max(0, brace - 60), brace))?.[0] ?? '';
  const after = /^\{[^{}\n]*\}[^\s,[\]{}]*/.exec(text.slice(brace, brace + 60))?.[0] ?? '{…}';
  return { text: before + after, offset: brace - before.length };
}

function sentenceOf(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file must be one YAML document: remove what follows "---"';
  return printable(message.split('\n')[0] ?? message);
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), col: Math.max(1, col) };
}

function isMergeKey(pair: Pair<Node | null, Node | null>): boolean {
  return isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === Scalar.PLAIN;
}

/** Numbers and booleans as keys are taken as they were written; a map or nothing is no name. */
function nameOf(key: Node | null): string | null {
  if (!isScalar(key) || key.value === null) return null;
  return typeof key.value === 'string' ? key.value : String(key.source ?? key.value);
}

function aliasOffset(node: Node | null | undefined): number | undefined {
  return isAlias(node) ? node.range?.[0] : undefined;
}

function placeKey(path: Path): string {
  return JSON.stringify(path);
}

import type { Path } from '../problem.ts';
import { notMapped, UNKNOWN_OPTION } from './imported-layout.ts';

/** A record of another tool's file. */
export type Foreign = Record<string, unknown>;

export function isForeign(value: unknown): value is Foreign {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Options that are taken one by one, so that none is forgotten: what nobody took is told at the end. A value of a kind that nobody expects
 * is told as well, and counts as absent.
 */
export type ForeignOptions = {
  has(name: string): boolean;
  /** Of the first of the names that is there; the others count as taken. */
  any(...names: string[]): unknown;
  /** An empty text counts as absent. */
  text(...names: string[]): string | undefined;
  number(...names: string[]): number | undefined;
  flag(...names: string[]): boolean | undefined;
  /** A text, or a list of texts. */
  texts(...names: string[]): string[] | undefined;
  record(...names: string[]): Foreign | undefined;
  /** A text or a list of texts, as it was written. */
  argumentList(...names: string[]): string | string[] | undefined;
  /** A map, or a list of NAME=value. */
  variables(...names: string[]): object | undefined;
  /** Tells of an option that cannot be mapped, when it is there. */
  refuse(why: string, ...names: string[]): void;
  note(text: string): void;
  notes: string[];
  /** Tells of every option that has not been taken. */
  finish(reasons?: Readonly<Record<string, string>>): string[];
};

/** `prefix`: what stands before the names in remarks, as in `availability.restart`. */
export function createForeignOptions(record: Foreign, prefix = '', notes: string[] = []): ForeignOptions {
  const taken = new Set<string>();

  function find<T>(names: string[], read: (value: unknown) => T | undefined, expected: string): T | undefined {
    let found: T | undefined;
    for (const name of names) {
      taken.add(name);
      const value = record[name];
      if (value === undefined || value === null || found !== undefined) continue;
      found = read(value);
      if (found === undefined) notes.push(notMapped(prefix + name, `${expected} was expected`));
    }
    return found;
  }

  return {
    notes,
    note: (text) => notes.push(text),
    has: (name) => record[name] !== undefined && record[name] !== null,
    any: (...names) => find(names, (value) => value, ''),
    text: (...names) => find(names, textOf, 'a text')?.replace(/^\s+$/, '') || undefined,
    number: (...names) => find(names, numberOf, 'a number'),
    flag: (...names) => find(names, flagOf, 'true or false'),
    texts: (...names) =>
      find(names, textsOf, 'a text or a list of texts')?.filter((text) => text.trim() !== '' && !text.includes('\0')),
    argumentList: (...names) =>
      find(names, (value) => (Array.isArray(value) ? textsOf(value) : textOf(value)), 'a text or a list of texts'),
    variables: (...names) =>
      find(names, (value) => (typeof value === 'object' && value !== null ? value : undefined), 'a map or a list'),
    record: (...names) => find(names, (value) => (isForeign(value) ? value : undefined), 'a map'),
    refuse(why, ...names) {
      for (const name of names) {
        taken.add(name);
        const value = record[name];
        if (value !== undefined && value !== null && value !== false) notes.push(notMapped(prefix + name, why));
      }
    },
    finish(reasons = {}) {
      for (const name of Object.keys(record)) {
        if (taken.has(name)) continue;
        const isKnown = Object.hasOwn(reasons, name);
        // What is switched off needs no counterpart.
        if (isKnown && record[name] === false) continue;
        notes.push(notMapped(prefix + name, isKnown ? reasons[name]! : UNKNOWN_OPTION));
      }
      return notes;
    },
  };
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' || value === 'false' ? value === 'true' : undefined;
}

function textsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) {
    const text = textOf(value);
    return text === undefined ? undefined : [text];
  }
  const texts = value.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** What an importer reads, and the facts about this machine that it asks for; replaced in tests. */
export type ForeignSource = {
  /** As the user wrote it. */
  file: string;
  /** Absolute; where the file is. */
  directory: string;
  /** The file's text; empty when it was run to get the value. */
  text: string;
  /** What the file says as plain values; null for a format of its own. */
  value: unknown;
  machine: Machine;
  /** Ends the import with `file:line:col: message`. */
  fail(at: Path, message: string): never;
};

export type Machine = {
  cpus: number;
  /** As Node names it: linux, darwin, win32 … */
  platform: string;
  /** Absolute path; `program`: a file that may be executed. */
  kindOf(file: string): 'program' | 'file' | 'directory' | 'missing';
  /** NAME=value lines of a file; null when there is none. */
  readEnvFile(file: string): Record<string, string> | null;
};

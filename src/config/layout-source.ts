import path from 'node:path';
import type { Layout } from '../core/layout.ts';
import { type LoadOptions, MAX_LAYOUT_BYTES } from './load-layout.ts';
import { findPreset, type LayoutSource } from './presets.ts';
import { readTextFile } from './text-file.ts';

/** Where the layout of a running session was read. */
export type SessionOrigin = { preset: string | null; profile: string | null; cwd: string };

/** A session's layout as it is now. `env`: what the variables in its file were expanded from; `defaults`: what else it was read with. */
export type RunningLayout = {
  layout: Layout;
  origin: SessionOrigin | null;
  env: Record<string, string>;
  defaults?: Omit<LoadOptions, 'source' | 'env' | 'profile' | 'cwd'>;
};

export type SourceText = {
  source: LayoutSource;
  /** The file of the layout or preset. */
  file: string;
  text: string;
  /** What its relative paths start from. */
  directory: string;
  profile: string | null;
  cwd: string;
};

/** The text that a session's layout came from, as it is now; null when it cannot be read any more. */
export function readSource(layout: Layout, origin: SessionOrigin | null): SourceText | null {
  const { preset, profile, cwd }: SessionOrigin = origin ?? { preset: null, profile: null, cwd: '/' };
  const source: LayoutSource = layout.file !== null ? { file: layout.file } : { preset: preset ?? layout.name };
  try {
    const file = 'file' in source ? source.file : findPreset(source.preset).file;
    const read = readTextFile(file, MAX_LAYOUT_BYTES);
    const directory = 'file' in source ? path.dirname(file) : cwd;
    return read.ok ? { source, file, text: read.text, directory, profile, cwd } : null;
  } catch {
    // A preset that this version does not have.
    return null;
  }
}

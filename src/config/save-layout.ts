import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { NonetError } from '../core/errors.ts';
import type { Layout, PaneSpec } from '../core/layout.ts';
import { diffLayouts, type LayoutDiff } from '../core/layout-diff.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { editSource } from './edit-source.ts';
import { gridSettings, occupiedGrid } from './grid-settings.ts';
import { createImportedLayout } from './import/imported-layout.ts';
import { writeLayout } from './import/write-layout.ts';
import { type RunningLayout, readSource, type SourceText } from './layout-source.ts';
import { loadLayout } from './load-layout.ts';
import { plainPane } from './new-pane.ts';
import { paneSettings, withoutInstance } from './pane-settings.ts';

/** `notes`: what a person should know of the file. */
export type SavedLayoutFile = { status: 'written' | 'exists'; file: string; notes: string[] };

/**
 * Writes a layout file that brings up what the session has now. It is the session's own file, with comments, variables and profiles, changed
 * where the session is; if that cannot be (it has changed, or is gone), one that says everything. Whatever is written has been read again
 * and compared before. A file that is there is written over only when told; it is then kept as `.bak`.
 */
export function saveLayout(
  running: RunningLayout,
  { file, overwrite }: { file: string; overwrite: boolean },
): SavedLayoutFile {
  if (!path.isAbsolute(file)) throw new NonetError('usage', `${file} is not an absolute path`);
  if (!existsSync(path.dirname(file))) {
    throw new NonetError('failed', `there is no directory ${path.dirname(file)}`, { hint: 'make it first' });
  }
  if (existsSync(file) && !overwrite) return { status: 'exists', file, notes: [] };
  const source = readSource(running.layout, running.origin);
  const { yaml, notes, isPrivate } =
    (source && fromSource(running, source, file)) ?? fromNothing(running, file, source !== null);
  try {
    writeFileAtomically(file, yaml);
    // As any file that a person makes would be, unless it has values that may be secrets.
    if (!isPrivate) chmodSync(file, 0o666 & ~process.umask());
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new NonetError('failed', `${file} cannot be written: ${code}`, { cause: error });
  }
  return { status: 'written', file, notes };
}

type Written = { yaml: string; notes: string[]; isPrivate: boolean };

/** Null when that does not bring up the same. */
function fromSource(running: RunningLayout, source: SourceText, file: string): Written | null {
  const edited = editSource(running, source, path.dirname(file));
  if (!edited) return null;
  const loaded = loadLayout({
    text: edited.yaml,
    source: { file },
    env: running.env,
    profile: source.profile,
    cwd: source.cwd,
    ...running.defaults,
  });
  if (!loaded.ok || !isSame(running.layout, loaded.layout)) return null;
  const profile = source.profile === null ? [] : [`bring it up with --env ${source.profile}`];
  return { ...edited, notes: [...profile, ...edited.notes], isPrivate: false };
}

function fromNothing(running: RunningLayout, file: string, hadSource: boolean): Written {
  const { layout, defaults } = running;
  const like = plainPane(running, path.dirname(file));
  const panes = layout.panes.map(withoutInstance);
  const names = panes.map(({ name }) => name);
  const yaml = writeLayout({
    ...createImportedLayout(),
    notes: ['saved by nonet from a running session'],
    head: {
      name: layout.name,
      grid: gridSettings(layout.grid, names),
      keys: layout.keys,
      mouse: layout.mouse ?? undefined,
      clipboard: layout.clipboard === 'focused' ? undefined : layout.clipboard,
      reload: layout.reload === 'manual' ? undefined : layout.reload,
    },
    panes: panes.map((spec) => ({ name: spec.name, settings: paneSettings(spec, like), notes: [] })),
  });
  const loaded = loadLayout({ text: yaml, source: { file }, env: {}, cwd: path.dirname(file), ...defaults });
  if (!loaded.ok || !isSame(layout, loaded.layout)) {
    const why = loaded.ok ? 'it would not bring up the same' : (loaded.problems[0]?.message ?? '');
    throw new NonetError('failed', `this session cannot be written as a layout file: ${why}`);
  }
  const notes = ['without comments and variables: values, also secret ones, are written out'];
  return { yaml, notes: hadSource ? ['its own file says something else now', ...notes] : notes, isPrivate: true };
}

/** All but the file's own name. Values of the environment may have changed in the file that they come from. */
function isSame(layout: Layout, loaded: Layout): boolean {
  const { added, removed, changed, session } = diffLayouts(comparable(layout), comparable(loaded));
  const isAllowed = ({ settings }: LayoutDiff['changed'][number]): boolean =>
    settings.every(({ setting }) => setting.startsWith('env '));
  return added.length + removed.length + session.length === 0 && changed.every(isAllowed);
}

function comparable(layout: Layout): Layout {
  const panes: PaneSpec[] = layout.panes.map((spec) => {
    const plain = withoutInstance(spec);
    // Written in another way, it is the same command.
    return { ...plain, command: plain.argv.join(' ') };
  });
  return { ...layout, name: '', file: null, panes, grid: occupiedGrid(layout.grid, panes.length) };
}

import fs from 'node:fs';
import path from 'node:path';
import { createPathMatcher } from '../core/path-glob.ts';
import type { WatchSettings } from '../core/supervision.ts';

/**
 * Tells which files below some paths have changed, some quiet time after the last change. One watch for each directory that is not ignored:
 * Node's own recursive watch knows no ignoring and would walk a million files of dependencies.
 */
export type FileWatch = { dispose(): void };

export type FileWatchDeps = {
  /** Changed files, relative to the path they were found under, in the order of their changes. */
  onChange: (files: string[]) => void;
  warn: (text: string) => void;
};

/** A user has some ten thousand of these on Linux, for everything. */
const MAX_DIRECTORIES = 2_000;
const MAX_FILES_TOLD = 100;
/** A path that is not there yet is looked for again. */
const RETRY_MS = 3_000;
/** Something that writes all the time must not put off the call for ever: after this many times the quiet time, it comes anyway. */
const MAX_DELAYS = 10;
/** Changes with every command that looks at a repository. */
const ALWAYS_IGNORED = ['.git'];

export function watchFiles({ paths, ignore, delayMs }: WatchSettings, { onChange, warn }: FileWatchDeps): FileWatch {
  const isIgnored = createPathMatcher([...ALWAYS_IGNORED, ...ignore]);
  const watchers = new Map<string, fs.FSWatcher>();
  const retries = new Set<NodeJS.Timeout>();
  const changed = new Set<string>();
  let quiet: NodeJS.Timeout | undefined;
  let firstMs = 0;
  let full = false;
  let disposed = false;

  for (const root of paths) void open(root, false);

  async function open(root: string, again: boolean): Promise<void> {
    try {
      const stat = await fs.promises.stat(root);
      // A single file is watched in its directory: editors put a new one in its place.
      if (stat.isDirectory()) await enter({ root, relative: '' });
      else add(path.dirname(root), (name) => name === path.basename(root) && tell(name));
      if (again && !disposed) tell(path.basename(root));
    } catch (error) {
      if (!again) warn(`cannot watch ${root}: ${wordsOf(error)}; it is looked for again`);
      if (disposed) return;
      const timer = setTimeout(() => {
        retries.delete(timer);
        void open(root, true);
      }, RETRY_MS);
      timer.unref();
      retries.add(timer);
    }
  }

  type Place = { root: string; relative: string };

  /** Watches a directory and what is in it. */
  async function enter({ root, relative }: Place): Promise<void> {
    const directory = path.join(root, relative);
    if (!add(directory, (name) => void look({ root, relative: path.join(relative, name) }))) return;
    for (const entry of await fs.promises.readdir(directory, { withFileTypes: true })) {
      const below = path.join(relative, entry.name);
      if (disposed) return;
      // One that goes meanwhile needs no watch.
      if (entry.isDirectory() && !isIgnored(below)) await enter({ root, relative: below }).catch(() => {});
    }
  }

  async function look({ root, relative }: Place): Promise<void> {
    if (isIgnored(relative)) return;
    tell(relative);
    const target = path.join(root, relative);
    const stat = await fs.promises.lstat(target).catch(() => null);
    if (disposed) return;
    if (!stat?.isDirectory()) leave(target);
    else if (!watchers.has(target)) await enter({ root, relative }).catch(() => {});
  }

  /** True when the directory was not watched before and is now. */
  function add(directory: string, onName: (name: string) => void): boolean {
    if (disposed || watchers.has(directory)) return false;
    if (watchers.size >= MAX_DIRECTORIES) {
      if (!full) warn(`more than ${MAX_DIRECTORIES} directories to watch: the rest is not; see \`watch.ignore\``);
      full = true;
      return false;
    }
    const watcher = fs.watch(directory, { persistent: false }, (_type, name) => {
      if (name !== null && name !== path.basename(directory)) onName(name);
      else if (!fs.existsSync(directory)) leave(directory);
      else if (name !== null) onName(name);
    });
    watcher.on('error', (error) => {
      warn(`cannot watch ${directory} any longer: ${wordsOf(error)}`);
      leave(directory);
    });
    watchers.set(directory, watcher);
    return true;
  }

  function leave(directory: string): void {
    for (const [watched, watcher] of watchers) {
      if (watched !== directory && !watched.startsWith(directory + path.sep)) continue;
      watcher.close();
      watchers.delete(watched);
    }
  }

  function tell(file: string): void {
    if (changed.size === 0) firstMs = performance.now();
    if (changed.size < MAX_FILES_TOLD) changed.add(file);
    clearTimeout(quiet);
    const leftMs = firstMs + delayMs * MAX_DELAYS - performance.now();
    quiet = setTimeout(flush, Math.max(0, Math.min(delayMs, leftMs)));
    quiet.unref();
  }

  function flush(): void {
    const files = [...changed];
    changed.clear();
    onChange(files);
  }

  return {
    dispose() {
      disposed = true;
      clearTimeout(quiet);
      for (const timer of retries) clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or directory';
  if (code === 'EACCES') return 'no permission';
  if (code === 'ENOSPC') return 'this user watches too many directories (fs.inotify.max_user_watches)';
  return message;
}

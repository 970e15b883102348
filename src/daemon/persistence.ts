import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeFileAtomically } from '../config/atomic-file.ts';
import { type SavedSessionFile, screenFileOf, writeSessionFile } from '../config/session-file.ts';
import type { Log } from './log.ts';

/**
 * Keeps on disk what brings the session back after a reboot or a crash of everything: the panes' wanted states, soon after each change, and
 * their screens with scrollback, now and then and at every orderly end. A disk that is full costs the newest save and nothing else.
 */
export type Persistence = {
  /** Something about a pane is different. */
  changed(): void;
  /** Writes everything now. Rejects with what the file system says. */
  save(): Promise<void>;
  /** The session ends. `deliberate`: somebody took it down, so it is not to come back by itself. What was wanted before counts. */
  close(deliberate: boolean): Promise<void>;
  dispose(): void;
};

export type PersistedPane = SavedSessionFile['panes'][number] & { pane: number; scrollback: number };
export type PersistedSession = Omit<SavedSessionFile, 'version' | 'savedAt' | 'closed' | 'panes'> & {
  panes: PersistedPane[];
};

export type PersistenceDeps = {
  /** Of the session's state. */
  directory: string;
  /** Null while there is nothing to keep. */
  read(): PersistedSession | null;
  /** The pane's screen and up to `lines` lines of its scrollback, as text with SGR; null when it has none. */
  capture(pane: number, lines: number): Promise<string | null>;
  /** When the pane last drew anything, ms since 1970; 0 for never. */
  lastOutputAt(): Promise<ReadonlyMap<number, number>>;
  log: Log;
};

const WRITE_DELAY_MS = 500;
/** One pane's screen at a time, so that the host is never busy for long. */
const SCREEN_INTERVAL_MS = 10_000;
/** Making text of more than this takes the host a noticeable moment. */
const AUTOSAVED_LINES = 2_000;
const MAX_LINES = 20_000;
/** A host that does not answer must not keep the session from ending. */
const CLOSE_PATIENCE_MS = 3_000;

export function createPersistence({ directory, read, capture, lastOutputAt, log }: PersistenceDeps): Persistence {
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let failing = false;
  let written = '';
  const savedAt = new Map<number, number>();
  let turn = 0;
  const screenTimer = setInterval(() => void saveNextScreen(), SCREEN_INTERVAL_MS);
  screenTimer.unref();

  function attempt(what: () => void): void {
    try {
      what();
      if (failing) log.info({}, 'the session can be saved again');
      failing = false;
    } catch (error) {
      // Told once, not for every change while the disk is full.
      if (!failing) log.error({ error: String(error) }, 'the session cannot be saved');
      failing = true;
    }
  }

  function writeState(isClosed: boolean): void {
    const session = read();
    if (!session) return;
    const { panes, ...rest } = session;
    const kept = panes.map(({ pane: _pane, scrollback: _scrollback, ...pane }) => pane);
    const content = JSON.stringify([rest, kept, isClosed]);
    if (content === written) return;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeSessionFile(directory, { ...rest, version: 1, savedAt: Date.now(), closed: isClosed, panes: kept });
    written = content;
  }

  async function saveScreen({ pane, name, scrollback }: PersistedPane, maxLines: number): Promise<void> {
    const text = await capture(pane, Math.min(scrollback, maxLines));
    if (text === null) return;
    const file = screenFileOf(directory, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileAtomically(file, text);
    savedAt.set(pane, Date.now());
  }

  /** The next pane that has drawn something since its screen was kept. */
  async function saveNextScreen(): Promise<void> {
    const panes = read()?.panes ?? [];
    if (closed || panes.length === 0) return;
    try {
      const drawnAt = await lastOutputAt();
      for (let i = 0; i < panes.length; i++) {
        const pane = panes[(turn + i) % panes.length]!;
        if ((drawnAt.get(pane.pane) ?? 0) <= (savedAt.get(pane.pane) ?? 0)) continue;
        turn = (turn + i + 1) % panes.length;
        await saveScreen(pane, AUTOSAVED_LINES);
        return;
      }
    } catch (error) {
      attempt(() => {
        throw error;
      });
    }
  }

  async function saveAllScreens(): Promise<void> {
    for (const pane of read()?.panes ?? []) {
      try {
        await saveScreen(pane, MAX_LINES);
      } catch (error) {
        attempt(() => {
          throw error;
        });
      }
    }
  }

  return {
    changed() {
      if (closed) return;
      timer ??= setTimeout(() => {
        timer = null;
        attempt(() => writeState(false));
      }, WRITE_DELAY_MS);
    },
    async save() {
      written = '';
      writeState(false);
      for (const pane of read()?.panes ?? []) await saveScreen(pane, MAX_LINES);
    },
    async close(deliberate) {
      if (closed) return;
      closed = true;
      if (timer) clearTimeout(timer);
      attempt(() => writeState(deliberate));
      await Promise.race([saveAllScreens(), delay(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
    },
    dispose() {
      closed = true;
      if (timer) clearTimeout(timer);
      clearInterval(screenTimer);
    },
  };
}

/** A pane has another name: the screen that was kept of it has, too. */
export function moveSavedScreen(directory: string, before: string, paneName: string): void {
  try {
    renameSync(screenFileOf(directory, before), screenFileOf(directory, paneName));
  } catch {
    // None was kept yet; the next one has the new name.
  }
}

/** The screen that a pane had when it was kept, empty for none. */
export function readSavedScreen(directory: string, paneName: string): string {
  try {
    return readFileSync(screenFileOf(directory, paneName), 'utf8');
  } catch {
    return '';
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSessionFile, screenFileOf, sessionFileOf } from '../../src/config/session-file.ts';
import { createPersistence, type PersistedSession, readSavedScreen } from '../../src/daemon/persistence.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-persistence-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function session(wanted: 'up' | 'down' = 'up'): PersistedSession {
  return {
    session: 'work',
    layout: { file: '/project/nonet.yaml', preset: null },
    profile: null,
    scaled: {},
    cwd: '/project',
    panes: [
      { pane: 1, name: '../a', wanted, state: 'running', restarts: 2, command: 'claude', scrollback: 100 },
      { pane: 2, name: 'b', wanted: 'down', state: 'stopped', restarts: 0, command: 'codex', scrollback: 100 },
    ],
  };
}

function open(read: () => PersistedSession | null) {
  const errors: unknown[] = [];
  const persistence = createPersistence({
    directory,
    read,
    capture: async (pane) => `screen of ${pane}\n`,
    lastOutputAt: async () => new Map(),
    log: {
      trace: () => {},
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (...args: unknown[]) => void errors.push(args),
    },
  });
  return { persistence, errors };
}

describe('a session on disk', () => {
  it('is written soon after a change, privately, with what every pane is wanted to be', async () => {
    const { persistence } = open(() => session());
    persistence.changed();
    await waitUntil('the state to be written', () => readSessionFile(directory) !== null);
    expect(readSessionFile(directory)).toMatchObject({
      session: 'work',
      closed: false,
      panes: [
        { name: '../a', wanted: 'up', restarts: 2 },
        { name: 'b', wanted: 'down' },
      ],
    });
    expect(statSync(sessionFileOf(directory)).mode & 0o777).toBe(0o600);
    persistence.dispose();
  });

  it('has the panes’ screens after a save, under names that stay in their folder', async () => {
    const { persistence } = open(() => session());
    await persistence.save();
    expect(readSavedScreen(directory, '../a')).toBe('screen of 1\n');
    expect(path.dirname(screenFileOf(directory, '../a'))).toBe(path.join(directory, 'screens'));
    expect(readSavedScreen(directory, 'never seen')).toBe('');
    persistence.dispose();
  });

  it('says at the end whether somebody took it down', async () => {
    const { persistence } = open(() => session());
    await persistence.close(true);
    expect(readSessionFile(directory)?.closed).toBe(true);
    const other = open(() => session());
    await other.persistence.close(false);
    expect(readSessionFile(directory)?.closed).toBe(false);
    for (const { dispose } of [persistence, other.persistence]) dispose();
  });

  it('tells once that it cannot be written, and is written again when it can', async () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'a file where the folder should be');
    const { persistence, errors } = open(() => session());
    await persistence.close(false);
    expect(errors).toHaveLength(1);
    rmSync(directory);
    const again = open(() => session());
    await again.persistence.save();
    expect(readSessionFile(directory)?.panes).toHaveLength(2);
    persistence.dispose();
    again.persistence.dispose();
  });

  it('is never half written, whenever the writer is killed', async () => {
    const file = path.join(directory, 'session.json');
    const writer = path.join(import.meta.dirname, '../fixtures/write-atomically.ts');
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { number, filler } = JSON.parse(readFileSync(file, 'utf8')) as { number: number; filler: string };
      expect(filler).toBe('x'.repeat(5000 + (number % 100)));
    }
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultSessionName, listSessionNames, resolvePaths, validateSessionName } from '../../src/config/paths.ts';

describe('the directories of a session', () => {
  test('follow the XDG variables', () => {
    const env = {
      HOME: '/h',
      XDG_RUNTIME_DIR: '/run/u',
      XDG_STATE_HOME: '/s',
      XDG_CONFIG_HOME: '/c',
      XDG_CACHE_HOME: '/k',
    };
    expect(resolvePaths({ env, session: 'team' })).toEqual({
      session: 'team',
      runtimeDirectory: '/run/u/nonet/team',
      daemonSocket: '/run/u/nonet/team/daemon.sock',
      hostSocket: '/run/u/nonet/team/host.sock',
      daemonLock: '/run/u/nonet/team/daemon.lock',
      hostLock: '/run/u/nonet/team/host.lock',
      stateDirectory: '/s/nonet',
      sessionStateDirectory: '/s/nonet/sessions/team',
      logDirectory: '/s/nonet/sessions/team/logs',
      paneLogDirectory: '/s/nonet/sessions/team/logs/panes',
      daemonLog: '/s/nonet/sessions/team/logs/daemon.log',
      hostLog: '/s/nonet/sessions/team/logs/host.log',
      clientLog: '/s/nonet/sessions/team/logs/client.log',
      configDirectory: '/c/nonet',
      cacheDirectory: '/k/nonet',
    });
  });

  test.each([{}, { XDG_RUNTIME_DIR: '', XDG_STATE_HOME: 'relative', XDG_CONFIG_HOME: './c', XDG_CACHE_HOME: '' }])(
    'fall back to the home, also for a variable that is not absolute',
    (xdg) => {
      expect(resolvePaths({ env: { HOME: '/h', ...xdg }, session: 'a' })).toMatchObject({
        runtimeDirectory: '/h/.local/state/nonet/run/a',
        stateDirectory: '/h/.local/state/nonet',
        configDirectory: '/h/.config/nonet',
        cacheDirectory: '/h/.cache/nonet',
      });
    },
  );

  test('are refused when no socket can be in them', () => {
    const paths = (length: number, platform: NodeJS.Platform) => {
      const rest = '/nonet/s/daemon.sock'.length;
      return resolvePaths({ env: { XDG_RUNTIME_DIR: `/${'x'.repeat(length - rest - 1)}` }, session: 's', platform });
    };
    expect(Buffer.byteLength(paths(107, 'linux').daemonSocket)).toBe(107);
    expect(() => paths(108, 'linux')).toThrow(
      expect.objectContaining({
        code: 'socket-path-too-long',
        message: expect.stringMatching(/\/nonet\/s\/daemon\.sock has 108 bytes; at most 107/),
      }),
    );
    expect(Buffer.byteLength(paths(103, 'darwin').daemonSocket)).toBe(103);
    expect(() => paths(104, 'darwin')).toThrow(expect.objectContaining({ code: 'socket-path-too-long' }));
    const umlauts = { XDG_RUNTIME_DIR: `/${'ä'.repeat(50)}` };
    expect(() => resolvePaths({ env: umlauts, session: 's' })).toThrow(
      expect.objectContaining({ code: 'socket-path-too-long' }),
    );
  });
});

describe('the name of a session', () => {
  test.each(['a', '9', 'my-app', 'v1.2_x', 'A'.repeat(64)])('can be %s', (name) => {
    expect(() => validateSessionName(name)).not.toThrow();
  });
  test.each(['', '.', '..', '-a', '.a', 'a/b', 'a b', 'é', 'a\n', 'A'.repeat(65)])('cannot be %j', (name) => {
    expect(() => validateSessionName(name)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('1 to 64 letters, digits') }),
    );
    expect(() => resolvePaths({ env: { HOME: '/h' }, session: name })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });

  test.each([
    ['/srv/my-app', 'my-app'],
    ['/srv/My App (2)', 'My-App-2'],
    ['/srv/.config', 'config'],
    ['/srv/Müllér', 'Muller'],
    ['/srv/日本', 'nonet-qmsg4k'],
    ['/srv/名前', 'nonet-1cadmz3'],
    ['/srv/app 한국', 'app-1e0jktb'],
    ['/srv/…(1)', '1'],
    ['/', 'nonet'],
    ['/srv/a..', 'a'],
    [`/srv/${'x'.repeat(100)}`, 'x'.repeat(64)],
  ])('of %s is %s', (cwd, name) => {
    expect(defaultSessionName(cwd)).toBe(name);
    expect(() => validateSessionName(name)).not.toThrow();
  });
});

test('sessions are the directories that could be sessions', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'nonet-paths-'));
  try {
    expect(listSessionNames({ XDG_RUNTIME_DIR: root })).toEqual([]);
    for (const name of ['b', 'a', '.hidden', 'not ok']) mkdirSync(path.join(root, 'nonet', name), { recursive: true });
    writeFileSync(path.join(root, 'nonet', 'file'), '');
    expect(listSessionNames({ XDG_RUNTIME_DIR: root })).toEqual(['a', 'b']);
    expect(listSessionNames({ XDG_RUNTIME_DIR: path.join(root, 'nonet', 'file') })).toEqual([]);
    symlinkSync(path.join(root, 'loop'), path.join(root, 'loop'));
    expect(() => listSessionNames({ XDG_RUNTIME_DIR: path.join(root, 'loop') })).toThrow(/cannot be read \(ELOOP\)/);
  } finally {
    rmSync(root, { recursive: true });
  }
});

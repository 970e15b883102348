import { describe, expect, test } from 'vitest';
import { paneEnvironment } from '../../src/config/pane-environment.ts';

function environmentOf(base: Record<string, string | undefined>, env: Record<string, string | null> = {}) {
  return paneEnvironment({
    base,
    spec: { name: 'planner', cwd: '/srv', env },
    pane: 3,
    session: 'team',
    version: '1.2.3',
  });
}

const own = {
  COLORTERM: 'truecolor',
  NONET_PANE: '3',
  NONET_PANE_NAME: 'planner',
  NONET_SESSION: 'team',
  PWD: '/srv',
  TERM: 'xterm-256color',
  TERM_PROGRAM: 'nonet',
  TERM_PROGRAM_VERSION: '1.2.3',
};

test('a pane knows its terminal, session, number, name and directory', () => {
  expect(environmentOf({})).toEqual(own);
});

test('the person’s environment is kept, undefined values are not', () => {
  const base = {
    HOME: '/h',
    LANG: 'C.UTF-8',
    SSH_AUTH_SOCK: '/s',
    WINDOW: 'mine',
    TERMINFO: '/usr/share/terminfo',
    npm_config_registry: 'r',
    X: undefined,
  };
  const { X: _, ...kept } = base;
  expect(environmentOf(base)).toEqual({ ...own, ...kept });
});

test.each([
  'TMUX TMUX_PANE STY ZELLIJ ZELLIJ_SESSION_NAME ZELLIJ_PANE_ID ABDUCO_SESSION BYOBU_TTY',
  'KITTY_WINDOW_ID KITTY_LISTEN_ON GHOSTTY_RESOURCES_DIR WEZTERM_PANE ITERM_SESSION_ID ITERM_PROFILE VTE_VERSION WT_SESSION',
  'ALACRITTY_WINDOW_ID LC_TERMINAL LC_TERMINAL_VERSION KONSOLE_VERSION TERM_SESSION_ID WINDOWID TILIX_ID XTERM_VERSION',
  'COLUMNS LINES TERMCAP COLORFGBG VSCODE_INJECTION VSCODE_NONCE VSCODE_SHELL_INTEGRATION CLAUDECODE NONET_LAYOUTS NODE_CHANNEL_FD',
])('traces of what is around nonet are gone: %s', (names) => {
  const base = Object.fromEntries(names.split(' ').map((name) => [name, 'x']));
  expect(
    environmentOf({ ...base, TERM: 'tmux-256color', TERM_PROGRAM: 'vscode', COLORTERM: '24bit', NONET_PANE: '7' }),
  ).toEqual(own);
});

test('only inside screen is WINDOW screen’s, and only a terminal’s own TERMINFO goes', () => {
  expect(environmentOf({ STY: '1.x', WINDOW: '0', TERMINFO: '/usr/lib/kitty/terminfo' })).toEqual(own);
});

describe('started through npm', () => {
  const npm = {
    npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js',
    npm_lifecycle_event: 'start',
    npm_node_execpath: '/usr/bin/node',
    npm_package_name: 'nonet',
    npm_config_cache: '/h/.npm',
    INIT_CWD: '/p',
    NODE: '/usr/bin/node',
    COLOR: '0',
    EDITOR: 'vi',
  };
  const run =
    '/p/node_modules/.bin:/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin';

  test('a pane sees the environment from before npm', () => {
    expect(environmentOf({ ...npm, PATH: `${run}:/usr/bin:/bin` })).toEqual({ ...own, PATH: '/usr/bin:/bin' });
  });

  test('also through npm in npm', () => {
    const nested = `/q/node_modules/.bin${run.slice('/p/node_modules/.bin'.length)}`;
    expect(environmentOf({ ...npm, PATH: `${nested}:${run}:/usr/bin` })['PATH']).toBe('/usr/bin');
  });

  test('entries of the person’s own that look like npm’s stay', () => {
    expect(environmentOf({ ...npm, PATH: `${run}:/h/node_modules/.bin:/usr/bin:/z/node_modules/.bin` })['PATH']).toBe(
      '/h/node_modules/.bin:/usr/bin:/z/node_modules/.bin',
    );
    expect(environmentOf({ PATH: `${run}:/bin` })['PATH']).toBe(`${run}:/bin`);
  });

  test('a manager without node-gyp-bin puts its directories first, too', () => {
    expect(environmentOf({ ...npm, PATH: '/p/node_modules/.bin:/bin:./node_modules/.bin' })['PATH']).toBe(
      '/bin:./node_modules/.bin',
    );
  });

  test('NODE_OPTIONS, NODE and EDITOR stay when they are the person’s own', () => {
    const mine = { NODE_OPTIONS: '--max-old-space-size=99', NODE: '/opt/node', EDITOR: 'nano' };
    expect(environmentOf({ ...npm, ...mine })).toEqual({ ...own, ...mine });
    const npms = { NODE_OPTIONS: '--x', npm_config_node_options: '--x' };
    expect(environmentOf({ ...npm, ...npms })).toEqual(own);
  });
});

test('the layout has the last word, and null removes', () => {
  const env = environmentOf(
    { A: '1', B: '2', HOME: '/h' },
    { A: 'layout', B: null, TERM: 'vt100', NEW: '', GONE: null },
  );
  expect(env).toEqual({ ...own, A: 'layout', HOME: '/h', TERM: 'vt100', NEW: '' });
});

test('the order is that of the names, whatever the order of the input', () => {
  const names = Object.keys(environmentOf({ b: '1', A: '2', a: '3' }, { c: '4', B: '5' }));
  expect(names).toEqual([...names].sort());
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the layout's own syntax
import { MAX_GRID } from '../layout-limits.ts';
import type { Path } from '../problem.ts';
import { createForeignOptions, type Foreign, type ForeignSource, isForeign, textOf } from './foreign-options.ts';
import { expandingDirectory, expandingText, variablesOf } from './foreign-variables.ts';
import { createImportedLayout, type ImportedLayout, notMapped, type Settings, type Value } from './imported-layout.ts';
import { createPaneNames } from './pane-names.ts';

const TMUX_OPTION = 'an option of tmux';
const reasons: Readonly<Record<string, string>> = {
  options: TMUX_OPTION,
  options_after: TMUX_OPTION,
  global_options: TMUX_OPTION,
  config: TMUX_OPTION,
  socket_name: 'a session of nonet has a socket of its own; see nonet -s NAME',
  socket_path: 'a session of nonet has a socket of its own; see nonet -s NAME',
  before_script: 'run it before `nonet up`',
  plugins: 'plugins of tmuxp',
  window_index: 'pages follow one another',
  focus: 'the first pane has the focus',
  suppress_history: 'the commands are not typed, so that no history gets them',
  target: TMUX_OPTION,
  title: 'a pane’s title is its name',
};

/** What a pane without commands runs, and what follows the commands of one that has some. */
const LOGIN_SHELL: Value = { expandable: '${SHELL:-/bin/sh} -l' };
const THEN_SHELL = 'exec "${SHELL:-/bin/sh}" -l';

type Window = {
  name: string;
  panes: { settings: Settings; notes: string[]; name: string | undefined }[];
  layout: string | undefined;
};

/** A workspace of tmuxp (tmuxp.git-pull.com/configuration). Each window becomes a page when their sizes allow it. */
export function importTmuxp(source: ForeignSource): ImportedLayout {
  const { value, fail } = source;
  if (!isForeign(value) || !Array.isArray(value['windows']) || value['windows'].length === 0)
    return fail(['windows'], 'there are no "windows": a list of windows with "panes" was expected');
  const layout = createImportedLayout();
  const options = createForeignOptions(value, '', layout.notes);
  options.any('windows');
  const inherited: Inherited = {
    directory: options.text('start_directory'),
    shell: undefined,
    before: commandsOf(options.any('shell_command_before'), layout.notes),
    environment: undefined,
  };
  const name = options.text('session_name');
  if (name !== undefined) layout.head['name'] = name;
  const env = variablesOf(options.variables('environment'), expandingText);
  options.finish(reasons);

  const windows = value['windows'].map((window, index) => {
    if (!isForeign(window)) return fail(['windows', index], 'a window is a map with "panes"');
    return readWindow(window, { at: ['windows', index], inherited, notes: layout.notes, index, fail });
  });
  const grid = gridOf(windows, layout.notes);
  if (grid !== undefined) layout.head['grid'] = grid;
  if (Object.keys(env).length > 0) layout.head['env'] = env;
  layout.head['defaults'] = { command: LOGIN_SHELL, restart: 'no' };
  const names = createPaneNames();
  for (const window of windows) {
    for (const [index, { name: title, settings, notes }] of window.panes.entries()) {
      const wanted = title ?? (window.panes.length > 1 ? `${window.name}-${index + 1}` : window.name);
      layout.panes.push({ name: names.add(wanted, []), settings, notes });
    }
  }
  return layout;
}

type Inherited = { directory: string | undefined; shell: string | undefined; before: string[]; environment: unknown };
type Place = { at: Path; inherited: Inherited; notes: string[]; index: number; fail: ForeignSource['fail'] };

function readWindow(window: Foreign, { at, inherited, notes, index, fail }: Place): Window {
  const options = createForeignOptions(window, `windows[${index}].`, notes);
  const panes = options.any('panes') ?? [null];
  if (!Array.isArray(panes)) fail([...at, 'panes'], '"panes" is a list');
  const own: Inherited = {
    directory: joinDirectory(inherited.directory, options.text('start_directory')),
    shell: options.text('window_shell'),
    before: [...inherited.before, ...commandsOf(options.any('shell_command_before'), notes)],
    environment: options.variables('environment'),
  };
  const name = options.text('window_name') ?? `window-${index + 1}`;
  const layout = options.text('layout');
  options.finish(reasons);
  const read = (panes as unknown[]).map((pane) => readPane(pane, own));
  return { name, layout, panes: read.length > 0 ? read : [readPane(null, own)] };
}

/** `blank`, `pane` and nothing are a shell; a text or a list is commands; a map says more. */
function readPane(pane: unknown, inherited: Inherited): Window['panes'][number] {
  const notes: string[] = [];
  const isBlank = pane === null || pane === 'blank' || pane === 'pane' || pane === '';
  const record: Foreign = isBlank ? {} : isForeign(pane) && pane['cmd'] === undefined ? pane : { shell_command: pane };
  const options = createForeignOptions(record, '', notes);
  const directory = joinDirectory(inherited.directory, options.text('start_directory'));
  const shell = options.text('shell') ?? inherited.shell;
  const before = [...inherited.before, ...commandsOf(options.any('shell_command_before'), notes)];
  const written = options.any('shell_command');
  const commands = written === 'blank' || written === 'pane' ? [] : commandsOf(written, notes);
  const env = variablesOf(options.variables('environment') ?? inherited.environment, expandingText);
  const name = options.text('title', 'name');
  if (options.flag('enter') === false) notes.push(notMapped('enter', 'false: the commands run at once'));
  options.refuse('the commands run one after the other', 'sleep_before', 'sleep_after');
  options.finish(reasons);
  const lines = [...before, ...commands];
  if (lines.length > 0 && shell !== undefined) notes.push(notMapped('shell', 'the commands run in /bin/sh'));
  const settings: Settings = {
    shell: lines.length > 0 ? [...lines, THEN_SHELL].join('\n') : shell,
    cwd: directory === undefined ? undefined : expandingDirectory(directory),
    env: Object.keys(env).length > 0 ? env : undefined,
  };
  return { name, settings, notes };
}

function commandsOf(value: unknown, notes: string[]): string[] {
  const commands: string[] = [];
  for (const item of value === undefined || value === null ? [] : [value].flat()) {
    const command = isForeign(item) ? textOf(item['cmd']) : textOf(item);
    if (isForeign(item)) {
      if (item['enter'] === false) notes.push(notMapped('enter', `false: ${JSON.stringify(command)} runs at once`));
      if (item['sleep_before'] !== undefined || item['sleep_after'] !== undefined)
        notes.push(notMapped('sleep_before, sleep_after', 'the commands run one after the other'));
    }
    if (command !== undefined && command.trim() !== '') commands.push(command);
  }
  return commands;
}

/** As tmuxp does it: a relative directory lies in the one above it. */
function joinDirectory(above: string | undefined, own: string | undefined): string | undefined {
  if (own === undefined || above === undefined || /^[/~$]/.test(own)) return own ?? above;
  return own === '.' || own === './' ? above : `${above.replace(/\/$/, '')}/${own.replace(/^\.\//, '')}`;
}

/** One grid is for all pages; undefined leaves nonet its own. */
function gridOf(windows: Window[], notes: string[]): Value | undefined {
  const [first] = windows as [Window, ...Window[]];
  const count = first.panes.length;
  if (windows.some(({ panes }) => panes.length !== count)) {
    notes.push(notMapped('windows', 'their panes are not equal in number; all stand in one row of pages'));
    return undefined;
  }
  if (windows.some(({ layout }) => layout !== first.layout))
    notes.push(notMapped('layout', `pages have one grid; it is that of the window ${JSON.stringify(first.name)}`));
  const grid = gridOfLayout(first.layout ?? 'tiled', count);
  if (grid !== undefined) return grid;
  notes.push(notMapped('layout', `${JSON.stringify(first.layout)} is not one of tmux’s five; the panes are tiled`));
  return gridOfLayout('tiled', count);
}

function gridOfLayout(layout: string, count: number): Value | undefined {
  const others = Array.from({ length: count - 1 }, (_, index) => `p${index + 2}`);
  const isWide = others.length > MAX_GRID;
  const cols = Math.min(MAX_GRID, Math.ceil(Math.sqrt(count)));
  const tiled = `${Math.min(MAX_GRID, Math.ceil(count / cols))}x${cols}`;
  if (count === 1) return '1x1';
  switch (layout) {
    case 'tiled':
      return tiled;
    case 'even-horizontal':
      return isWide ? tiled : `1x${count}`;
    case 'even-vertical':
      return isWide ? tiled : `${count}x1`;
    case 'main-horizontal':
    case 'main-horizontal-mirrored':
      return isWide ? tiled : { areas: [others.map(() => 'p1').join(' '), others.join(' ')] };
    case 'main-vertical':
    case 'main-vertical-mirrored':
      return isWide ? tiled : { areas: others.map((name) => `p1 ${name}`) };
    default:
      return undefined;
  }
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the layout's own syntax
import { parseChord } from '../../core/keys.ts';
import type { Path } from '../problem.ts';
import { createForeignOptions, type ForeignOptions, type ForeignSource, isForeign } from './foreign-options.ts';
import { variablesOf } from './foreign-variables.ts';
import { createImportedLayout, type ImportedLayout, notMapped, type Settings, type Value } from './imported-layout.ts';
import { createPaneNames, type PaneNames } from './pane-names.ts';
import { signalOf } from './signals.ts';

const OWN_SCREEN = 'how mprocs draws';

const reasons: Readonly<Record<string, string>> = {
  server: 'nonet’s command line talks to a running session without a port',
  hide_keymap_window: OWN_SCREEN,
  proc_list_width: OWN_SCREEN,
  proc_list_title: OWN_SCREEN,
  mouse_scroll_speed: OWN_SCREEN,
  keymap_procs: 'nonet has a prefix key; see `keys` of the layout',
  keymap_term: 'nonet has a prefix key; see `keys` of the layout',
  keymap_copy: 'nonet has a prefix key; see `keys` of the layout',
  on_init: 'nonet runs nothing when a session begins',
  on_all_finished: 'a session stays when its programs have ended',
  proc_log: 'nonet keeps the logs of each pane itself; see `nonet logs`',
  log_dir: 'nonet keeps the logs of each pane itself; see `nonet logs`',
  log: 'nonet keeps the logs of each pane itself; see `nonet logs`',
};

/** mprocs.yaml or mprocs.json (github.com/pvolok/mprocs, README and schemas/mprocs.json). */
export function importMprocs(source: ForeignSource): ImportedLayout {
  const value = chooseByPlatform(source.value, source.machine.platform);
  if (!isForeign(value) || !isForeign(value['procs']))
    return source.fail(['procs'], 'there are no "procs": a map of names and programs was expected');
  const layout = createImportedLayout();
  const options = createForeignOptions(value, '', layout.notes);
  const procs = options.record('procs') ?? {};
  layout.head['defaults'] = { restart: 'no', scrollback: scrollbackOf(options) };
  options.finish(reasons);
  const names = createPaneNames();
  const running = Object.entries(procs).filter(([, proc]) => proc !== null);
  const given = new Map<string, { name: string; notes: string[] }>();
  for (const [wanted] of running) {
    const notes: string[] = [];
    given.set(wanted, { name: names.add(wanted, notes), notes });
  }
  for (const [wanted, proc] of running) {
    const { name, notes } = given.get(wanted)!;
    layout.panes.push({ name, settings: settingsOf(proc, { at: ['procs', wanted], source, notes, names }), notes });
  }
  if (layout.panes.length === 0) source.fail(['procs'], 'there is no process in "procs"');
  return layout;
}

type ProcContext = { at: Path; source: ForeignSource; notes: string[]; names: PaneNames };

function settingsOf(proc: unknown, { at, source, notes, names }: ProcContext): Settings {
  if (typeof proc === 'string') return { shell: proc };
  if (Array.isArray(proc)) return { command: proc.map(String) };
  if (!isForeign(proc))
    return source.fail(at, 'a process is a command line, a list of words, or a map with "shell" or "cmd"');
  const options = createForeignOptions(proc, '', notes);
  const shell = options.text('shell');
  const words = options.argumentList('cmd');
  const cmd = words === undefined ? undefined : [words].flat();
  if (shell === undefined && !cmd?.[0]) source.fail(at, 'a process needs "shell" or "cmd"');
  const settings: Settings = {
    ...(shell !== undefined ? { shell } : { command: cmd! }),
    cwd: options.text('cwd')?.replace(/^<CONFIG_DIR>/, '.'),
    env: environmentOf(options),
    autostart: options.flag('autostart') === false ? false : undefined,
    restart: options.flag('autorestart') === true ? 'always' : undefined,
    depends_on: dependenciesOf(options, names),
    stop: stopOf(options),
    scrollback: scrollbackOf(options),
  };
  options.finish(reasons);
  return settings;
}

/** `{$select: os, linux: …, $else: …}` stands for one of its values. */
function chooseByPlatform(value: unknown, platform: string): unknown {
  if (Array.isArray(value)) return value.map((item) => chooseByPlatform(item, platform));
  if (!isForeign(value)) return value;
  if (value['$select'] !== 'os')
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, chooseByPlatform(child, platform)]));
  const os = platform === 'darwin' ? 'macos' : platform === 'win32' ? 'windows' : platform;
  return chooseByPlatform(value[os] ?? value['$else'] ?? null, platform);
}

function environmentOf(options: ForeignOptions): Settings | undefined {
  const env: Record<string, Value> = variablesOf(options.variables('env'), (text) => text);
  const more = options.texts('add_path') ?? [];
  if (more.length > 0) {
    const path = more.map((item) => item.replace(/^<CONFIG_DIR>/, '.').replace(/\$+(?=\{)/g, '$&$&'));
    env['PATH'] = { expandable: ['${PATH}', ...path].join(':') };
    if (path.some((item) => !item.startsWith('/')))
      options.note('add_path: a relative path counts from the directory that the program is in');
  }
  return Object.keys(env).length > 0 ? env : undefined;
}

function dependenciesOf(options: ForeignOptions, names: PaneNames): Value | undefined {
  const found: Settings[] = [];
  for (const wanted of options.texts('deps') ?? []) {
    const pane = names.of(wanted);
    if (pane === undefined) options.note(notMapped('deps', `there is no process ${JSON.stringify(wanted)}`));
    else found.push({ pane, condition: 'started' });
  }
  return found.length > 0 ? found : undefined;
}

function scrollbackOf(options: ForeignOptions): number | undefined {
  const lines = options.number('scrollback');
  return lines === undefined ? undefined : Math.min(Math.max(0, Math.trunc(lines)), 1_000_000);
}

/** A signal, `hard-kill`, or keys. */
function stopOf(options: ForeignOptions): Settings | undefined {
  const stop = options.any('stop');
  if (stop === undefined || stop === 'SIGTERM') return undefined;
  if (stop === 'hard-kill' || stop === 'SIGKILL') return { signal: 'SIGKILL' };
  if (typeof stop === 'string') {
    const signal = signalOf(stop);
    if (signal !== null) return { signal };
  }
  const keys = isForeign(stop) ? stop['send-keys'] : undefined;
  if (Array.isArray(keys)) {
    const chords = keys.map((key) => chordOf(String(key)));
    if (chords.every((chord) => chord !== null)) return { keys: chords };
  }
  options.note(notMapped('stop', `${JSON.stringify(stop)} is neither a signal nor keys that nonet knows`));
  return undefined;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ...{ cr: 'enter', return: 'enter', escape: 'esc', bs: 'backspace', del: 'delete', ins: 'insert' },
  ...{ pgup: 'pageup', pgdn: 'pagedown', pgdown: 'pagedown' },
};

/** `<C-c>` → ctrl+c, as vim and mprocs write keys. */
function chordOf(key: string): string | null {
  const inner = /^<(.+)>$/.exec(key)?.[1];
  if (inner === undefined) return parseChord(key) ? key : null;
  const parts = inner.split('-');
  const last = parts.pop()!.toLowerCase();
  const modifiers = parts.map((part) => ({ c: 'ctrl', a: 'alt', m: 'alt', s: 'shift' })[part.toLowerCase()]);
  if (modifiers.includes(undefined)) return null;
  const chord = [...modifiers, KEY_NAMES[last] ?? last].join('+');
  return parseChord(chord) ? chord : null;
}

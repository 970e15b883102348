import { usesAscii } from '../core/ascii-glyphs.ts';
import { sanitizeText } from '../core/display-text.ts';
import { createKeymap, type Keymap } from '../core/keymap.ts';
import { mergeKeys, type Settings } from '../core/settings.ts';
import { chooseTheme, chromePalette } from '../core/theme.ts';
import type { ChromeStyle } from './chrome-style.ts';
import type { OuterTerminal } from './outer-terminal.ts';
import { watchSettings } from './settings-watch.ts';
import type { Store } from './store.ts';
import type { NoticeKind } from './view-state.ts';

/** What follows from a person's configuration, the session's layout and the terminal: the keys, and how the chrome looks. */
export type OwnSettings = {
  readonly keymap: Keymap;
  /** The store has changed. */
  update(): void;
  /** The terminal has told something. */
  restyle(): void;
  dispose(): void;
};

export type OwnSettingsDeps = {
  store: Store;
  outer: Pick<OuterTerminal, 'facts'>;
  file: string;
  /** What was wrong with the file at the start. */
  problem: string | null;
  env: Readonly<Record<string, string | undefined>>;
  setStyle(style: ChromeStyle): void;
  onKeymap(keymap: Keymap): void;
};

const INFO_MS = 3000;
/** Whoever edits the file looks at the editor first. */
const PROBLEM_MS = 15_000;

export function createOwnSettings(deps: OwnSettingsDeps): OwnSettings {
  const { store, outer, env } = deps;
  let keymap = createKeymap({});
  let keySources: readonly unknown[] = [];
  let styled: Settings | null = null;

  const watch = watchSettings({
    file: deps.file,
    env,
    onChange(settings) {
      // First: what follows from it may be worth saying more.
      notify('the configuration has been read again', 'info');
      store.dispatch({ type: 'settings-changed', settings });
    },
    onProblem: (text) => notify(text, 'error'),
    onWarning: (text) => notify(text, 'warning'),
  });

  function notify(text: string, kind: NoticeKind): void {
    const forMs = kind === 'info' ? INFO_MS : PROBLEM_MS;
    store.dispatch({ type: 'notice-shown', text: sanitizeText(text), kind, forMs });
  }

  function updateKeymap(): void {
    const { session, view } = store.getState();
    if (!session.snapshot) return;
    const own = view.settings.keys;
    const { keys } = session.snapshot.layout;
    if (keySources[0] === own && keySources[1] === keys) return;
    const isReadAgain = keySources[0] !== own;
    const [told] = keymap.problems;
    keySources = [own, keys];
    keymap = createKeymap(mergeKeys(own, keys));
    deps.onKeymap(keymap);
    // Each file is checked when it is read: what is wrong now is wrong with the two together.
    const [problem] = keymap.problems;
    if (problem !== undefined && (isReadAgain || problem !== told)) notify(problem, 'warning');
  }

  function restyle(): void {
    const { settings } = store.getState().view;
    const { facts } = outer;
    styled = settings;
    const palette = chromePalette(chooseTheme(settings.theme, facts, env['COLORFGBG']), facts);
    deps.setStyle({ ascii: usesAscii(settings.borders, env), palette });
  }

  restyle();
  if (deps.problem !== null) notify(deps.problem, 'error');

  return {
    get keymap() {
      return keymap;
    },
    update() {
      updateKeymap();
      if (store.getState().view.settings !== styled) restyle();
    },
    restyle,
    dispose: watch.dispose,
  };
}

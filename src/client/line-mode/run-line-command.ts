import { didYouMean } from '../../config/did-you-mean.ts';
import { assertNever } from '../../core/assert-never.ts';
import { sanitizeText } from '../../core/display-text.ts';
import { parseChord } from '../../core/keys.ts';
import type { PaneView } from '../../core/session.ts';
import type { ActionResult } from '../../protocol/control.ts';
import type { RequestDaemon } from '../request-daemon.ts';
import { selectFocusedPane, selectPanes } from '../selectors.ts';
import type { Store } from '../store.ts';
import { helpLines, type LineCommand, parseLine } from './line-commands.ts';
import { paneLabel, paneSentence, sessionSentence, spokenLines } from './sentences.ts';

/** Carries out what is typed in line mode, one line after the other; every line is answered. */
export type LineRunner = {
  /** Resolves when it is done. */
  run(line: string): Promise<void>;
  /** The whole session, a line each. */
  list(): void;
};

export type LineRunnerDeps = {
  store: Store;
  requestDaemon: RequestDaemon;
  now(): number;
  say(sentence: string): void;
  detach(): void;
};

type Action = Extract<LineCommand, { name: 'start' | 'stop' | 'restart' | 'kill' }>['name'];

export function createLineRunner({ store, requestDaemon, now, say, detach }: LineRunnerDeps): LineRunner {
  let asked: { action: Action; view: PaneView } | null = null;

  function list(): void {
    const { session } = store.getState();
    const panes = selectPanes(store.getState());
    say(sessionSentence(session.snapshot?.session ?? '', panes));
    for (const view of panes) say(paneSentence(view, now()));
    sayFocus();
  }

  function sayFocus(): void {
    const view = selectFocusedPane(store.getState());
    say(view ? `focus is on ${paneLabel(view)}` : 'there is no pane');
  }

  /** By number or name; null after it has been said that there is none. */
  function find(word: string | null): PaneView | null {
    const panes = selectPanes(store.getState());
    const view =
      word === null
        ? selectFocusedPane(store.getState())
        : panes.find(({ pane, name }) => String(pane) === word || name === word);
    if (view) return view;
    const close =
      word === null
        ? ''
        : didYouMean(
            word,
            panes.map(({ name }) => name),
          );
    say(`there is no pane ${word === null ? '' : sanitizeText(word)}${close}`.trim());
    return null;
  }

  function focus(view: PaneView): void {
    store.dispatch({ type: 'focused', pane: view.pane });
    say(`focus is on ${paneSentence(view, now())}`);
  }

  function focusNext(): void {
    const panes = selectPanes(store.getState());
    const index = panes.findIndex(({ pane }) => pane === store.getState().view.focused);
    const next = panes[(index + 1) % Math.max(1, panes.length)];
    if (next) focus(next);
    else sayFocus();
  }

  async function read(view: PaneView, lines: number): Promise<void> {
    const pane = String(view.pane);
    const { text } = await requestDaemon('capture', { pane, format: 'text', scrollback: lines });
    const spoken = spokenLines(text, lines);
    if (spoken.length === 0) say(`${paneLabel(view)} shows nothing`);
    else {
      say(`${paneLabel(view)}, last ${spoken.length === 1 ? 'line' : `${spoken.length} lines`}:`);
      for (const line of spoken) say(line);
      say(`end of ${paneLabel(view)}`);
    }
  }

  /** What comes of it is told when it happens. */
  async function act(action: Action, view: PaneView): Promise<void> {
    const params = { panes: [String(view.pane)], wait: false };
    const results: ActionResult =
      action === 'restart'
        ? await requestDaemon('restart', { ...params, now: false })
        : await requestDaemon(action, params);
    for (const { ok, message } of results)
      say(`${paneLabel(view)}: ${ok ? `${action} asked for` : sanitizeText(message)}`);
  }

  async function perform(command: LineCommand): Promise<void> {
    switch (command.name) {
      case 'list':
        list();
        return;
      case 'help':
        for (const line of helpLines()) say(line);
        return;
      case 'detach':
        detach();
        return;
      case 'next':
        focusNext();
        return;
      case 'focus': {
        const view = find(command.pane);
        if (view) focus(view);
        return;
      }
      case 'read': {
        const view = find(command.pane);
        if (view) await read(view, command.lines);
        return;
      }
      case 'type': {
        const view = find(command.pane);
        if (!view) return;
        await requestDaemon('send', { pane: String(view.pane), text: command.text, enter: true });
        say(`typed into ${paneLabel(view)}`);
        return;
      }
      case 'keys': {
        const view = find(null);
        const bad = command.keys.find((key) => parseChord(key) === null);
        if (bad !== undefined)
          say(`${JSON.stringify(sanitizeText(bad))} is not a key; they are named like enter esc ctrl+c up`);
        else if (view) {
          await requestDaemon('send-keys', { pane: String(view.pane), keys: command.keys });
          say(`pressed in ${paneLabel(view)}`);
        }
        return;
      }
      case 'start':
      case 'restart':
      case 'stop':
      case 'kill': {
        const view = find(command.pane);
        if (!view) return;
        if (command.name === 'start' || command.name === 'restart') await act(command.name, view);
        else {
          asked = { action: command.name, view };
          say(`${command.name} ${paneLabel(view)}? y or n`);
        }
        return;
      }
      default:
        assertNever(command);
    }
  }

  return {
    list,
    async run(line) {
      const question = asked;
      asked = null;
      const answer = line.trim().toLowerCase();
      try {
        if (question && (answer === 'y' || answer === 'yes')) {
          await act(question.action, question.view);
          return;
        }
        if (question) say(`${question.action} called off`);
        if (answer === '' || (question && (answer === 'n' || answer === 'no'))) return;
        const parsed = parseLine(line);
        if (parsed.ok) await perform(parsed.command);
        else say(parsed.message);
      } catch (error) {
        say(`that did not work: ${sanitizeText(error instanceof Error ? error.message : String(error))}`);
      }
    },
  };
}

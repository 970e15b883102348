import { jumpToFound } from '../../core/copy-mode/copy-jump.ts';
import type { CopyKeys } from '../../core/copy-mode/copy-state.ts';
import { historyText, lineNumber } from '../../core/copy-mode/history-text.ts';
import type { Rect } from '../../core/geometry.ts';
import type { Keymap } from '../../core/keymap.ts';
import { compileQuery } from '../../core/query-pattern.ts';
import { type ClientEvent, MAX_COPIED_LENGTH } from '../../protocol/data.ts';
import { noticeRows } from '../chrome-masks.ts';
import type { Clock } from '../clock.ts';
import type { StandIn } from '../compositor.ts';
import type { Effect, FoundTarget } from '../input-effect.ts';
import { clipboardText } from '../outer-messages.ts';
import { acceptsInput, selectGeometry, selectPane } from '../selectors.ts';
import { sendPaste } from '../send-paste.ts';
import type { Store } from '../store.ts';
import type { NoticeKind } from '../view-state.ts';
import { createCopyBuffers } from './copy-buffers.ts';
import { runCopyCommand } from './copy-command.ts';
import { type CopyModes, createCopyModes, pageBack } from './copy-modes.ts';
import { createCopyMouse } from './copy-mouse.ts';
import { createScrollbackEditor, type ScrollbackEditorDeps } from './scrollback-editor.ts';

/** Copy mode as the client has it: panes, mouse, where copied text goes, pasting it, and the editor. */
export type CopyMode = Pick<CopyModes, 'onFrame' | 'hostLost'> & {
  /** Carries out what the routers want of copy mode. */
  run(effect: CopyModeEffect): void;
  /** The commands of keys. */
  enter(pane: number): void;
  enterPageUp(pane: number): void;
  paste(pane: number): void;
  edit(pane: number): void;
  /** What was copied last, here or in another client; null for nothing. */
  readonly copied: string | null;
  /** The host tells what was copied last in any client. */
  onShared(text: string): void;
  /** There is a host to share with. */
  hostUp(): void;
  /** The store has changed. */
  update(): void;
  /** The terminal is an editor's. */
  readonly editing: boolean;
  dispose(): void;
};

export type CopyModeEffect = Extract<
  Effect,
  { type: 'copy-key' | 'copy-paste' | 'select' | 'scroll-pane' | 'show-found' }
>;

export type CopyModeDeps = {
  store: Store;
  clock: Clock;
  keymap: () => Keymap;
  send(event: ClientEvent): boolean;
  setStandIn(pane: number, image: StandIn | null): void;
  schedule(): void;
  /** Says something to the outer terminal. */
  say(text: string): void;
  env: ScrollbackEditorDeps['env'];
  suspend(then: () => void): void;
  resume(): void;
  /** Of copies that are opened from now on. */
  keys?: () => CopyKeys;
  /** Is given what is copied, on its standard input; empty for none. */
  copyCommand?: () => readonly string[];
};

/** Longer texts are more than terminals take (OSC 52), and would keep everything else waiting on a slow line. */
const MAX_CLIPBOARD_BYTES = 1_000_000;

export function createCopyMode(deps: CopyModeDeps): CopyMode {
  const { store, clock, keymap, send, say, copyCommand = () => [] } = deps;
  const buffers = createCopyBuffers();
  let isShared = true;
  const tell = (text: string, kind: NoticeKind = 'info'): void => store.dispatch({ type: 'notice-shown', text, kind });

  function rectOf(pane: number): Rect | null {
    const state = store.getState();
    const inner = selectGeometry(state).boxes.find((box) => box.pane === pane)?.inner;
    if (!inner || inner.width <= 0 || inner.height <= 0) return null;
    const hidden = noticeRows(state, keymap()).get(pane) ?? 0;
    return { ...inner, height: Math.max(1, inner.height - hidden) };
  }

  /** Longer texts stay with this client. */
  function share(text: string): void {
    isShared = text.length === 0 || text.length > MAX_COPIED_LENGTH || send({ event: 'copied', text });
  }

  function copied(text: string): void {
    buffers.add(text);
    share(text);
    const count = [...text].length;
    const bytes = Buffer.from(text);
    const fits = bytes.length <= MAX_CLIPBOARD_BYTES;
    if (fits) say(clipboardText(bytes.toString('base64')));
    const command = copyCommand();
    if (command.length > 0) runCopyCommand(command, text, (reason) => tell(reason, 'error'));
    const words = `copied ${count} character${count === 1 ? '' : 's'}`;
    const key = keymap().pressFor('paste');
    if (fits) tell(words);
    else tell(`${words}: too many for the terminal's clipboard${key ? `, ${key} pastes them` : ''}`, 'warning');
  }

  function showFound({ pane, query, ...target }: FoundTarget): void {
    const compiled = compileQuery(query);
    if (!compiled || 'problem' in compiled) return;
    // What is shown there now may be older than what was found.
    modes.leave(pane);
    const jump = { ...target, pattern: compiled.pattern, text: query.text };
    modes.act(pane, 'key', (state, snapshot) => jumpToFound(state, snapshot, jump));
  }

  const modes = createCopyModes({
    ...deps,
    onCopied: copied,
    sizeOf(pane) {
      const rect = rectOf(pane);
      return rect && { rows: rect.height, cols: rect.width };
    },
  });
  const mouse = createCopyMouse({ modes, clock, rectOf, onCopied: copied });
  const editor = createScrollbackEditor({ ...deps, onFailed: (reason) => tell(reason, 'error') });

  return {
    onFrame: modes.onFrame,
    hostLost: modes.hostLost,
    run(effect) {
      switch (effect.type) {
        case 'copy-key':
          modes.press(effect.pane, effect.event);
          return;
        case 'copy-paste':
          modes.paste(effect.pane, effect.text);
          return;
        case 'select':
          mouse.receive(effect.pane, effect.event);
          return;
        case 'scroll-pane':
          modes.scroll(effect.pane, effect.lines);
          return;
        case 'show-found':
          showFound(effect.target);
          return;
        default:
          effect satisfies never;
      }
    },
    enter: (pane) => modes.enter(pane, 'key'),
    enterPageUp: (pane) => modes.act(pane, 'key', pageBack),
    paste(pane) {
      const text = buffers.newest;
      const state = store.getState();
      const target = selectPane(state, pane);
      if (text === null) tell('nothing has been copied yet');
      else if (!target || !acceptsInput(target)) tell('nothing reads in this pane', 'warning');
      else if (state.view.paste) tell('another paste is still coming in', 'warning');
      else {
        // What is pasted is not to be read in copy mode.
        modes.leave(pane);
        sendPaste(send, pane, text);
      }
    },
    edit(pane) {
      modes.read(pane, (snapshot, row) => editor.open(historyText(snapshot), lineNumber(snapshot, row)));
    },
    get copied() {
      return buffers.newest;
    },
    onShared: buffers.add,
    hostUp() {
      if (!isShared && buffers.newest !== null) share(buffers.newest);
    },
    update: modes.update,
    get editing() {
      return editor.active;
    },
    dispose() {
      mouse.dispose();
      editor.dispose();
    },
  };
}

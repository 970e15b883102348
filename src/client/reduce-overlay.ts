import { assertNever } from '../core/assert-never.ts';
import type { KeyCommandName } from '../core/commands.ts';
import type { EditedLine } from '../core/line-edit.ts';
import { NOTHING_INSPECTED } from './inspect/inspect-view.ts';
import { type ListAction, openList, reduceList, searchedFor } from './lists/list-view.ts';
import type { Prompt } from './prompt.ts';
import type { ViewState } from './view-state.ts';

/** What opens above the panes, changes while it is open, and closes: questions, help, prompts, lists; and the modes of keys. */
export type OverlayAction =
  | { type: 'prefix-pressed' }
  | { type: 'confirm-asked'; command: KeyCommandName; pane: number }
  | { type: 'quit-asked' }
  | { type: 'help-opened' }
  | { type: 'resize-opened' }
  | { type: 'prompt-opened'; prompt: Prompt }
  | { type: 'prompt-edited'; line: EditedLine }
  | { type: 'help-filtered'; filter: string }
  | { type: 'help-scrolled'; scroll: number }
  | ListAction
  | { type: 'paste-asked'; panes: readonly number[]; text: string }
  /** Back to normal mode, whatever was open. */
  | { type: 'mode-left' };

/** The same object when nothing changes. */
export function reduceOverlay(view: ViewState, action: OverlayAction): ViewState {
  switch (action.type) {
    case 'prefix-pressed':
      // What the last key had to say is read, or never will be.
      return { ...view, mode: 'prefix', notice: null };
    case 'confirm-asked':
      return { ...view, mode: 'confirm', confirm: { command: action.command, pane: action.pane } };
    case 'quit-asked':
      return { ...view, mode: 'quit', confirm: null };
    case 'help-opened':
      return { ...view, mode: 'help', confirm: null, help: { filter: '', scroll: 0 } };
    case 'resize-opened':
      return view.mode === 'resize' ? view : { ...view, mode: 'resize', confirm: null };
    case 'prompt-opened':
      return { ...view, mode: 'prompt', confirm: null, prompt: action.prompt };
    case 'prompt-edited': {
      const { prompt } = view;
      return prompt && 'line' in prompt ? { ...view, prompt: { ...prompt, line: action.line } } : view;
    }
    case 'help-filtered':
      return { ...view, help: { filter: action.filter, scroll: 0 } };
    case 'help-scrolled':
      return action.scroll === view.help.scroll ? view : { ...view, help: { ...view.help, scroll: action.scroll } };
    case 'list-opened':
      return { ...view, mode: 'list', confirm: null, list: openList(action.kind, view.lastSearch) };
    case 'list-typed':
    case 'list-chosen':
    case 'list-regex-toggled':
    case 'list-accepting':
    case 'search-changed': {
      const list = view.list && reduceList(view.list, action);
      return list === view.list ? view : { ...view, list };
    }
    case 'paste-asked':
      return { ...view, mode: 'paste', confirm: null, heldPaste: { panes: action.panes, text: action.text } };
    case 'mode-left':
      if (view.mode === 'normal') return view;
      return {
        ...view,
        ...NOTHING_INSPECTED,
        mode: 'normal',
        confirm: null,
        list: null,
        prompt: null,
        heldPaste: null,
        lastSearch: searchedFor(view.list) ?? view.lastSearch,
      };
    default:
      return assertNever(action);
  }
}

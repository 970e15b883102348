import type { ReactNode } from 'react';
import { selectRedPanes } from '../client/broadcast.ts';
import type { ChromeRegion, ChromeTerminal } from '../client/chrome-terminal.ts';
import type { Clock } from '../client/clock.ts';
import { selectGeometry, selectPanes } from '../client/selectors.ts';
import type { ClientState, Store } from '../client/store.ts';
import { assertNever } from '../core/assert-never.ts';
import type { Geometry } from '../core/geometry.ts';
import type { Keymap } from '../core/keymap.ts';
import { type Chrome, ChromeContext } from './chrome-context.ts';
import { chromeParts, type PartContent } from './chrome-layout.ts';
import { Dialog } from './dialog.tsx';
import { createFigures } from './figures.ts';
import { Help } from './help.tsx';
import { createInkRoot, type InkRoot } from './ink-root.tsx';
import { List } from './list.tsx';
import { PaneInfo } from './pane-info.tsx';
import { PaneLogView } from './pane-log.tsx';
import { PaneNoticeLines } from './pane-notice-lines.tsx';
import { RenameBox } from './rename-box.tsx';
import { separatorCells } from './separators.ts';
import { StatusBar } from './status-bar.tsx';
import { Strip } from './strip.tsx';
import { createTicker } from './ticker.ts';
import { TitleLine } from './title-line.tsx';
import { TooSmall } from './too-small.tsx';

/**
 * The chrome: all that is not a pane's content, drawn with Ink into a terminal in memory, each part in a root and a region of its
 * own. Components only draw; keys, sockets and the real terminal are the client's.
 */
export type MountedChrome = {
  /** Resolves when all that has changed so far is drawn. */
  flush(): Promise<void>;
  /** Other keys from now on. */
  setKeymap(keymap: Keymap): void;
  unmount(): void;
};

export type MountChromeOptions = {
  store: Store;
  keymap: Keymap;
  terminal: ChromeTerminal;
  clock: Clock;
  /** Default true. Without it, weight, marks and words say everything. */
  color?: boolean;
  /** A component threw: the chrome is gone for good. */
  onError?(error: unknown): void;
};

/** Figures move in every second step of the ticker: nobody reads CPU and memory faster. */
const FIGURE_STEPS = 2;

export function mountChrome({
  store,
  keymap: firstKeymap,
  terminal,
  clock,
  color = true,
  onError,
}: MountChromeOptions): MountedChrome {
  const listeners = new Set<() => void>();
  const roots = new Map<string, { part: PartContent; region: ChromeRegion; ink: InkRoot }>();
  const figures = createFigures();
  const ticker = createTicker(clock, (nowMs, steps) => {
    const state = store.getState();
    if (steps % FIGURE_STEPS === 0) figures.step(selectPanes(state));
    const { notice } = state.view;
    if (notice && notice.until <= nowMs) store.dispatch({ type: 'notice-cleared' });
    emit();
  });
  let chrome: Chrome = {
    store,
    keymap: firstKeymap,
    ticker,
    figures,
    color,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  let drawn: { geometry: Geometry; focused: number; red: readonly number[] } | null = null;
  let shown: unknown[] = [];
  let failed = false;
  let unmounted = false;

  function emit(): void {
    for (const listener of [...listeners]) listener();
  }

  function followStore(): void {
    const state = store.getState();
    if (!shownChanged(state)) return;
    ticker.refresh();
    const { cols, rows } = state.view;
    if (cols !== terminal.grid.cols || rows !== terminal.grid.rows) terminal.resize(cols, rows);
    const geometry = selectGeometry(state);
    const { focused } = state.view;
    const red = selectRedPanes(state);
    if (geometry !== drawn?.geometry || focused !== drawn.focused || red !== drawn.red) {
      drawn = { geometry, focused, red };
      terminal.setBackground(separatorCells(geometry, focused, color, red));
    }
    placeRoots(state);
    emit();
  }

  /** Most changes are keys going down and up: those must not wait for us. */
  function shownChanged({ session, view }: ClientState): boolean {
    const { cols, rows, focused, zoomed, preview, notice, hostStatus, news, copies, usedRows, settings } = view;
    const place = [cols, rows, focused, zoomed, preview, view.marks, view.broadcast];
    const dialogs = [view.mode, view.confirm, view.help, view.list, view.prompt, view.heldPaste];
    const inspected = [view.info, view.log, view.rename];
    const next = [session, ...place, ...dialogs, ...inspected, notice, hostStatus, news, copies, usedRows, settings];
    if (next.every((part, i) => part === shown[i])) return false;
    shown = next;
    return true;
  }

  function placeRoots(state: ClientState): void {
    const parts = chromeParts(state, chrome.keymap);
    const keys = new Set(parts.map(({ key }) => key));
    for (const key of [...roots.keys()]) if (!keys.has(key)) closeRoot(key);
    for (const part of parts) {
      const present = roots.get(part.key);
      if (present) {
        present.region.place(part.rect);
        continue;
      }
      const region = terminal.openRegion(part);
      const ink = createInkRoot(elementOf(part), { region, terminal, onError: fail });
      roots.set(part.key, { part, region, ink });
    }
  }

  function elementOf(part: PartContent): ReactNode {
    return <ChromeContext value={chrome}>{partElement(part)}</ChromeContext>;
  }

  function closeRoot(key: string): void {
    const root = roots.get(key);
    roots.delete(key);
    root?.region.close();
    root?.ink.unmount();
  }

  function fail(error: unknown): void {
    if (failed || unmounted) return;
    failed = true;
    onError?.(error);
  }

  const unsubscribe = store.subscribe(followStore);
  followStore();

  return {
    async flush() {
      await Promise.all([...roots.values()].map(({ ink }) => ink.flush()));
    },
    setKeymap(keymap) {
      if (keymap === chrome.keymap || unmounted) return;
      // Another object, so that whatever has read it is drawn again.
      chrome = { ...chrome, keymap };
      placeRoots(store.getState());
      for (const { part, ink } of roots.values()) ink.update(elementOf(part));
    },
    unmount() {
      if (unmounted) return;
      unmounted = true;
      unsubscribe();
      ticker.dispose();
      for (const key of [...roots.keys()]) closeRoot(key);
    },
  };
}

function partElement(part: PartContent): ReactNode {
  switch (part.kind) {
    case 'title':
      return <TitleLine pane={part.pane} />;
    case 'notice':
      return <PaneNoticeLines pane={part.pane} />;
    case 'strip':
      return <Strip />;
    case 'status':
      return <StatusBar />;
    case 'help':
      return <Help />;
    case 'list':
      return <List />;
    case 'dialog':
      return <Dialog />;
    case 'info':
      return <PaneInfo />;
    case 'log':
      return <PaneLogView />;
    case 'rename':
      return <RenameBox />;
    case 'too-small':
      return <TooSmall />;
    default:
      return assertNever(part);
  }
}

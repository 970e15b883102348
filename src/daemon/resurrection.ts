import type { PaneSpec } from '../core/layout.ts';
import { createPaneState } from '../core/pane-state.ts';
import { ASKS_REASON } from '../core/session.ts';
import type { SavedPane } from '../supervisor/pane-supervisor.ts';

/** What a pane was when its session ended. */
export type ResurrectedPane = { name: string; wanted: 'up' | 'down'; restarts: number };

/** A pane that ran waits for somebody to say that it may run again, unless its layout has said so. */
export function resurrectedPane(spec: PaneSpec, before: ResurrectedPane | undefined): SavedPane {
  const state = { ...createPaneState(), restarts: before?.restarts ?? 0 };
  if (before?.wanted === 'up' && spec.resurrect === 'ask') {
    state.asks = true;
    state.reason = ASKS_REASON;
  }
  return { state, exits: [], program: null };
}

/** Whether it runs its command again by itself. */
export function startsAgain({ autostart, resurrect }: PaneSpec, before: ResurrectedPane | undefined): boolean {
  const wasUp = before?.wanted ?? (autostart ? 'up' : 'down');
  return wasUp === 'up' && resurrect === 'auto';
}

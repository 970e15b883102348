import type { ProcessIdentity } from './processes.ts';

/** What is needed of the host. */
export type PaneHost = {
  /** Resolves when a host is there to talk to. */
  ready(): Promise<void>;
  spawn(request: { pane: number; epoch: number }): Promise<ProcessIdentity>;
  typeKeys(pane: number, chords: readonly string[]): Promise<unknown>;
  /** The screen as text, with that many lines above it. */
  text(pane: number, scrollback: number): Promise<string>;
};

import type { Probe } from '../core/supervision.ts';

/** Looks at a program once. Never throws: whatever goes wrong is a failed look that says why. */
export type ProbeRunner = {
  /** Ends within `timeoutMs`, with whatever it started. `signal` calls it off. */
  run(probe: Probe, look: { pane: number; timeoutMs: number; signal: AbortSignal }): Promise<ProbeResult>;
};

/** `detail`: in plain words, for people: `exit code 3: no such table`. */
export type ProbeResult = { ok: boolean; detail: string };

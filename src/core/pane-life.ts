import type { RestartSettings } from './layout.ts';
import type { RestartMemory } from './restart-policy.ts';
import type { Exit, PaneStateName } from './session.ts';
import type { ReadySettings } from './supervision.ts';

/**
 * What the life of a pane is made of: its state, what can happen to it, and what is to be done about that. Every spawn has an epoch of its
 * own, and what is said about another epoch (an old timer, a late exit) is ignored.
 */
export type PaneState = RestartMemory & {
  name: PaneStateName;
  /** What people asked for, apart from what is. A program that ended by itself is still wanted. */
  wanted: 'up' | 'down';
  /** It ran when its session was lost, and waits for somebody to say that it may run again. */
  asks: boolean;
  /** Number of the latest spawn; 0 before the first. Never decreases. */
  epoch: number;
  /**
   * Every time the pane came back, by policy or because somebody asked for a restart; shown as ↻n. A plain start of a pane that was
   * down is not one. Unlike the counters behind backoff and giving up it is never cleared.
   */
  restarts: number;
  /** How the latest run ended; null while one lasts. */
  exit: Exit | null;
  /** Why the pane is in its state, in plain words; empty while it simply runs. */
  reason: string;
  /** The remedy in plain words, or empty. */
  hint: string;
  /** Monotonic ms at which the present program started; null without one. */
  startedAtMs: number | null;
  /** Monotonic ms since when it is ready; null before, and without a program. Without a `ready` setting it is as soon as it runs. */
  readyAtMs: number | null;
  /** In `starting`: the spawn is held up by what it depends on. `blocked`: nothing that is under way will change that. */
  hold: { blocked: boolean } | null;
  /** Monotonic ms of the end of a backoff. */
  nextRestartAtMs: number | null;
  /** In `stopping`: what the stop still waits for. Afterwards the pane goes where `wanted` says. */
  stop: Stop | null;
};

/** The fields of a pane in which nothing runs and nothing is awaited, apart from how that came to be. */
export const RESTING = {
  asks: false,
  hint: '',
  startedAtMs: null,
  readyAtMs: null,
  hold: null,
  nextRestartAtMs: null,
  stop: null,
} as const satisfies Partial<PaneState>;

export type Stop = {
  mode: StopMode;
  spawnPending: boolean;
  programGone: boolean;
  treeGone: boolean;
  stuck: boolean;
  /** Who asked, if it was no person. A person's later request takes its place. */
  because: Because | null;
  /** For how long the run had been ready when the stop began. */
  readyMs: number | null;
};

export type StopMode = 'graceful' | 'kill';

export const CAUSES = ['not-ready', 'health', 'hang', 'memory', 'watch', 'cron', 'dependency', 'layout'] as const;

/** Why nonet itself ends a run. */
export type Because = {
  kind: (typeof CAUSES)[number];
  /** In plain words, for people. */
  reason: string;
  /** The run has failed: it counts like a crash, with backoff and the limit of restarts. */
  failure: boolean;
};

/** `random`: in [0, 1), for where a backoff may follow. */
type Moment = { nowMs: number; random: number };

/** What a person can ask for. */
export type PaneRequest = 'start' | 'stop' | 'restart' | 'restart-now' | 'kill';
type RequestEvents = { [N in PaneRequest]: { type: N } & Moment };

export type PaneEvent =
  | RequestEvents[PaneRequest]
  /** Nonet itself wants this run to end and another one to begin. */
  | ({ type: 'restart-because'; epoch: number; because: Because; mode: StopMode } & Moment)
  /** Nonet itself wants the pane down. */
  | ({ type: 'stop-because'; because: Because } & Moment)
  /** What the start depends on is not there yet; with an empty reason: now it is. */
  | ({ type: 'waiting'; epoch: number; reason: string; hint: string; blocked: boolean } & Moment)
  | ({ type: 'preflight-failed'; epoch: number; reason: string; hint: string } & Moment)
  /** The host has a process for the epoch. */
  | ({ type: 'started'; epoch: number } & Moment)
  | ({ type: 'ready'; epoch: number } & Moment)
  /** The time to become ready is over. */
  | ({ type: 'not-ready'; epoch: number; reason: string } & Moment)
  | ({ type: 'spawn-failed'; epoch: number; reason: string; hint: string } & Moment)
  /** The spawn was called off before it reached the host. */
  | ({ type: 'spawn-cancelled'; epoch: number } & Moment)
  /** The program ended, at `atMs`; others of its tree may still live. `outOfMemory`: what speaks for that, or empty. */
  | ({ type: 'exited'; epoch: number; exit: Exit; atMs: number; outOfMemory: string } & Moment)
  /** A stop has left nothing of the tree. */
  | ({ type: 'tree-gone'; epoch: number } & Moment)
  /** SIGKILL does not help: something sleeps in the kernel. */
  | ({ type: 'stop-stuck'; epoch: number; pids: number[] } & Moment)
  | ({ type: 'backoff-over'; epoch: number } & Moment)
  | ({ type: 'host-lost' } & Moment)
  /** After the daemon or its connection came back: the host has a living program in this pane. */
  | ({ type: 'found-alive'; foundEpoch: number; startedAtMs: number } & Moment)
  /** After the daemon or its connection came back: nothing lives here, and of an end that matters `exited` has told. */
  | ({ type: 'found-nothing' } & Moment);

export type PaneEventName = PaneEvent['type'];
export type EventOf<N extends PaneEventName> = Extract<PaneEvent, { type: N }>;

export type PaneEffect =
  | { type: 'spawn'; epoch: number }
  /** Call off a spawn that the host does not know of yet; `spawn-cancelled` follows if that was so, else what the host says. */
  | { type: 'cancel-spawn'; epoch: number }
  /** Look until the program is ready, or its time is over; `ready` or `not-ready` follows. */
  | { type: 'watch-ready'; epoch: number }
  | { type: 'cancel-ready' }
  /** Begin to stop the tree, or go on to SIGKILL if it has begun; `tree-gone` follows. */
  | { type: 'begin-stop'; epoch: number; mode: StopMode }
  /** End what a program left behind. No event follows, but no spawn may overtake it. */
  | { type: 'sweep'; epoch: number }
  | { type: 'arm-backoff'; epoch: number; delayMs: number }
  | { type: 'cancel-backoff' }
  /** Nothing more is tried: do what is set for that. */
  | { type: 'give-up' };

export type Transition = { state: PaneState; effects: PaneEffect[] };

/** The settings of a pane that its life depends on. */
export type PaneRules = { restart: RestartSettings; ready: ReadySettings | null };

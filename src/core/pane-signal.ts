/**
 * What a program tells its terminal besides what it draws: for the pane's title line, for the person who looks elsewhere, for the outer
 * terminal. All texts are sanitised (display-text) and cut where they are made: nothing in them can be a control sequence.
 */
export type PaneSignal =
  /** OSC 0 and 2. */
  | { type: 'title'; title: string }
  | { type: 'bell' }
  /** OSC 9, 99 and 777. `title` is empty where the program gave a body only. */
  | { type: 'notification'; title: string; body: string }
  /** OSC 9;4. `percent` 0–100; null where there is none to show. */
  | { type: 'progress'; state: ProgressState; percent: number | null }
  /** OSC 52: `base64` is what the program wants in the clipboard, checked to be base64 of UTF-8 text within the size cap. */
  | { type: 'clipboard'; base64: string }
  /** OSC 7: the directory the program says it is in; empty when it took that back. */
  | { type: 'directory'; path: string }
  /** OSC 133: shell prompt begins (A), command line begins (B), command runs (C), command ended (D, with its exit code). */
  | { type: 'prompt'; mark: 'A' | 'B' | 'C' | 'D'; exitCode: number | null };

/** As ConEmu has it: 0 removes, 1 normal, 2 error, 3 indeterminate, 4 paused. */
export const PROGRESS_STATES = ['none', 'normal', 'error', 'indeterminate', 'paused'] as const;
export type ProgressState = (typeof PROGRESS_STATES)[number];
export type Progress = { state: ProgressState; percent: number | null };

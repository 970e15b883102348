/**
 * Processes of this machine as the kernel tells of them. A pid alone is not a name: it is used again when its process is gone. With the
 * start time it is, for as long as the machine is up, and both are compared again right before every signal.
 */
export type ProcessIdentity = { pid: number; startTime: string };

export type ProcessRow = ProcessIdentity & {
  parentPid: number;
  /** Process group; 0 where unknown. */
  group: number;
  /** Session id; 0 where unknown. */
  session: number;
  /** Has ended and only waits for its parent to notice. */
  zombie: boolean;
};

/** In the environment of every pane's program, and so of whatever comes of it, wherever that goes. */
export const MARK_VARIABLE = 'NONET_SPAWN';

export type Processes = {
  /** All processes, read after the call. Callers of one turn of the event loop share one reading. */
  snapshot(): Promise<ProcessRow[]>;
  /** Null when there is no such process. */
  identify(pid: number): ProcessIdentity | null;
  /** The process is there and is no zombie. */
  isAlive(identity: ProcessIdentity): boolean;
  /** Sends a signal if the process is still the same one; false if it is not. */
  signal(identity: ProcessIdentity, signal: NodeJS.Signals): boolean;
  /** What the process was started with as MARK_VARIABLE; null without it, or where it cannot be had. */
  markOf(identity: ProcessIdentity): string | null;
  /** The command line, or an empty list where it cannot be had. */
  argvOf(pid: number): string[];
};

/** Readers that ask in the same turn of the event loop get the same reading, taken afterwards. */
export function shareReading<T>(read: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | null = null;
  return () => {
    next ??= new Promise<T>((resolve, reject) => {
      setImmediate(() => {
        next = null;
        read().then(resolve, reject);
      });
    });
    return next;
  };
}

/** False when the process is gone or another user's. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

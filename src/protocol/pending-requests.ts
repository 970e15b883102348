import { NonetError } from '../core/errors.ts';

/** Requests that were sent and are not answered yet. Each ends once: with its answer, its time-out, or the end of the connection. */
export type PendingRequests = {
  /** Waits for the answer to a request that has not been sent yet; returns its number. Without `timeoutMs` for as long as it takes. */
  add(request: PendingRequest): number;
  /** An answer to what nobody waits for any more changes nothing. */
  resolve(id: number, result: unknown): void;
  reject(id: number, error: Error): void;
  /** Fails all of them, each with an error of its own. */
  rejectAll(createError: () => Error): void;
};

export type PendingRequest = {
  name: string;
  timeoutMs: number | undefined;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
};

type Entry = PendingRequest & { timer: NodeJS.Timeout | undefined };

export function createPendingRequests(): PendingRequests {
  const entries = new Map<number, Entry>();
  let nextId = 1;

  function take(id: number): Entry | undefined {
    const entry = entries.get(id);
    entries.delete(id);
    clearTimeout(entry?.timer);
    return entry;
  }

  return {
    add(request) {
      const { name, timeoutMs, reject } = request;
      const id = nextId++;
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              entries.delete(id);
              reject(new NonetError('timed-out', `no answer to ${name} within ${timeoutMs} ms`));
            }, timeoutMs);
      entries.set(id, { ...request, timer });
      return id;
    },
    resolve: (id, result) => take(id)?.resolve(result),
    reject: (id, error) => take(id)?.reject(error),
    rejectAll(createError) {
      for (const { timer, reject } of entries.values()) {
        clearTimeout(timer);
        reject(createError());
      }
      entries.clear();
    },
  };
}

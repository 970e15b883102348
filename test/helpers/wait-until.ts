/** How long tests wait for what has to come: long enough for a machine that has other things to do. */
export const PATIENCE_MS = 30_000;

/** Waits for a condition that no event announces (a process that goes, a file that comes). */
export async function waitUntil(
  description: string,
  condition: () => unknown,
  { timeoutMs = PATIENCE_MS, intervalMs = 25 } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    last = await condition();
    if (last === true) return;
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms for: ${description}${describe(last)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

/** A condition may tell what it saw instead of `false`. */
function describe(last: unknown): string {
  if (typeof last === 'string') return `\nseen instead: ${last}`;
  return last === false || last === undefined ? '' : `\nseen instead: ${JSON.stringify(last)}`;
}

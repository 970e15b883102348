import { expect, it } from 'vitest';
import { readCapture } from '../../src/daemon/capture-reader.ts';
import type { CapturePiece } from '../../src/protocol/control.ts';

/** A host with `count` lines that gives `room` of them at a time. */
function hostWith(
  textOf: (line: number) => string,
  { count, room, json = false }: Record<'count' | 'room', number> & { json?: boolean },
) {
  return async ({ from = 0, before = count }: { from?: number; before?: number }): Promise<CapturePiece> => {
    const first = Math.max(from, before - room);
    const lines = Array.from({ length: before - first }, (_, i) => ({ text: textOf(first + i), wrapped: false }));
    const place = { first, top: from, more: first > from };
    if (json) return { ...place, text: '', lines, cols: before };
    return { ...place, text: lines.map(({ text }) => `${text}\n`).join('') };
  };
}

it('the pieces are joined, without the blank lines at the end', async () => {
  const textOf = (line: number) => (line < 7 ? `line ${line}` : '');
  const text = 'line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\n';
  expect(await readCapture(hostWith(textOf, { count: 10, room: 2 }))).toEqual({ text });
  const json = await readCapture(hostWith(textOf, { count: 10, room: 3, json: true }));
  expect(json).toMatchObject({ text, cols: 10 });
  expect(json.lines?.map((line) => line.text)).toEqual(Array.from({ length: 10 }, (_, i) => textOf(i)));
  expect(await readCapture(hostWith(() => '', { count: 10, room: 3 }))).toEqual({ text: '' });
});

it.each([false, true])('what fits into no reply is left out from the top, and counted (json: %s)', async (json) => {
  // On the wire six bytes a character.
  const textOf = (line: number) => `${line} ${'\x1b'.repeat(10_000)}`;
  const result = await readCapture(hostWith(textOf, { count: 3000, room: 10, json }));
  expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(30 * 1024 * 1024);
  expect(result.omittedLines).toBeGreaterThan(0);
  const lines = result.text.split('\n').slice(0, -1);
  expect(lines).toHaveLength(3000 - result.omittedLines!);
  expect(lines[0]!.split(' ')[0]).toBe(String(result.omittedLines));
  expect(lines.at(-1)!.split(' ')[0]).toBe('2999');
});

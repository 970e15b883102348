import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCopyCommand } from '../../../src/client/copy-mode/copy-command.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

test('a copy command gets the text on its standard input', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-copy-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, 'copied');
  const text = `日本 ${'x'.repeat(300_000)}\nlast`;
  runCopyCommand(['sh', '-c', 'cat > "$1.part"; mv "$1.part" "$1"', 'sh', file], text, () => {});
  await waitUntil('the text', () => fs.existsSync(file));
  expect(fs.readFileSync(file, 'utf8')).toBe(text);
});

test.each([
  [['/nonexistent/copier'], /^\/nonexistent\/copier: spawn .*ENO/],
  [['sh', '-c', 'exit 3'], /^sh: ended with 3$/],
  [['sh', '-c', 'kill -9 $$'], /^sh: ended by SIGKILL$/],
])('of %j it is told what went wrong, once', async (argv, words) => {
  const reasons: string[] = [];
  runCopyCommand(argv, 'x'.repeat(300_000), (reason) => reasons.push(reason));
  await waitUntil('a reason', () => reasons.length > 0);
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(words);
});

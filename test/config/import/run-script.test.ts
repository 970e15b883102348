import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runConfigScript } from '../../../src/config/import/run-script.ts';
import { FIXTURES, importFixture, temporaryDirectory } from './import-helpers.ts';

function script(text: string, name = 'ecosystem.config.cjs'): string {
  const file = path.join(temporaryDirectory(), name);
  fs.writeFileSync(file, text, { mode: 0o644 });
  return file;
}

test('what a file exports is read, whatever it prints', async () => {
  const file = script('console.log("hello {"); module.exports = { apps: [], at: __dirname, cwd: process.cwd() }');
  const directory = fs.realpathSync(path.dirname(file));
  expect(await runConfigScript(file)).toEqual({ ok: true, value: { apps: [], at: directory, cwd: directory } });
});

test.each([
  ['a function', 'module.exports = () => ({ a: 1 })', 'a.cjs'],
  ['a promise', 'module.exports = Promise.resolve({ a: 1 })', 'a.cjs'],
  ['a module’s default', 'export default { a: 1 }', 'a.mjs'],
  ['a compiled module', 'exports.__esModule = true; exports.default = { a: 1 }', 'a.cjs'],
])('%s counts by its value', async (_title, text, name) => {
  expect(await runConfigScript(script(text, name))).toEqual({ ok: true, value: { a: 1 } });
});

test('a file that others may change is not run', async () => {
  const mark = path.join(temporaryDirectory(), 'ran');
  const file = script(`require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); module.exports = {}`);
  for (const mode of [0o664, 0o646]) {
    fs.chmodSync(file, mode);
    expect(await runConfigScript(file)).toMatchObject({
      ok: false,
      message: expect.stringContaining('other users may change it'),
    });
  }
  expect(fs.existsSync(mark)).toBe(false);
});

test.runIf(process.getuid?.() === 0)('a file of another user is not run', async () => {
  const file = script('module.exports = {}');
  fs.chownSync(file, 12345, 12345);
  // Root may be anybody, but this file is neither root’s nor its own.
  expect(await runConfigScript(file)).toMatchObject({
    ok: false,
    message: expect.stringContaining('belongs to another user'),
  });
});

test('a file that does not end is killed', async () => {
  const result = await runConfigScript(path.join(FIXTURES, 'endless.config.js'), { timeoutMs: 500 });
  expect(result).toEqual({ ok: false, message: 'it has not ended within 0.5 s' });
});

test('a file that prints without end is killed', async () => {
  const result = await runConfigScript(script('for (;;) require("node:fs").writeSync(1, "x".repeat(65536))'));
  expect(result).toMatchObject({ ok: false, message: 'it prints more than 4 MB' });
});

test('an error is told with its line', async () => {
  await expect(importFixture('broken.config.js')).rejects.toMatchObject({
    code: 'bad-layout',
    message: 'broken.config.js:2:1: running it failed: ReferenceError: missing is not defined',
  });
  const result = await runConfigScript(script('const a = 1;\n\nconst b = ;\n'));
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('SyntaxError'), line: 3 });
});

test('a file that is not there, or leaves on its own, is told', async () => {
  expect(await runConfigScript('/nowhere/ecosystem.config.js')).toMatchObject({
    ok: false,
    message: 'cannot read it: ENOENT',
  });
  expect(await runConfigScript(script('process.exit(3)'))).toMatchObject({ ok: false });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preflight } from '../../src/supervisor/preflight.ts';

let directory: string;

beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-pre-'));
  fs.mkdirSync(path.join(directory, 'bin/subdirectory'), { recursive: true });
  fs.mkdirSync(path.join(directory, 'later'));
  write('bin/tool', 0o755, '#!/bin/sh\n');
  write('bin/data', 0o644, 'text');
  write('later/data', 0o755, '#!/bin/sh\n');
  write('bin/broken', 0o755, '#! /no/such/interpreter -x\n');
  write('file', 0o644, '');
});
afterAll(() => fs.rmSync(directory, { recursive: true }));

function write(name: string, mode: number, text: string): void {
  fs.writeFileSync(path.join(directory, name), text, { mode });
}

function check(program: string, over: { cwd?: string; env?: Record<string, string> } = {}) {
  const env = { PATH: `/nowhere:${path.join(directory, 'bin')}:${path.join(directory, 'later')}` };
  return preflight({ argv: [program, '--flag'], cwd: directory, env, ...over });
}

describe('a command can start', () => {
  it('when it is on the pane’s own PATH', () => {
    expect(check('tool')).toEqual({ ok: true });
    expect(check('tool', { env: { PATH: '/usr/bin' } })).toMatchObject({ reason: 'command not found: tool' });
  });

  it('when PATH leads to it from the pane’s directory', () => {
    expect(check('tool', { env: { PATH: 'bin' } })).toEqual({ ok: true });
    expect(check('tool', { env: { PATH: '/nowhere:' }, cwd: path.join(directory, 'bin') })).toEqual({ ok: true });
  });

  it('by its path, from the pane’s directory', () => {
    expect(check(path.join(directory, 'bin/tool'))).toEqual({ ok: true });
    expect(check('./bin/tool')).toEqual({ ok: true });
    expect(check('bin/tool')).toEqual({ ok: true });
  });

  it('further along PATH when the first file of that name may not be run', () => {
    expect(check('data')).toEqual({ ok: true });
  });

  it('without any PATH where the system keeps its own', () => {
    expect(check('sh', { env: {} })).toEqual({ ok: true });
  });
});

describe('a command that cannot start says why', () => {
  it('not found, with the remedy for an agent', () => {
    expect(check('no-such-program')).toMatchObject({ ok: false, reason: 'command not found: no-such-program' });
    const missing = check('codex');
    expect(missing).toMatchObject({ ok: false, reason: 'command not found: codex' });
    expect(missing).toHaveProperty('hint', expect.stringContaining('npm install -g @openai/codex'));
    expect(check('./bin/nothing')).toMatchObject({ reason: 'command not found: ./bin/nothing' });
  });

  it('not executable', () => {
    const file = path.join(directory, 'bin/data');
    expect(check('data', { env: { PATH: path.dirname(file) } })).toEqual({
      ok: false,
      reason: `command is not executable: ${file}`,
      hint: `chmod +x ${file}`,
    });
    expect(check(file)).toMatchObject({ reason: `command is not executable: ${file}` });
  });

  it('a directory, or something that is no file', () => {
    expect(check('./bin')).toMatchObject({ reason: `command is a directory: ${path.join(directory, 'bin')}` });
    expect(check('subdirectory')).toMatchObject({ reason: expect.stringContaining('is a directory') });
    expect(check('/dev/null')).toMatchObject({ reason: 'command is not a program: /dev/null' });
  });

  it('a script whose interpreter is missing', () => {
    expect(check('broken')).toMatchObject({ reason: expect.stringContaining('/no/such/interpreter') });
  });

  it('a directory to start in that is missing, a file, or closed', () => {
    expect(check('tool', { cwd: path.join(directory, 'gone') })).toMatchObject({
      reason: `working directory not found: ${path.join(directory, 'gone')}`,
    });
    for (const cwd of ['file', 'file/below']) {
      expect(check('tool', { cwd: path.join(directory, cwd) })).toMatchObject({
        reason: `working directory is not a directory: ${path.join(directory, cwd)}`,
      });
    }
  });

  it('an empty command', () => {
    expect(check('')).toMatchObject({ ok: false, reason: 'command is empty' });
  });
});

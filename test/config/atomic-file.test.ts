import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileOrBackup, writeFileAtomically } from '../../src/config/atomic-file.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-atomic-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const parse = (content: string): string | null => (content.startsWith('good') ? content : null);

describe('a file written atomically', () => {
  it('has the new content, is private, and keeps the content before as a backup', () => {
    const file = path.join(directory, 'state.json');
    writeFileAtomically(file, 'good 1');
    writeFileAtomically(file, 'good 2');
    expect(readFileSync(file, 'utf8')).toBe('good 2');
    expect(readFileSync(`${file}.bak`, 'utf8')).toBe('good 1');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory).sort()).toEqual(['state.json', 'state.json.bak']);
  });

  it('is read from its backup when it is damaged or gone, and is nothing when both are', () => {
    const file = path.join(directory, 'state.json');
    expect(readFileOrBackup(file, parse)).toBeNull();
    writeFileAtomically(file, 'good 1');
    writeFileAtomically(file, 'good 2');
    writeFileSync(file, '{"half');
    expect(readFileOrBackup(file, parse)).toBe('good 1');
    rmSync(file);
    expect(readFileOrBackup(file, parse)).toBe('good 1');
    writeFileSync(`${file}.bak`, '');
    expect(readFileOrBackup(file, parse)).toBeNull();
  });

  it('does not follow a link that somebody put in its way', () => {
    const file = path.join(directory, 'state.json');
    const victim = path.join(directory, 'victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, `${file}.new`);
    symlinkSync(victim, file);
    writeFileAtomically(file, 'good 1');
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(file, 'utf8')).toBe('good 1');
  });

  it('keeps the old content when the new one cannot be written', () => {
    const file = path.join(directory, 'gone', 'state.json');
    expect(() => writeFileAtomically(file, 'good')).toThrow(/ENOENT/);
  });
});

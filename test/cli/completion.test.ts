import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CompletionSources, complete, formatCompletion } from '../../src/cli/complete.ts';
import { completionScript, completionScripts, SHELLS } from '../../src/cli/completion.ts';

const sources: CompletionSources = {
  panes: async (session) =>
    session === 'other'
      ? [{ word: 'elsewhere', meaning: '' }]
      : ['api', 'two words'].map((word) => ({ word, meaning: `pane, running` })),
  sessions: () => [{ word: 'night', meaning: '' }],
};
const words = async (...typed: string[]): Promise<string[]> =>
  (await complete(typed, sources)).candidates.map(({ word }) => word);

describe('completion', () => {
  it('begins with the commands', async () => {
    expect(await words('')).toEqual(expect.arrayContaining(['up', 'restart', 'completion']));
    expect(await words('-s', 'night', '')).toContain('restart');
    expect(await words('help', '')).toContain('restart');
  });

  it('knows panes where panes are wanted, of the session that was named', async () => {
    expect(await words('restart', '')).toEqual(['api', 'two words', 'all']);
    expect(await words('ps', '')).toEqual([]);
    expect(await words('show', '')).toEqual(['api', 'two words']);
    expect(await words('show', 'api', '')).toEqual([]);
    expect(await words('restart', '-s', 'other', '')).toEqual(['elsewhere', 'all']);
    expect(await words('restart', '--session=other', '')).toEqual(['elsewhere', 'all']);
    expect(await words('send-keys', 'api', 'esc')).toContain('escape');
  });

  it('knows the options of each command, and what their values are', async () => {
    expect(await words('capture', '-')).toEqual(
      expect.arrayContaining(['--scrollback', '--ansi', '--session', '--help']),
    );
    expect(await words('stop', '--')).toContain('--no-wait');
    expect(await words('list', '-s', '')).toEqual(['night']);
    expect(await words('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers presets and files for a layout, and nothing for what it does not know', async () => {
    const layout = await complete(['up', ''], sources);
    expect(layout.files).toBe(true);
    expect(layout.candidates.map(({ word }) => word)).toContain('demo');
    expect((await complete(['check', ''], sources)).files).toBe(true);
    expect(await words('nonsense', '')).toEqual([]);
  });

  it('gives one line for each word, whatever its meaning holds', () => {
    const candidates = [{ word: 'a', meaning: 'x\ny\t\x1b[31mz' }];
    expect(formatCompletion({ candidates, files: true })).toBe('a\tx y [31mz\n:files\n');
  });

  it('is for the shell that was asked for, or that of $SHELL', () => {
    expect(completionScript('fish', '/bin/bash')).toBe(completionScripts.fish);
    expect(completionScript(undefined, '/usr/local/bin/zsh')).toBe(completionScripts.zsh);
  });

  it.each<[asked: string | undefined, variable: string | undefined, message: string, hint: string]>([
    [undefined, undefined, 'say which shell: nonet completion bash|zsh|fish', '$SHELL is not set'],
    [undefined, '', 'say which shell: nonet completion bash|zsh|fish', '$SHELL is not set'],
    [
      undefined,
      '/bin/sh',
      'say which shell: nonet completion bash|zsh|fish',
      'there is none for "sh", which is your $SHELL',
    ],
    ['tcsh', '/bin/bash', 'there is no completion for "tcsh"', 'nonet completion bash|zsh|fish'],
    ['', '/bin/bash', 'there is no completion for ""', 'nonet completion bash|zsh|fish'],
  ])('says which shells there are, asked for %j where $SHELL is %j', (asked, variable, message, hint) => {
    let refusal: unknown;
    try {
      completionScript(asked, variable);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'usage', message, hint });
  });

  it.each(SHELLS)('has a script that %s reads without complaint', (shell) => {
    // Where the shell is not installed there is nothing to ask; bash is everywhere.
    if (shell !== 'bash' && spawnSync(shell, ['-c', 'true']).error) return;
    const flag = shell === 'fish' ? '--no-execute' : '-n';
    expect(execFileSync(shell, [flag], { input: completionScripts[shell], encoding: 'utf8' })).toBe('');
  });

  it('completes in bash itself', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'nonet-completion-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(
      path.join(directory, 'nonet'),
      '#!/bin/sh\n[ "$1 $2 $3" = "__complete restart a" ] && printf "api\\tx\\na b\\ty\\nzoo\\tz\\n"\n',
      { mode: 0o755 },
    );
    const script = `${completionScripts.bash}\nCOMP_WORDS=(nonet restart a) COMP_CWORD=2; _nonet nonet a restart; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${directory}:${process.env['PATH']}` };
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', env })).toBe('api\na\\ b\n');
  });
});

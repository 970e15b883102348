import { describe, expect, it } from 'vitest';
import { describeTerminal } from '../../src/cli/doctor-terminal.ts';
import type { TerminalAbilities } from '../../src/client/terminal-probe.ts';

const MODERN: TerminalAbilities = {
  ...{ answered: true, version: 'kitty(0.42.1)', cols: 200, rows: 50, kittyKeyboard: true, modifyOtherKeys: false },
  ...{ synchronizedOutput: true, colors: 'rgb', clipboard: true, sixel: false, mouse: true, focusReports: true },
  ...{ bracketedPaste: true, scheme: 'dark', foreground: '#ffffff', background: '#000000' },
  widths: [{ name: 'CJK', text: '日', expected: 2, measured: 2 }],
};
const ENV = { TERM: 'xterm-kitty', LANG: 'en_US.UTF-8' };

function warnings(changes: Partial<TerminalAbilities>, env: Record<string, string> = ENV): string {
  return describeTerminal({ ...MODERN, ...changes }, env)
    .filter(({ level }) => level === 'warning')
    .map(({ text, advice }) => `${text} → ${advice}`)
    .join('\n');
}

describe('what doctor says of a terminal', () => {
  it('is nothing bad where nothing is missing', () => {
    expect(warnings({})).toBe('');
    const texts = describeTerminal(MODERN, ENV).map(({ text }) => text);
    expect(texts).toContain('kitty(0.42.1), 200×50, TERM=xterm-kitty');
    expect(texts).toContain('hyperlinks: yes');
  });

  it('is a remedy with every warning', () => {
    const poor: Partial<TerminalAbilities> = {
      ...{ cols: 60, kittyKeyboard: false, synchronizedOutput: false, colors: '16', clipboard: false, mouse: false },
      ...{ bracketedPaste: false, widths: [{ name: 'flag', text: 'F', expected: 2, measured: 4 }] },
    };
    for (const env of [ENV, { TERM: 'tmux-256color', TMUX: '/tmp/t,1,0' }, { TERM_PROGRAM: 'Apple_Terminal' }]) {
      const found = describeTerminal({ ...MODERN, ...poor }, env).filter(({ level }) => level === 'warning');
      expect(found.length).toBeGreaterThanOrEqual(8);
      for (const { text, advice } of found) expect(advice, text).not.toBe('');
    }
  });

  it('names tmux’s own settings inside tmux', () => {
    const env = { TERM: 'tmux-256color', TMUX: '/tmp/t,1,0', LANG: 'C.UTF-8' };
    const text = warnings({ version: 'tmux 3.4', kittyKeyboard: false, focusReports: null, clipboard: false }, env);
    expect(text).toContain('set -s extended-keys on');
    expect(text).toContain('set -g focus-events on');
    expect(text).toContain('set -s set-clipboard on');
  });

  it('counts the colours of macOS Terminal', () => {
    const env = { TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal', LC_CTYPE: 'UTF-8' };
    expect(warnings({ version: null, colors: '256' }, env)).toMatch(/^colours: 256 of them → macOS Terminal before 26/);
  });

  it('asks for narrow ambiguous characters, since frames are drawn with them', () => {
    const widths = [{ name: 'ambiguous', text: '●', expected: 1, measured: 2 }];
    expect(warnings({ widths })).toContain('ambiguous ● 2 for 1 → set “ambiguous characters are narrow”');
  });

  it('says no more than that of a terminal that does not answer', () => {
    const found = describeTerminal({ ...MODERN, answered: false, version: null }, ENV);
    expect(found).toHaveLength(2);
    expect(found[1]?.text).toBe('it answers no questions');
  });

  it('lets no control character of the terminal’s name through', () => {
    const texts = describeTerminal({ ...MODERN, version: 'evil\x1b[31m' }, ENV).map(({ text }) => text);
    expect(texts.join('')).not.toContain('\x1b');
  });
});

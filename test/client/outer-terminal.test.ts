import { describe, expect, it } from 'vitest';
import { depthFromEnvironment, outerFeatures } from '../../src/client/outer-features.ts';
import { COLOR_PROBE, createOuterTerminal } from '../../src/client/outer-terminal.ts';
import type { TerminalReply } from '../../src/core/input-event.ts';
import { createInputTokenizer } from '../../src/terminal/input-tokenizer.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';

const size = () => ({ cols: 80, rows: 24 });
const open = (env: Record<string, string> = { TERM: 'xterm-256color' }) => createOuterTerminal({ env, size });
const version = (text: string): TerminalReply => ({ kind: 'version', text });
const color = (what: 'foreground' | 'background' | 'cursor' | number, r: number, g = 0, b = 0): TerminalReply => ({
  kind: 'color',
  what,
  rgb: { r, g, b },
});

describe('the outer terminal', () => {
  it('is known after a probe that a modern terminal answers', () => {
    const outer = open();
    const lessons: string[] = [];
    const tokenizer = createInputTokenizer();
    const terminal = createReferenceTerminal({
      ...size(),
      onReply(bytes) {
        for (const event of tokenizer.push(Buffer.from(bytes))) {
          if (event.type !== 'reply') throw new Error(`not an answer: ${JSON.stringify(event)}`);
          lessons.push(outer.learn(event.reply));
        }
      },
    });
    terminal.write(outer.probe);
    expect(outer).toMatchObject({ synchronized: true, kitty: true, answered: true, version: 'reference 1.0' });
    expect(outer.facts).toEqual({
      foreground: '#d0d0d0',
      background: '#101010',
      cursor: '#d0d0d0',
      palette: Array.from({ length: 16 }, () => '#d0d0d0'),
      scheme: 'dark',
      cell: { width: 8, height: 16 },
    });
    expect(lessons.at(-1)).toBe('all');
    expect(lessons.slice(0, -1)).not.toContain('all');
    // Nothing of the probe is drawn.
    expect(terminal.text().join('')).toBe('');
    terminal.dispose();
  });

  it('knows nothing where nothing is answered', () => {
    const outer = open();
    expect(outer).toMatchObject({ synchronized: false, kitty: null, answered: false, version: null });
    expect(outer.facts).toEqual({
      ...{ foreground: null, background: null, cursor: null },
      ...{ palette: [], scheme: null, cell: null },
    });
  });

  it('has no kitty keyboard when the device attributes come without it', () => {
    const outer = open();
    expect(outer.learn({ kind: 'device-attributes', params: [62] })).toBe('all');
    expect(outer.kitty).toBe(false);
  });

  it('tells when its colours have changed, and what is new in them', () => {
    const outer = open();
    expect(outer.learn(color('background', 0))).toBe('more');
    expect(outer.learn({ kind: 'color-scheme', scheme: 'dark' })).toBe('more');
    expect(outer.learn({ kind: 'color-scheme', scheme: 'light' })).toBe('colors');
    expect(outer.learn(color('background', 0))).toBe('nothing');
    expect(outer.learn(color('background', 255, 255, 255))).toBe('more');
    expect(outer.learn(color(3, 1, 2, 3))).toBe('more');
    expect(outer.learn(color(200, 1, 2, 3))).toBe('nothing');
    expect(outer.facts).toMatchObject({
      background: '#ffffff',
      scheme: 'light',
      palette: [null, null, null, '#010203'],
    });
    expect(COLOR_PROBE).toContain('\x1b]4;15;?');
  });

  it('takes the size of a cell from the window where nothing better is told', () => {
    const outer = open();
    expect(outer.learn({ kind: 'window-size', params: [4, 24 * 17, 80 * 9] })).toBe('more');
    expect(outer.facts.cell).toEqual({ width: 9, height: 17 });
    expect(outer.learn({ kind: 'window-size', params: [6, 18, 10] })).toBe('more');
    expect(outer.learn({ kind: 'window-size', params: [4, 240, 800] })).toBe('nothing');
    expect(outer.facts.cell).toEqual({ width: 10, height: 18 });
    expect(outer.learn({ kind: 'window-size', params: [6, 0, 0] })).toBe('nothing');
  });

  it('shows more than its environment tells when it says so itself, and only then is another look', () => {
    const outer = open();
    const first = outer.look;
    expect(first).toEqual({ depth: '256', underlineStyles: false, underlineColors: false });
    outer.learn({ kind: 'capability', name: 'RGB', known: false });
    outer.learn(version('XTerm(390)'));
    expect(outer.look).toBe(first);
    outer.learn({ kind: 'capability', name: 'RGB', known: true });
    expect(outer.look).toEqual({ depth: 'rgb', underlineStyles: false, underlineColors: false });
    outer.learn({ kind: 'capability', name: 'Smulx', known: true });
    outer.learn({ kind: 'kitty-flags', flags: 0 });
    expect(outer.look).toEqual({ depth: 'rgb', underlineStyles: true, underlineColors: true });
  });

  it('is not asked what it would print, and has no colours where there are none', () => {
    expect(open({ TERM: 'vt100' }).probe).toBe('\x1b[c');
    expect(open({ TERM: 'dumb', COLORTERM: 'truecolor' }).look.depth).toBe('none');
    expect(open({ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }).probe).not.toContain('\x1bP');
    expect(open().probe).toContain('\x1bP+q524742\x1b\\');
  });
});

it.each([
  [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'rgb'],
  [{ TERM: 'xterm', COLORTERM: '24bit' }, 'rgb'],
  [{ TERM: 'xterm-direct' }, 'rgb'],
  [{ TERM: 'xterm-kitty' }, 'rgb'],
  [{ TERM: 'screen-256color' }, '256'],
  [{ TERM: 'xterm' }, '16'],
  [{ TERM: 'linux' }, '16'],
  [{ TERM: 'vt220' }, 'none'],
  [{ TERM: 'dumb' }, 'none'],
  [{}, 'none'],
  [{ TERM: 'xterm-256color', NO_COLOR: '1' }, '256'],
])('the depth of %j is %s', (env, depth) => {
  expect(depthFromEnvironment(env as Record<string, string>)).toBe(depth);
});

it.each([
  ['kitty(0.36.0)', 'osc99', false],
  ['ghostty 1.2.0', 'osc777', true],
  ['foot(1.16.2)', 'osc777', false],
  ['WezTerm 20240203-110809-5046fc22', 'osc777', false],
  ['WezTerm 20250301-000000-abc', 'osc777', true],
  ['iTerm2 3.5.10', 'osc9', false],
  ['iTerm2 3.6.10', 'osc9', true],
  ['XTerm(390)', 'bell', false],
  ['tmux 3.5a', 'bell', false],
  ['nobody knows 1.0', 'bell', false],
])('%s is notified by %s', (text, notifications, progress) => {
  expect(outerFeatures(text, {})).toMatchObject({ notifications, progress });
});

it.each([
  [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.6.6' }, 'osc9', true],
  [{ TERM_PROGRAM: 'tmux', WT_SESSION: 'x' }, 'bell', false],
  [{ WT_SESSION: 'x' }, 'bell', true],
  [{ TERM: 'rxvt-unicode-256color' }, 'osc777', false],
  [{ TERM: 'xterm-kitty' }, 'osc99', false],
  [{ TERM: 'xterm-256color' }, 'bell', false],
])('without its version, %j is notified by %s', (env, notifications, progress) => {
  expect(outerFeatures(null, env as Record<string, string>)).toMatchObject({ notifications, progress });
});

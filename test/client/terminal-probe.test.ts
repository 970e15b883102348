import { describe, expect, it } from 'vitest';
import { createTerminalProbe } from '../../src/client/terminal-probe.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';

const TERM = { TERM: 'xterm-256color' };

/** Plays probe and terminal against each other until both are quiet. */
function probeReference(before = '') {
  const probe = createTerminalProbe({ env: TERM, cols: 80, rows: 24 });
  let replies = '';
  const terminal = createReferenceTerminal({ cols: 80, rows: 24, onReply: (bytes) => (replies += bytes) });
  terminal.write(before);
  const modes = terminal.modes();
  for (let next = probe.start; next !== ''; ) {
    terminal.write(next);
    const answers = replies;
    replies = '';
    next = probe.push(Buffer.from(answers));
  }
  return { probe, terminal, modes };
}

describe('the probe', () => {
  it('learns what a modern terminal can do, leaves nothing on its screen and no mode changed', () => {
    const { probe, terminal, modes } = probeReference();
    expect(probe).toMatchObject({ done: true, talking: true, interrupted: false });
    const abilities = probe.result();
    expect(abilities).toMatchObject({
      ...{ answered: true, version: 'reference 1.0', kittyKeyboard: true, synchronizedOutput: true },
      ...{ clipboard: true, sixel: false, mouse: true, focusReports: true, bracketedPaste: true },
      ...{ scheme: 'dark', background: '#101010' },
    });
    expect(abilities.widths.map(({ name }) => name)).toContain('joined emoji');
    expect(abilities.widths.find(({ name }) => name === 'CJK')?.measured).toBe(2);
    expect(terminal.text().join('')).toBe('');
    expect(terminal.cursor()).toMatchObject({ x: 0, y: 0 });
    expect(terminal.modes()).toEqual(modes);
  });

  it('leaves a line alone that somebody has begun', () => {
    const { terminal } = probeReference('begun');
    expect(terminal.text().filter(Boolean)).toEqual(['begun']);
  });

  it('takes a position for one although it looks like a key', () => {
    const probe = createTerminalProbe({ env: TERM, cols: 80, rows: 24 });
    expect(probe.push(Buffer.from('\x1b[1;1R\x1b[?62;4;52c'))).toContain('\x1b[6n');
    probe.push(Buffer.from(`${'\x1b[1;2R'.repeat(8)}\x1b[?62;4;52c`));
    expect(probe.done).toBe(true);
    expect(probe.result()).toMatchObject({ sixel: true, clipboard: true });
    expect(probe.result().widths.map(({ measured }) => measured)).toEqual(Array(8).fill(1));
  });

  it('knows no widths when an answer is missing', () => {
    const probe = createTerminalProbe({ env: TERM, cols: 80, rows: 24 });
    probe.push(Buffer.from('\x1b[1;1R\x1b[?1c'));
    probe.push(Buffer.from('\x1b[1;3R\x1b[?1c'));
    expect(probe.done).toBe(true);
    expect(probe.result()).toMatchObject({ widths: [], kittyKeyboard: false, mouse: null });
  });

  it('tells modifyOtherKeys by its answer, and a mode that is off for good from one that can be set', () => {
    const probe = createTerminalProbe({ env: TERM, cols: 80, rows: 24 });
    probe.push(Buffer.from('\x1b[>4;0m\x1b[?1006;2$y\x1b[?1004;0$y\x1b[?2004;4$y'));
    const { modifyOtherKeys, mouse, focusReports, bracketedPaste } = probe.result();
    expect({ modifyOtherKeys, mouse, focusReports, bracketedPaste }).toEqual({
      modifyOtherKeys: true,
      mouse: true,
      focusReports: false,
      bracketedPaste: false,
    });
  });

  it.each([{ TERM: 'dumb' }, { TERM: '' }])('asks %j what even a VT100 answers, and nothing else', (env) => {
    expect(createTerminalProbe({ env, cols: 80, rows: 24 }).start).toBe('\x1b[c');
  });

  it('asks macOS Terminal nothing that it would print', () => {
    const { start } = createTerminalProbe({ env: { ...TERM, TERM_PROGRAM: 'Apple_Terminal' }, cols: 80, rows: 24 });
    expect(start).not.toContain('\x1bP');
    expect(start).not.toContain('\x1b[>q');
  });

  it('ends at ctrl+c', () => {
    const probe = createTerminalProbe({ env: TERM, cols: 80, rows: 24 });
    probe.push(Buffer.from('\x03'));
    expect(probe.interrupted).toBe(true);
  });
});

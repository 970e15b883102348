import { describe, expect, it } from 'vitest';
import { createOuterConversation } from '../../src/client/outer-conversation.ts';
import { COLOR_PROBE, createOuterTerminal } from '../../src/client/outer-terminal.ts';
import type { TerminalReply } from '../../src/core/input-event.ts';

const DONE: TerminalReply = { kind: 'device-attributes', params: [62] };
const background = (r: number): TerminalReply => ({ kind: 'color', what: 'background', rgb: { r, g: 0, b: 0 } });

function stage() {
  const log: string[] = [];
  const outer = createOuterTerminal({ env: { TERM: 'xterm' }, size: () => ({ cols: 80, rows: 24 }) });
  const conversation = createOuterConversation({
    outer,
    input: {
      push() {},
      pushTypedAhead() {},
      expectAnswers: () => log.push('expect'),
      answered: (kitty) => log.push(kitty ? 'answered by kitty' : 'answered'),
      dispose() {},
    },
    say: (text) => log.push(text === COLOR_PROBE ? 'ask for colours' : text),
    tell: () => log.push(`tell ${outer.facts.background}`),
    onLookChanged: () => log.push(`look ${outer.look.depth}`),
    onLearnt() {},
  });
  return {
    learn(...replies: TerminalReply[]) {
      for (const reply of replies) conversation.learn(reply);
      return log.splice(0);
    },
    later: () => new Promise<string[]>((resolve) => setImmediate(() => resolve(log.splice(0)))),
    conversation,
  };
}

describe('the conversation with the outer terminal', () => {
  it('tells the host once all answers of the probe are in', () => {
    const { learn } = stage();
    expect(learn(background(1))).toEqual(['expect']);
    expect(learn({ kind: 'kitty-flags', flags: 0 }, DONE)).toEqual([
      // Whoever knows this keyboard knows curly underlines, too.
      'look 16',
      'answered by kitty',
      'tell #010000',
    ]);
  });

  it('takes late answers as they come, and tells of several at once', async () => {
    const { learn, later } = stage();
    expect(learn(DONE)).toEqual(['expect', 'answered', 'tell null']);
    expect(learn(background(1), background(2))).toEqual([]);
    expect(await later()).toEqual(['tell #020000']);
    expect(learn({ kind: 'kitty-flags', flags: 0 })).toEqual(['look 16', 'answered by kitty']);
  });

  it('asks for the colours again when they have changed, and tells them when they are all in', async () => {
    const { learn, later } = stage();
    learn({ kind: 'color-scheme', scheme: 'dark' }, DONE);
    expect(learn({ kind: 'color-scheme', scheme: 'light' }, background(9))).toEqual(['expect', 'ask for colours']);
    expect(await later()).toEqual([]);
    expect(learn(DONE)).toEqual(['answered', 'tell #090000']);
  });

  it('has everything drawn again for a terminal that turns out to show more', () => {
    const { learn } = stage();
    const rgb: TerminalReply = { kind: 'capability', name: 'RGB', known: true };
    expect(learn(rgb, rgb)).toEqual(['expect', 'look rgb']);
  });

  it('tells a new host what is known, and nothing before that', () => {
    const { learn, conversation } = stage();
    conversation.hostChanged();
    learn(background(3), DONE);
    conversation.hostChanged();
    expect(learn()).toEqual(['tell #030000']);
  });
});

import { expect, it } from 'vitest';
import { createOuterInput } from '../../src/client/outer-input.ts';

function stage() {
  const events: string[] = [];
  const input = createOuterInput((batch) => {
    for (const event of batch) {
      if (event.type === 'key') events.push(event.modifiers === 0 ? event.key : `${event.modifiers}+${event.key}`);
      else events.push(event.type === 'paste' ? `paste ${event.phase} ${JSON.stringify(event.text)}` : event.type);
    }
  });
  return { input, events };
}

it('Enter that was typed ahead is Enter, though the terminal made a line feed of it', () => {
  const { input, events } = stage();
  input.pushTypedAhead(Buffer.from('a\n\x1b[A\x1b[200~b\nc\x1b[201~'));
  expect(events).toEqual(['a', 'enter', 'up', 'paste start ""', 'paste data "b\\rc"', 'paste end ""']);
  events.length = 0;
  input.push(Buffer.from('\n'));
  expect(events).toEqual(['4+j']);
});

it('Escape that was typed ahead is a key, and what comes after it an answer', () => {
  const { input, events } = stage();
  input.expectAnswers();
  input.pushTypedAhead(Buffer.from('x\x1b'));
  input.push(Buffer.from('\x1b[?62;52c'));
  expect(events).toEqual(['x', 'escape', 'reply']);
  input.dispose();
});

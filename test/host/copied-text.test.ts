import { expect, it } from 'vitest';
import { createCopiedText } from '../../src/host/copied-text.ts';

function listener() {
  const heard: string[] = [];
  const drain: (() => void)[] = [];
  const close: (() => void)[] = [];
  return {
    heard,
    queuedBytes: 0,
    sendEvent: (event: { event: string; text?: string }) => void heard.push(event.text ?? event.event),
    onDrain: (run: () => void) => void drain.push(run),
    onClose: (run: () => void) => void close.push(run),
    read() {
      this.queuedBytes = 0;
      for (const run of drain) run();
    },
    leave: () => close.forEach((run) => void run()),
  };
}

it('tells every client what was copied last, also the one it comes from and those that come later', () => {
  const copied = createCopiedText();
  const [one, other, later] = [listener(), listener(), listener()];
  copied.add(one);
  copied.add(other);
  copied.keep('first');
  copied.keep('second');
  copied.add(later);
  expect([one.heard, other.heard, later.heard]).toEqual([['first', 'second'], ['first', 'second'], ['second']]);
  other.leave();
  copied.keep('third');
  expect([one.heard.at(-1), other.heard.at(-1)]).toEqual(['third', 'second']);
});

it('tells a client that does not read the newest when it does, once, and keeps nothing for it', () => {
  const copied = createCopiedText();
  const slow = listener();
  copied.add(slow);
  slow.queuedBytes = 1e6;
  for (let i = 0; i < 1000; i++) copied.keep(`text ${i}`);
  expect(slow.heard).toEqual([]);
  slow.read();
  slow.read();
  expect(slow.heard).toEqual(['text 999']);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALT, CTRL, type InputEvent, NUM_LOCK, SHIFT, SUPER, type TerminalReport } from '../../src/core/input-event.ts';
import { encodeInput } from '../../src/terminal/input-encoder.ts';
import { createInputTokenizer } from '../../src/terminal/input-tokenizer.ts';
import { defaultInputModes } from '../helpers/input-modes.ts';

type Event = InputEvent | TerminalReport;

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const key = (name: string, modifiers = 0, more: Partial<Event> = {}): Event =>
  ({ type: 'key', key: name, modifiers, action: 'press', text: '', ...more }) as Event;
const typed = (name: string, text: string, modifiers = 0): Event => key(name, modifiers, { text } as Partial<Event>);
const reply = (content: unknown): Event => ({ type: 'reply', reply: content }) as Event;
const unknownBytes = (bytes: Iterable<number> | string): Event => ({
  type: 'unknown',
  bytes: typeof bytes === 'string' ? new Uint8Array(bytesOf(bytes)) : Uint8Array.from(bytes),
});
const mouse = (action: string, button: string, col: number, row: number, modifiers = 0): Event =>
  ({ type: 'mouse', action, button, col, row, modifiers }) as Event;

/** Everything that comes of the bytes, with a wait at the end. */
function read(input: string | Uint8Array): Event[] {
  const tokenizer = createInputTokenizer();
  const events = tokenizer.push(typeof input === 'string' ? bytesOf(input) : input);
  return [...events, ...tokenizer.flush()];
}

const CASES: Record<string, [string, Event[]][]> = {
  'characters and control bytes': [
    ['a', [typed('a', 'a')]],
    ['R', [typed('r', 'R', SHIFT)]],
    ['?', [typed('?', '?')]],
    ['É日😀', [typed('é', 'É', SHIFT), typed('日', '日'), typed('😀', '😀')]],
    [' ', [typed('space', ' ')]],
    ['\r\n\t', [key('enter'), key('j', CTRL), key('tab')]],
    ['\x7f\b', [key('backspace'), key('h', CTRL)]],
    ['\0\x01\x1a', [key('space', CTRL), key('a', CTRL), key('z', CTRL)]],
    ['\x1c\x1d\x1e\x1f', [key('\\', CTRL), key(']', CTRL), key('^', CTRL), key('_', CTRL)]],
  ],
  'Escape and Alt': [
    ['\x1b', [key('escape')]],
    ['\x1b\x1b', [key('escape'), key('escape')]],
    ['\x1b\x1b[A', [key('escape'), key('up')]],
    ['\x1ba\x1bR\x1bé', [key('a', ALT), key('r', ALT | SHIFT), key('é', ALT)]],
    ['\x1b\r\x1b\x7f\x1b\x02', [key('enter', ALT), key('backspace', ALT), key('b', ALT | CTRL)]],
    ['\x1b \x1b\t', [key('space', ALT), key('tab', ALT)]],
    ['\x1b[', [key('[', ALT)]],
    ['\x1bO', [key('o', ALT | SHIFT)]],
    ['\x1b]\x1bP', [key(']', ALT), key('p', ALT | SHIFT)]],
    ['\x1b]x', [key(']', ALT), typed('x', 'x')]],
    ['\x1bXy', [key('x', ALT | SHIFT), typed('y', 'y')]],
  ],
  'cursor and function keys of many terminals': [
    ['\x1b[A\x1bOB\x1b[1;5C\x1b[1;3D', [key('up'), key('down'), key('right', CTRL), key('left', ALT)]],
    ['\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~', ['home', 'end', 'home', 'end', 'home', 'end'].map((k) => key(k))],
    ['\x1b[2~\x1b[3;5~\x1b[5~\x1b[6;2~', [key('insert'), key('delete', CTRL), key('page_up'), key('page_down', SHIFT)]],
    [
      '\x1bOP\x1bOS\x1b[11~\x1b[14~\x1b[15~\x1b[24;2~',
      [...['f1', 'f4', 'f1', 'f4', 'f5'].map((k) => key(k)), key('f12', SHIFT)],
    ],
    ['\x1bOR\x1b[1;2R\x1b[13~\x1b[13;2~', [key('f3'), key('f3', SHIFT), key('f3'), key('f3', SHIFT)]],
    ['\x1b[25~\x1b[34~\x1b[56~', [key('f13'), key('f20'), key('f35')]],
    ['\x1b[[A\x1b[[E', [key('f1'), key('f5')]],
    ['\x1b[Z\x1b[1;6Z', [key('tab', SHIFT), key('tab', SHIFT | CTRL)]],
    [
      '\x1b[7$\x1b[7^\x1b[7@\x1b[a\x1bOa',
      [key('home', SHIFT), key('home', CTRL), key('home', CTRL | SHIFT), key('up', SHIFT), key('up', CTRL)],
    ],
    ['\x1bOM\x1bOq\x1bOk\x1bO5M', [key('kp_enter'), typed('kp_1', '1'), typed('kp_add', '+'), key('kp_enter', CTRL)]],
    ['\x1b[E', [key('kp_begin')]],
  ],
  'modifyOtherKeys and the kitty protocol': [
    ['\x1b[27;2;13~\x1b[27;5;9~', [key('enter', SHIFT), key('tab', CTRL)]],
    ['\x1b[27;6;65~', [key('a', CTRL | SHIFT, { shifted: 'A' } as never)]],
    ['\x1b[27;5;63~', [key('?', CTRL)]],
    ['\x1b[27u\x1b[13;2u\x1b[98;5u', [key('escape'), key('enter', SHIFT), key('b', CTRL)]],
    ['\x1b[97u\x1b[97;2u\x1b[97;65u', [typed('a', 'a'), typed('a', 'A', SHIFT), typed('a', 'A', 64)]],
    ['\x1b[47:63;2u', [{ ...typed('/', '?', SHIFT), shifted: '?' } as Event]],
    ['\x1b[1089::99;5u', [key('с', CTRL, { base: 'c' } as never)]],
    [
      '\x1b[97;1:2u\x1b[97;1:3u',
      [{ ...typed('a', 'a'), action: 'repeat' } as Event, key('a', 0, { action: 'release' } as never)],
    ],
    [
      '\x1b[1;1:3A\x1b[3;129:2~',
      [key('up', 0, { action: 'release' } as never), key('delete', NUM_LOCK, { action: 'repeat' } as never)],
    ],
    ['\x1b[97;3;229u\x1b[0;;26085:26412u', [typed('a', 'å', ALT), typed('', '日本')]],
    ['\x1b[57399u\x1b[57414;9u\x1b[57441;2u', [typed('kp_0', '0'), key('kp_enter', SUPER), key('left_shift', SHIFT)]],
    ['\x1b[65;6u', [key('a', CTRL | SHIFT, { shifted: 'A' } as never)]],
  ],
  'mouse and focus': [
    ['\x1b[<0;1;1M\x1b[<0;300;2m', [mouse('press', 'left', 0, 0), mouse('release', 'left', 299, 1)]],
    ['\x1b[<35;5;6M\x1b[<32;5;6M', [mouse('move', 'none', 4, 5), mouse('move', 'left', 4, 5)]],
    [
      '\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<66;1;1M\x1b[<67;1;1M',
      ['up', 'down', 'left', 'right'].map((way) => mouse('press', `wheel-${way}`, 0, 0)),
    ],
    [
      '\x1b[<28;3;4M\x1b[<128;3;4M',
      [mouse('press', 'left', 2, 3, SHIFT | ALT | CTRL), mouse('press', 'button-8', 2, 3)],
    ],
    ['\x1b[M !!\x1b[M#!!', [mouse('press', 'left', 0, 0), mouse('release', 'none', 0, 0)]],
    ['\x1b[32;5;6M', [mouse('press', 'left', 4, 5)]],
    [
      '\x1b[I\x1b[O',
      [
        { type: 'focus', focused: true },
        { type: 'focus', focused: false },
      ],
    ],
  ],
  'answers to queries': [
    ['\x1b[?62;22;52c', [reply({ kind: 'device-attributes', params: [62, 22, 52] })]],
    ['\x1b[>1;4000;0c', [reply({ kind: 'secondary-attributes', params: [1, 4000, 0] })]],
    ['\x1bP>|kitty(0.40.0)\x1b\\', [reply({ kind: 'version', text: 'kitty(0.40.0)' })]],
    ['\x1b[?2026;2$y', [reply({ kind: 'mode', mode: 2026, value: 2 })]],
    ['\x1b[?5u', [reply({ kind: 'kitty-flags', flags: 5 })]],
    ['\x1b]11;rgb:1e1e/80/f\x07', [reply({ kind: 'color', what: 'background', rgb: { r: 30, g: 128, b: 255 } })]],
    [
      '\x1b]10;rgba:ffff/0000/8080/ffff\x1b\\',
      [reply({ kind: 'color', what: 'foreground', rgb: { r: 255, g: 0, b: 128 } })],
    ],
    ['\x1b]12;#ff8000\x1b\\', [reply({ kind: 'color', what: 'cursor', rgb: { r: 255, g: 128, b: 0 } })]],
    ['\x1b]4;7;rgb:ffff/ffff/ffff\x1b\\', [reply({ kind: 'color', what: 7, rgb: { r: 255, g: 255, b: 255 } })]],
    [
      '\x1b[?997;1n\x1b[?997;2n',
      [reply({ kind: 'color-scheme', scheme: 'dark' }), reply({ kind: 'color-scheme', scheme: 'light' })],
    ],
    ['\x1b[24;80R', [reply({ kind: 'cursor-position', row: 23, col: 79 })]],
    [
      '\x1b[8;24;80t\x1b[6;16;8t',
      [reply({ kind: 'window-size', params: [8, 24, 80] }), reply({ kind: 'window-size', params: [6, 16, 8] })],
    ],
    ['\x1bP1+r4d73=00\x1b\\', [reply({ kind: 'capability', name: 'Ms', known: true })]],
    ['\x1bP0+r524742\x1b\\', [reply({ kind: 'capability', name: 'RGB', known: false })]],
    ['\x1bP0+r\x1b\\', [reply({ kind: 'other', bytes: new Uint8Array(bytesOf('\x1bP0+r\x1b\\')) })]],
    ['\x1b_Gi=31;OK\x1b\\', [reply({ kind: 'other', bytes: new Uint8Array(bytesOf('\x1b_Gi=31;OK\x1b\\')) })]],
    ['\x1b[>4;2m', [reply({ kind: 'other', bytes: new Uint8Array(bytesOf('\x1b[>4;2m')) })]],
  ],
  'what is broken': [
    ['\x1b[1;5', [key('[', ALT), typed('1', '1'), typed(';', ';'), typed('5', '5')]],
    ['\x1b[1\r', [key('[', ALT), typed('1', '1'), key('enter')]],
    ['\x1b[<35;10', [unknownBytes('\x1b[<35;10')]],
    ['\x1b[<35;\x1b[A', [unknownBytes('\x1b[<35;'), key('up')]],
    ['\x1b]11;rgb:ff', [unknownBytes('\x1b]11;rgb:ff')]],
    ['\x1b]11;rgb\x03', [unknownBytes('\x1b]11;rgb'), key('c', CTRL)]],
    ['\x1b]11;rgb\x1b[A', [unknownBytes('\x1b]11;rgb'), key('up')]],
    ['\x1b[99z', [unknownBytes('\x1b[99z')]],
    ['\x1b[201~', [unknownBytes('\x1b[201~')]],
    ['\x1b[M !', [unknownBytes('\x1b[M !')]],
  ],
};

describe('the input tokenizer', () => {
  for (const [group, cases] of Object.entries(CASES)) {
    it.each(cases)(`reads ${group}: %j`, (input, events) => {
      expect(read(input)).toEqual(events);
    });
  }

  it('never loses bytes that are not UTF-8', () => {
    expect(read(Uint8Array.of(0x61, 0xe9, 0x62))).toEqual([typed('a', 'a'), unknownBytes([0xe9]), typed('b', 'b')]);
    expect(read(Uint8Array.of(0xc3))).toEqual([unknownBytes([0xc3])]);
    expect(read(Uint8Array.of(0xed, 0xa0, 0x80))).toEqual([
      unknownBytes([0xed]),
      unknownBytes([0xa0]),
      unknownBytes([0x80]),
    ]);
    expect(read(Uint8Array.of(0x1b, 0xff))).toEqual([key('escape'), unknownBytes([0xff])]);
  });

  it('takes CSI 1 ; 2 R for a cursor position as often as one is expected', () => {
    const tokenizer = createInputTokenizer();
    tokenizer.expectCursorPosition();
    expect(tokenizer.push(bytesOf('\x1b[1;2R\x1b[1;2R'))).toEqual([
      reply({ kind: 'cursor-position', row: 0, col: 1 }),
      key('f3', SHIFT),
    ]);
    tokenizer.expectCursorPosition();
    expect(tokenizer.push(bytesOf('\x1b[?62c\x1b[1;2R')).at(-1)).toEqual(key('f3', SHIFT));
  });

  it('streams a paste: start, pieces, end', () => {
    const tokenizer = createInputTokenizer();
    const paste = (phase: string, text = ''): Event => ({ type: 'paste', phase, text }) as Event;
    expect(tokenizer.push(bytesOf('x\x1b[200~ab'))).toEqual([typed('x', 'x'), paste('start'), paste('data', 'ab')]);
    expect(tokenizer.push(bytesOf('\x1b[A\r\n\x1b[20'))).toEqual([paste('data', '\x1b[A\r\n')]);
    expect(tokenizer.push(bytesOf('1~y'))).toEqual([paste('end'), typed('y', 'y')]);
    expect(tokenizer.push(bytesOf('\x1b[200~\x1b[201~'))).toEqual([paste('start'), paste('end')]);
  });

  it('ends a paste whose end never came, and gives back what it held', () => {
    const tokenizer = createInputTokenizer();
    tokenizer.push(bytesOf('\x1b[200~ab\x1b[20'));
    expect(tokenizer.needsFlushIn()).toBeGreaterThanOrEqual(1000);
    expect(tokenizer.flush()).toEqual([
      { type: 'paste', phase: 'data', text: '\x1b[20' },
      { type: 'paste', phase: 'end', text: '' },
    ]);
    expect(tokenizer.needsFlushIn()).toBeNull();
    expect(tokenizer.push(bytesOf('a'))).toEqual([typed('a', 'a')]);
  });

  it('says how long to wait: briefly for Escape, longer for what no key begins with, not at all for what is whole', () => {
    const tokenizer = createInputTokenizer({ escapeTimeoutMs: 25 });
    const waitAfter = (input: string | Uint8Array): number | null => {
      tokenizer.push(typeof input === 'string' ? bytesOf(input) : input);
      const wait = tokenizer.needsFlushIn();
      tokenizer.flush();
      expect(tokenizer.needsFlushIn()).toBeNull();
      return wait;
    };
    expect(waitAfter('a\x1b[A')).toBeNull();
    expect(waitAfter('\x1b')).toBe(25);
    expect(waitAfter('\x1b[')).toBe(25);
    expect(waitAfter('\x1b[1;')).toBe(500);
    expect(waitAfter('\x1b]11;rgb:')).toBe(500);
    expect(waitAfter(Uint8Array.of(0xc3))).toBe(500);
    tokenizer.setEscapeTimeout(1000);
    expect(waitAfter('\x1b')).toBe(1000);
    expect(waitAfter('\x1b[1')).toBe(1000);
  });

  it('does not keep an endless string, nor types its rest, and reads on behind it', () => {
    const tokenizer = createInputTokenizer();
    const piece = new Uint8Array(5 * 1024).fill(0x41);
    const events = tokenizer.push(bytesOf('\x1b]52;c;'));
    for (let i = 0; i < 20; i++) events.push(...tokenizer.push(piece));
    events.push(...tokenizer.push(bytesOf('B\x1b')), ...tokenizer.push(bytesOf('\\\x1b[A')));
    expect(events.at(-1)).toEqual(key('up'));
    const unknown = events.slice(0, -1);
    expect(unknown.map((event) => event.type)).toEqual(unknown.map(() => 'unknown'));
    const sizes = unknown.map((event) => (event.type === 'unknown' ? event.bytes.length : 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16 * 1024);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(7 + 20 * piece.length + 1 + 2);
  });

  it('lets a key end an endless string, and time too', () => {
    const tokenizer = createInputTokenizer();
    const long = `\x1b]52;c;${'A'.repeat(70_000)}`;
    expect(tokenizer.push(bytesOf(`${long}\x03x`)).slice(-2)).toEqual([key('c', CTRL), typed('x', 'x')]);
    tokenizer.push(bytesOf(long));
    expect(tokenizer.needsFlushIn()).toBe(500);
    tokenizer.flush();
    expect(tokenizer.needsFlushIn()).toBeNull();
    expect(tokenizer.push(bytesOf('x'))).toEqual([typed('x', 'x')]);
  });

  it('keeps nothing of the caller’s buffer', () => {
    const tokenizer = createInputTokenizer();
    const buffer = bytesOf('\x1b[1;5');
    tokenizer.push(buffer);
    buffer.fill(0x7a);
    expect(tokenizer.push(bytesOf('A'))).toEqual([key('up', CTRL)]);
  });
});

describe('any way to split the input', () => {
  const fragments = Object.values(CASES).flatMap((cases) => cases.map(([input]) => Uint8Array.from(bytesOf(input))));
  const fragment = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...fragments) },
    {
      weight: 2,
      arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => Uint8Array.from(bytesOf(text))),
    },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 4 }) },
    {
      weight: 2,
      arbitrary: fc
        .string({ unit: fc.constantFrom('a', 'é', '😀', '\x1b', '[', '2', '0', '1', '~', '\n') })
        .map((text) => Uint8Array.from(bytesOf(`\x1b[200~${text}\x1b[201~`))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map((body) => Buffer.from([0x1b, 0x5b, ...body])) },
    { weight: 1, arbitrary: fc.integer({ min: 1000, max: 1100 }).map((n) => bytesOf(`\x1b[${'1'.repeat(n)}u`)) },
  );

  /** Pieces of a paste joined: where they are cut is not part of the meaning. */
  function normalized(events: Event[]): Event[] {
    const result: Event[] = [];
    for (const event of events) {
      const last = result.at(-1);
      if (event.type === 'paste' && event.phase === 'data' && last?.type === 'paste' && last.phase === 'data') {
        result[result.length - 1] = { ...last, text: last.text + event.text };
      } else result.push(event);
    }
    return result;
  }

  it('gives the same events', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 8 }), fc.array(fc.nat(40), { maxLength: 40 }), (parts, steps) => {
        const whole = Buffer.concat(parts);
        const together = createInputTokenizer();
        const apart = createInputTokenizer();
        const expected = [...together.push(whole), ...together.flush()];
        const actual: Event[] = [];
        let at = 0;
        for (const step of [...steps, whole.length]) {
          actual.push(...apart.push(whole.subarray(at, at + step)));
          at = Math.min(whole.length, at + step);
        }
        actual.push(...apart.flush());
        expect(normalized(actual)).toEqual(normalized(expected));
      }),
      { numRuns: 1500 },
    );
  });

  it('also byte by byte', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 4 }), (parts) => {
        const whole = Buffer.concat(parts);
        const apart = createInputTokenizer();
        const actual = [...whole].flatMap((byte) => apart.push(Uint8Array.of(byte)));
        expect(normalized([...actual, ...apart.flush()])).toEqual(normalized(read(whole)));
      }),
      { numRuns: 500 },
    );
  });

  it('loses no typed byte: text and broken input come out of a legacy encoder as they went in', () => {
    const soup = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 5 }),
        fc.constantFrom('\x1b', '\x1b[', '\x1b[1', '\x1bO', '\r', '\t', '\x01'),
      ),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        const input = parts.join('');
        // Complete sequences may be told in another way; here only what is typed or broken counts.
        fc.pre(!/\x1b[[O]?[\d;]*[\x20-\x2f]*[\x3a-\x7e]/.test(input.replaceAll(/\x1b(?=[^[O\]P_])/g, '')));
        fc.pre(!/\x1b[\]P_]/.test(input) && Buffer.from(input).toString() === input);
        const output = read(input).map((event) => {
          if (event.type === 'unknown') return Buffer.from(event.bytes).toString('utf8');
          expect(event.type).toBe('key');
          return String(encodeInput(event as InputEvent, defaultInputModes));
        });
        expect(output.join('')).toBe(input);
      }),
      { numRuns: 1000 },
    );
  });
});

/**
 * Finds the control sequences in a terminal's output, across chunk borders. Only as much of ECMA-48 as is needed to know where a
 * sequence ends; what it means to the screen is the emulator's business.
 */
export type Sequence =
  | { kind: 'csi'; prefix: string; params: string; intermediates: string; final: string }
  | { kind: 'osc' | 'dcs'; body: string; terminator: string };

/** `onSequence` gets the offset in `bytes` just behind the sequence. */
export type SequenceScanner = { scan(bytes: Uint8Array, onSequence: (sequence: Sequence, end: number) => void): void };

/** Longer strings are skipped, not kept: a hostile program may never end one. */
const MAX_BODY_BYTES = 65_536;

const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;

export function createSequenceScanner(): SequenceScanner {
  let state: 'ground' | 'escape' | 'csi' | 'string' | 'string-escape' = 'ground';
  let stringKind: 'osc' | 'dcs' | 'other' = 'other';
  let body: number[] = [];

  return {
    scan(bytes, onSequence) {
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i]!;
        if (byte === CAN || byte === SUB) {
          state = 'ground';
          continue;
        }
        switch (state) {
          case 'ground':
            if (byte === ESC) state = 'escape';
            break;
          case 'escape':
            body = [];
            if (byte === 0x5b) state = 'csi';
            else if (byte === 0x5d) [state, stringKind] = ['string', 'osc'];
            else if (byte === 0x50) [state, stringKind] = ['string', 'dcs'];
            else if (byte === 0x5f || byte === 0x5e || byte === 0x58) [state, stringKind] = ['string', 'other'];
            else if (byte !== ESC && (byte < 0x20 || byte > 0x2f)) state = 'ground';
            break;
          case 'csi':
            if (byte === ESC) state = 'escape';
            else if (byte >= 0x40 && byte <= 0x7e) {
              state = 'ground';
              onSequence(parseCsi(String.fromCharCode(...body), String.fromCharCode(byte)), i + 1);
            } else if (byte >= 0x20 && byte < 0x40 && body.length < 256) body.push(byte);
            break;
          case 'string':
            if (byte === ESC) state = 'string-escape';
            else if (byte === BEL && stringKind === 'osc') finish('\x07', i + 1);
            else if (body.length < MAX_BODY_BYTES) body.push(byte);
            break;
          case 'string-escape':
            if (byte === 0x5c) finish('\x1b\\', i + 1);
            else {
              // The escape ends the string without a terminator and begins something of its own.
              state = 'escape';
              i--;
            }
            break;
        }
      }

      function finish(terminator: string, end: number): void {
        state = 'ground';
        if (stringKind !== 'other') {
          onSequence({ kind: stringKind, body: Buffer.from(body).toString('utf8'), terminator }, end);
        }
      }
    },
  };
}

function parseCsi(text: string, final: string): Sequence {
  const match = /^([<=>?]*)([0-9;:]*)([ -/]*)/.exec(text);
  return { kind: 'csi', prefix: match?.[1] ?? '', params: match?.[2] ?? '', intermediates: match?.[3] ?? '', final };
}

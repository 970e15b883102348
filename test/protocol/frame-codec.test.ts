import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameDecoder, encodeFrame, FrameError } from '../../src/protocol/frame-codec.ts';

describe('the frame codec', () => {
  it('gives the same frames however the stream is cut', () => {
    const frames = fc.array(fc.tuple(fc.integer({ min: 1, max: 255 }), fc.uint8Array({ maxLength: 300 })), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (list, cuts) => {
        const stream = Buffer.concat(list.map(([kind, payload]) => encodeFrame(kind, payload)));
        const decoder = createFrameDecoder();
        const got: [number, number[]][] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = at + cuts[i % cuts.length]!;
          for (const frame of decoder.push(stream.subarray(at, end))) got.push([frame.kind, [...frame.payload]]);
          at = end;
        }
        expect(got).toEqual(list.map(([kind, payload]) => [kind, [...payload]]));
      }),
    );
  });

  it('refuses a frame of two gigabytes before anything is kept for it', () => {
    const header = Buffer.alloc(5);
    header.writeUInt32LE(2 ** 31, 0);
    expect(() => createFrameDecoder().push(header)).toThrow(FrameError);
  });

  it('refuses a frame without a kind', () => {
    expect(() => createFrameDecoder().push(Buffer.alloc(8))).toThrow(FrameError);
  });
});

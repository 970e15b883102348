import type { XtermCore } from './xterm-core.ts';

/** `complete` is false when there was more than was kept. */
export type OnControlString = (text: string, complete: boolean) => void;

/**
 * Takes an OSC from xterm: this handler alone gets its text, and of it no more than `maxUnits`. xterm's own handlers keep up to
 * 10 million characters each, of nine panes, for as long as a program leaves the string open.
 */
export function takeOsc(core: XtermCore, code: number, maxUnits: number, handle: OnControlString): void {
  const parser = core._inputHandler._parser;
  const { begin, put, end } = collect(maxUnits, handle);
  parser.clearOscHandler(code);
  parser.registerOscHandler(code, { start: begin, put, end });
}

/** As takeOsc, for a DCS. */
export function takeDcs(
  core: XtermCore,
  id: { intermediates: string; final: string },
  maxUnits: number,
  handle: OnControlString,
): void {
  const parser = core._inputHandler._parser;
  const { begin, put, end } = collect(maxUnits, handle);
  parser.clearDcsHandler(id);
  parser.registerDcsHandler(id, { hook: begin, put, unhook: end });
}

function collect(maxUnits: number, handle: OnControlString) {
  let pieces: string[] = [];
  let length = 0;
  let complete = true;

  function begin(): void {
    pieces = [];
    length = 0;
    complete = true;
  }

  return {
    begin,
    put(data: Uint32Array, start: number, end: number): void {
      const stop = Math.min(end, start + maxUnits - length);
      if (stop < end) complete = false;
      for (let at = start; at < stop; at += MAX_ARGUMENTS) {
        pieces.push(String.fromCodePoint(...data.subarray(at, Math.min(stop, at + MAX_ARGUMENTS))));
      }
      length += Math.max(0, stop - start);
    },
    /** `ended`: by its terminator, not by CAN, SUB or another sequence. */
    end(ended: boolean): boolean {
      const text = pieces.join('');
      const whole = complete;
      begin();
      if (ended) handle(text, whole);
      return true;
    },
  };
}

/** Far below what a call may have on the stack. */
const MAX_ARGUMENTS = 4096;

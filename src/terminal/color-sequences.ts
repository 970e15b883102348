import { formatColorSpec, parseColorSpec } from './color-spec.ts';
import { takeOsc } from './control-strings.ts';
import type { ColorSlot, PaneColors } from './pane-colors.ts';
import type { XtermCore } from './xterm-core.ts';

export type ColorSequencesOptions = {
  core: XtermCore;
  colors: PaneColors;
  /** Answers a query with the slot's colour, or not at all where nobody knows it. */
  answer(what: ColorSlot, format: (color: number) => string): void;
};

/** All 256 colours in one sequence, in their longest form. */
const MAX_UNITS = 256 * 32;
const DYNAMIC = ['foreground', 'background', 'cursor'] as const;

/**
 * OSC 4, 10, 11 and 12 set or ask, 104 and 110 to 112 undo (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html). 13 to 19 (pointer,
 * Tektronix, selection) colour what a pane does not have: they vanish.
 */
export function installColorSequences({ core, colors, answer }: ColorSequencesOptions): void {
  function setOrAnswer(what: ColorSlot, spec: string, prefix: string): void {
    if (spec === '?') {
      answer(what, (color) => `\x1b]${prefix};${formatColorSpec(color)}\x1b\\`);
      return;
    }
    const color = parseColorSpec(spec);
    if (color !== null) colors.set(what, color);
  }

  takeOsc(core, 4, MAX_UNITS, (text) => {
    const parts = text.split(';');
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const index = paletteIndex(parts[i]!);
      if (index !== null) setOrAnswer(index, parts[i + 1]!, `4;${index}`);
    }
  });
  takeOsc(core, 104, MAX_UNITS, (text) => {
    if (text === '') colors.unsetPalette();
    for (const part of text.split(';')) {
      const index = paletteIndex(part);
      if (index !== null) colors.unset(index);
    }
  });
  DYNAMIC.forEach((what, offset) => {
    // Several colours in one sequence are for the slots that follow: `10;?;?` asks for foreground and background.
    takeOsc(core, 10 + offset, MAX_UNITS, (text) => {
      const specs = text.split(';').slice(0, DYNAMIC.length - offset);
      specs.forEach((spec, i) => void setOrAnswer(DYNAMIC[offset + i]!, spec, String(10 + offset + i)));
    });
    takeOsc(core, 110 + offset, MAX_UNITS, () => colors.unset(what));
  });
}

function paletteIndex(text: string): number | null {
  return /^\d{1,3}$/.test(text) && Number(text) < 256 ? Number(text) : null;
}

import { COLOR_16, COLOR_DEFAULT, COLOR_MASK, COLOR_MODE_MASK, COLOR_RGB, WORDS_PER_CELL } from '../core/cell.ts';
import { colorOfHex, isDark, usualPaletteColor } from './color-spec.ts';
import type { ColorScheme, OuterFacts } from './outer-facts.ts';

/**
 * The colours a program gave its pane (OSC 4, 10, 11, 12), and reverse video (DECSCNM). The outer terminal has one palette for nine panes,
 * so the pane's cells are recoloured on their way out: what is default or from the palette becomes RGB where the program said so.
 */
export type PaneColors = {
  /** Cells have to be recoloured. */
  readonly active: boolean;
  set(what: ColorSlot, color: number): void;
  /** Back to the outer terminal's. */
  unset(what: ColorSlot): void;
  unsetPalette(): void;
  setReverse(on: boolean): void;
  readonly reverse: boolean;
  /** The program's own colour; null where it set none. */
  own(what: ColorSlot): number | null;
  /** What a query is answered with: the program's own, else the outer terminal's; null where nobody knows. */
  effective(what: ColorSlot, outer: OuterFacts): number | null;
  scheme(outer: OuterFacts): ColorScheme | null;
  /** Copies cells, recoloured. */
  recolor(from: Uint32Array, to: Uint32Array, cells: number): void;
  /** An underline's colour. */
  recolorUnderline(word: number): number;
  reset(): void;
};

/** A number is one of the palette's. */
export type ColorSlot = 'foreground' | 'background' | 'cursor' | number;

const STYLE_BITS = ~(COLOR_MASK | COLOR_MODE_MASK);
/** For reverse video where the outer terminal keeps its colours to itself: light on dark is what most have. */
const WHITE = COLOR_16 | 7;
const BLACK = COLOR_16;

/** `outer`: the facts as known now. */
export function createPaneColors(outer: () => OuterFacts | null): PaneColors {
  const slots = new Map<ColorSlot, number>();
  let reverse = false;
  let paletteSize = 0;

  function own(what: ColorSlot): number | null {
    return slots.get(what) ?? null;
  }

  function effective(what: ColorSlot, facts: OuterFacts): number | null {
    const mine = own(what);
    if (mine !== null) return mine;
    const told = typeof what === 'number' ? facts.palette[what] : facts[what];
    if (told) return colorOfHex(told);
    if (typeof what === 'number') return usualPaletteColor(what);
    // A terminal without a cursor colour of its own draws the cursor in the text's.
    return what === 'cursor' ? effective('foreground', facts) : null;
  }

  function rgbWord(what: 'foreground' | 'background'): number {
    const color = own(what);
    return color === null ? COLOR_DEFAULT : COLOR_RGB | color;
  }

  /** The default colour in words: always one that can be said in place of the other. */
  function swappedWord(what: 'foreground' | 'background'): number {
    const facts = outer();
    const color = own(what) ?? (facts?.[what] ? colorOfHex(facts[what]) : null);
    if (color !== null) return COLOR_RGB | color;
    return what === 'foreground' ? WHITE : BLACK;
  }

  function recolorWord(word: number, whenDefault: number): number {
    const mode = word & COLOR_MODE_MASK;
    if (mode === COLOR_RGB) return word;
    if (mode === COLOR_DEFAULT) return whenDefault === COLOR_DEFAULT ? word : (word & STYLE_BITS) | whenDefault;
    const color = paletteSize > 0 ? slots.get(word & 0xff) : undefined;
    return color === undefined ? word : (word & STYLE_BITS) | COLOR_RGB | color;
  }

  return {
    get active() {
      // A cursor's colour is no cell's.
      return reverse || slots.size > (slots.has('cursor') ? 1 : 0);
    },
    set(what, color) {
      if (typeof what === 'number' && !slots.has(what)) paletteSize++;
      slots.set(what, color);
    },
    unset(what) {
      if (slots.delete(what) && typeof what === 'number') paletteSize--;
    },
    unsetPalette() {
      for (const what of slots.keys()) if (typeof what === 'number') slots.delete(what);
      paletteSize = 0;
    },
    setReverse(on) {
      reverse = on;
    },
    get reverse() {
      return reverse;
    },
    own,
    effective,
    scheme(facts) {
      const mine = own('background');
      if (mine !== null) return isDark(mine) ? 'dark' : 'light';
      if (facts.scheme) return facts.scheme;
      if (!facts.background) return null;
      return isDark(colorOfHex(facts.background)) ? 'dark' : 'light';
    },
    recolor(from, to, cells) {
      const foreground = reverse ? swappedWord('background') : rgbWord('foreground');
      const background = reverse ? swappedWord('foreground') : rgbWord('background');
      for (let at = 0; at < cells * WORDS_PER_CELL; at += WORDS_PER_CELL) {
        to[at] = from[at]!;
        to[at + 1] = recolorWord(from[at + 1]!, foreground);
        to[at + 2] = recolorWord(from[at + 2]!, background);
      }
    },
    recolorUnderline(word) {
      return recolorWord(word, COLOR_DEFAULT) >>> 0;
    },
    reset() {
      slots.clear();
      paletteSize = 0;
      reverse = false;
    },
  };
}

import fs from 'node:fs';
import path from 'node:path';
import {
  BG_DIM,
  BG_ITALIC,
  type CellExtra,
  CODEPOINT_MASK,
  COLOR_DEFAULT,
  COLOR_MODE_MASK,
  COLOR_RGB,
  FG_BOLD,
  FG_INVERSE,
  FG_INVISIBLE,
  FG_STRIKETHROUGH,
  FG_UNDERLINE,
  HAS_TEXT,
  WIDTH_MASK,
  WORDS_PER_CELL,
} from '../../src/core/cell.ts';
import { createScreen, type Screen } from '../../src/terminal/screen.ts';

/** A case of another project's conformance suite: `run` gives what differs on our screen, nothing when it is right. */
export type SuiteCase = { suite: SuiteName; name: string; run(): string[] };
export type SuiteName = 'xterm-fixtures' | 'alacritty-refs';

/** Looks in the folder and in its folders for suites of both formats. Throws when there is none, or when a case lacks a file. */
export function readSuites(folder: string): SuiteCase[] {
  const folders = [folder, ...subfolders(folder)];
  const cases = folders.flatMap((candidate) => [...readXtermFixtures(candidate), ...readAlacrittyRefs(candidate)]);
  if (cases.length === 0) {
    throw new Error(`no suite in ${folder}: expected NAME.in with NAME.text, or folders with alacritty.recording`);
  }
  return cases;
}

/** xterm.js's `escape_sequence_files`: 80×25, newline means CR LF, the text is the screen's. */
function readXtermFixtures(folder: string): SuiteCase[] {
  return filesOf(folder)
    .filter((name) => name.endsWith('.in'))
    .map((file) => {
      const name = file.slice(0, -'.in'.length);
      return {
        suite: 'xterm-fixtures',
        name,
        run() {
          const screen = createScreen({ cols: 80, rows: 25, scrollback: 1000 });
          screen.write(Buffer.from(readText(folder, file, 'latin1').replace(/\r?\n/g, '\r\n'), 'latin1'));
          const expected = readText(folder, `${name}.text`, 'utf8').split('\n');
          const differences: string[] = [];
          for (let row = 0; row < screen.rows; row++) {
            const is = screen.line(row)!.text.trimEnd();
            const should = (expected[row] ?? '').trimEnd();
            if (is !== should)
              differences.push(`row ${row}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
          }
          screen.dispose();
          return differences;
        },
      };
    });
}

type AlacrittyColor = { Named: string } | { Indexed: number } | { Spec: { r: number; g: number; b: number } };
type AlacrittyCell = {
  c: string;
  fg: AlacrittyColor;
  bg: AlacrittyColor;
  flags: string;
  extra: {
    zerowidth: string[];
    underline_color: AlacrittyColor | null;
    hyperlink: { inner: { id: string; uri: string } } | null;
  } | null;
};
type AlacrittyGrid = { raw: { inner: { inner: AlacrittyCell[] }[]; zero: number } };

/** alacritty_terminal's `tests/ref`: every cell of the screen, with its look. */
function readAlacrittyRefs(folder: string): SuiteCase[] {
  return subfolders(folder)
    .filter((candidate) => fs.existsSync(path.join(candidate, 'alacritty.recording')))
    .map((directory) => ({
      suite: 'alacritty-refs',
      name: path.basename(directory),
      run: () => runAlacrittyRef(directory),
    }));
}

function runAlacrittyRef(directory: string): string[] {
  const json = <T>(file: string): T => JSON.parse(readText(directory, file, 'utf8')) as T;
  const { columns: cols, screen_lines: rows } = json<{ columns: number; screen_lines: number }>('size.json');
  const { history_size: scrollback } = json<{ history_size: number }>('config.json');
  const { raw } = json<AlacrittyGrid>('grid.json');
  const screen = createScreen({ cols, rows, scrollback });
  screen.write(fs.readFileSync(path.join(directory, 'alacritty.recording')));
  const differences: string[] = [];
  for (let y = 0; y < rows; y++) {
    // A ring, the screen's last row first.
    const expected = raw.inner[(raw.zero + rows - 1 - y) % raw.inner.length]?.inner;
    if (expected?.length !== cols) throw new Error(`${directory}: grid.json has no row ${y} of ${cols} cells`);
    const line = screen.line(y)!;
    for (let x = 0; x < cols; x++) {
      const [is, should] = [ourCell(line, x), theirCell(expected[x]!)];
      for (const [part, value] of Object.entries(should) as [keyof Look, string][]) {
        if (is[part] !== value) differences.push(`${x},${y}: ${part} ${is[part]} instead of ${value}`);
      }
    }
  }
  screen.dispose();
  return differences;
}

/** In words, so that a difference can be read. */
type Look = {
  text: string;
  width: string;
  fg: string;
  bg: string;
  attributes: string;
  underline: string;
  link: string;
};

const UNDERLINES = ['none', 'single', 'double', 'curly', 'dotted', 'dashed'];

function ourCell(line: NonNullable<ReturnType<Screen['line']>>, x: number): Look {
  const [content, fg, bg] = line.words.subarray(x * WORDS_PER_CELL) as unknown as [number, number, number];
  const extra = line.extraAt(x);
  const codepoint = content & CODEPOINT_MASK;
  const text = (content & HAS_TEXT) !== 0 ? extra!.text! : codepoint === 0 ? ' ' : String.fromCodePoint(codepoint);
  const attributes: [boolean, string][] = [
    [(fg & FG_BOLD) !== 0, 'BOLD'],
    [(bg & BG_DIM) !== 0, 'DIM'],
    [(bg & BG_ITALIC) !== 0, 'ITALIC'],
    [(fg & FG_INVERSE) !== 0, 'INVERSE'],
    [(fg & FG_INVISIBLE) !== 0, 'HIDDEN'],
    [(fg & FG_STRIKETHROUGH) !== 0, 'STRIKEOUT'],
  ];
  return {
    text,
    width: String((content & WIDTH_MASK) >> 22),
    fg: ourColor(fg),
    bg: ourColor(bg),
    attributes: attributes.flatMap(([on, name]) => (on ? [name] : [])).join(' '),
    underline: underlineOf(fg, extra),
    link: extra?.link?.uri ?? '',
  };
}

function underlineOf(fg: number, extra: CellExtra | undefined): string {
  if ((fg & FG_UNDERLINE) === 0) return 'none';
  const color = extra?.underlineColor ? ` ${ourColor(extra.underlineColor)}` : '';
  return `${UNDERLINES[extra?.underlineStyle || 1]}${color}`;
}

function ourColor(word: number): string {
  switch (word & COLOR_MODE_MASK) {
    case COLOR_DEFAULT:
      return 'default';
    case COLOR_RGB:
      return `#${(word & 0xffffff).toString(16).padStart(6, '0')}`;
    default:
      return String(word & 255);
  }
}

const NAMED = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];
const ATTRIBUTES = ['BOLD', 'DIM', 'ITALIC', 'INVERSE', 'HIDDEN', 'STRIKEOUT'];
const UNDERLINE_FLAGS = ['UNDERLINE', 'DOUBLE_UNDERLINE', 'UNDERCURL', 'DOTTED_UNDERLINE', 'DASHED_UNDERLINE'];

function theirCell({ c, fg, bg, flags, extra }: AlacrittyCell): Look {
  const names = new Set(flags.split(' | '));
  const spacer = names.has('WIDE_CHAR_SPACER');
  const underline = UNDERLINE_FLAGS.findIndex((name) => names.has(name)) + 1;
  const color = underline > 0 && extra?.underline_color ? ` ${theirColor(extra.underline_color)}` : '';
  return {
    // A tab leaves a mark in alacritty's cell that is drawn as a blank.
    text: spacer || c === '\t' ? ' ' : c + (extra?.zerowidth.join('') ?? ''),
    width: spacer ? '0' : names.has('WIDE_CHAR') ? '2' : '1',
    fg: theirColor(fg),
    bg: theirColor(bg),
    attributes: ATTRIBUTES.filter((name) => names.has(name)).join(' '),
    underline: `${UNDERLINES[underline]}${color}`,
    link: extra?.hyperlink?.inner.uri ?? '',
  };
}

function theirColor(color: AlacrittyColor): string {
  if ('Indexed' in color) return String(color.Indexed);
  if ('Spec' in color) {
    const { r, g, b } = color.Spec;
    return `#${((r << 16) | (g << 8) | b).toString(16).padStart(6, '0')}`;
  }
  const index = NAMED.indexOf(color.Named.replace('Bright', ''));
  return index < 0 ? 'default' : String(index + (color.Named.startsWith('Bright') ? 8 : 0));
}

function filesOf(folder: string): string[] {
  return fs.readdirSync(folder).sort();
}

function subfolders(folder: string): string[] {
  return filesOf(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isDirectory());
}

function readText(folder: string, name: string, encoding: 'utf8' | 'latin1'): string {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) throw new Error(`${file} is missing: the case cannot be run`);
  return fs.readFileSync(file, encoding);
}

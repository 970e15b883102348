import type { ReferenceCell, ReferenceTerminal } from '../helpers/reference-terminal.ts';

/** A screen as an SVG picture, in its own colours. Lines and blocks are shapes, so that no font can leave gaps between them. */
const CELL = { width: 8.4, height: 18 };
const FONT_SIZE = 14;
const BASELINE = 13.5;
const PADDING = 10;
const FRAME = { fill: '#101010', stroke: '#404040', radius: 8 };

export function drawSvg(screen: ReferenceTerminal, title: string): string {
  const width = round(screen.cols * CELL.width + 2 * PADDING);
  const height = round(screen.rows * CELL.height + 2 * PADDING);
  const rows = Array.from({ length: screen.rows }, (_, y) => drawRow(screen, y));
  const { fill, stroke, radius } = FRAME;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escapeText(title)}</title>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="${radius}" fill="${fill}" stroke="${stroke}"/>`,
    `<g transform="translate(${PADDING} ${PADDING})" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...rows.flat(),
    drawCursor(screen),
    '</g>',
    '</svg>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n');
}

type Look = { ink: string; paper: string; attributes: string };
/** Neighbouring cells that look alike and can be drawn as one text. */
type Run = Look & { x: number; text: string; cells: number };

function drawRow(screen: ReferenceTerminal, y: number): string[] {
  const top = round(y * CELL.height);
  const papers: Run[] = [];
  const texts: Run[] = [];
  const shapes: string[] = [];
  for (let x = 0; x < screen.cols; x++) {
    const cell = screen.cell(x, y);
    if (cell.width === 0) continue;
    const look = lookOf(cell);
    const run = { ...look, x, text: cell.chars, cells: cell.width };
    if (look.paper !== FRAME.fill) append(papers, { ...run, text: '' }, (before) => before.paper === look.paper);
    if (cell.chars.trim() === '' && !look.attributes.includes('text-decoration')) {
      // Single blanks inside a text keep it whole.
      const before = texts.at(-1);
      if (before && before.x + before.cells === x && isPlain(before.text) && !before.text.endsWith(' '))
        append(texts, { ...run, ...lookFrom(before) }, () => true);
      continue;
    }
    const shape = drawShape(cell.chars, x, top, look.ink);
    if (shape !== null) shapes.push(shape);
    else append(texts, run, (before) => sameLook(before, look) && isPlain(before.text) && isPlain(cell.chars));
  }
  return [
    ...papers.map(
      ({ x, cells, paper }) =>
        `<rect x="${left(x)}" y="${top}" width="${round(cells * CELL.width)}" height="${CELL.height}" fill="${paper}"/>`,
    ),
    ...joinPaths(shapes),
    ...texts.map((run) => drawText(run, top)),
  ];
}

function drawText(run: Run, top: number): string {
  const text = run.text.trimEnd();
  const cells = run.cells - (run.text.length - text.length);
  const length = isPlain(text) ? ` textLength="${round(cells * CELL.width)}"` : '';
  return `<text x="${left(run.x)}" y="${round(top + BASELINE)}" fill="${run.ink}"${run.attributes}${length}>${escapeText(text)}</text>`;
}

function append(runs: Run[], run: Run, joins: (before: Run) => boolean): void {
  const before = runs.at(-1);
  if (before && before.x + before.cells === run.x && joins(before)) {
    before.text += run.text;
    before.cells += run.cells;
  } else runs.push(run);
}

function lookOf({ fg, bg, flags }: ReferenceCell): Look {
  const inverse = flags.includes('inverse');
  const attributes = [
    flags.includes('bold') ? ' font-weight="bold"' : '',
    flags.includes('italic') ? ' font-style="italic"' : '',
    flags.includes('faint') ? ' opacity=".6"' : '',
    flags.includes('underline') ? ' text-decoration="underline"' : '',
    flags.includes('strikethrough') ? ' text-decoration="line-through"' : '',
  ].join('');
  const [ink, paper] = inverse ? [bg, fg] : [fg, bg];
  return { ink: hex(flags.includes('invisible') ? paper : ink), paper: hex(paper), attributes };
}

const lookFrom = ({ ink, paper, attributes }: Look): Look => ({ ink, paper, attributes });

function sameLook(a: Look, b: Look): boolean {
  return a.ink === b.ink && a.attributes === b.attributes;
}

/** Every font draws these one cell wide; others may come from another font, so each has its own place. */
function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** Which arms a line has from the middle of its cell: left, right, up, down; 1 light, 2 heavy, 3 double. */
const LINES: Readonly<Record<string, readonly [number, number, number, number]>> = {
  '─': [1, 1, 0, 0],
  '━': [2, 2, 0, 0],
  '═': [3, 3, 0, 0],
  '│': [0, 0, 1, 1],
  '┃': [0, 0, 2, 2],
  '┌': [0, 1, 0, 1],
  '┐': [1, 0, 0, 1],
  '└': [0, 1, 1, 0],
  '┘': [1, 0, 1, 0],
  '╭': [0, 1, 0, 1],
  '╮': [1, 0, 0, 1],
  '╰': [0, 1, 1, 0],
  '╯': [1, 0, 1, 0],
  '├': [0, 1, 1, 1],
  '┤': [1, 0, 1, 1],
  '┬': [1, 1, 0, 1],
  '┴': [1, 1, 1, 0],
  '┼': [1, 1, 1, 1],
  '┏': [0, 2, 0, 2],
  '┓': [2, 0, 0, 2],
  '┗': [0, 2, 2, 0],
  '┛': [2, 0, 2, 0],
};
const BLOCKS: Readonly<Record<string, number>> = { '█': 1, '▓': 0.75, '▒': 0.5, '░': 0.25 };
const THICKNESS = [0, 1, 2.4, 1] as const;

function drawShape(character: string, col: number, top: number, ink: string): string | null {
  const x = left(col);
  const opacity = BLOCKS[character];
  if (opacity !== undefined) {
    const shade = opacity === 1 ? '' : ` fill-opacity="${opacity}"`;
    return `<rect x="${x}" y="${top}" width="${CELL.width}" height="${CELL.height}" fill="${ink}"${shade}/>`;
  }
  const arms = LINES[character];
  if (!arms) return null;
  const [west, east, north, south] = arms;
  const middle = { x: round(x + CELL.width / 2), y: round(top + CELL.height / 2) };
  const weight = Math.max(...arms);
  const d: string[] = [];
  for (const dy of weight === 3 ? [-2, 2] : [0]) {
    if (west || east) {
      d.push(`M${west ? x : middle.x} ${middle.y + dy}H${east ? round(x + CELL.width) : middle.x}`);
    }
  }
  if (north || south) d.push(`M${middle.x} ${north ? top : middle.y}V${south ? round(top + CELL.height) : middle.y}`);
  return `<path stroke="${ink}" stroke-width="${THICKNESS[weight]}" d="${d.join('')}"/>`;
}

/** Lines of one colour and weight in a row are one path, and those that continue each other one stroke. */
function joinPaths(shapes: readonly string[]): string[] {
  const joined = new Map<string, string>();
  const others: string[] = [];
  for (const shape of shapes) {
    const parts = /^(<path .*? d=")([^"]*)"\/>$/.exec(shape);
    if (!parts) others.push(shape);
    else joined.set(parts[1]!, continueStroke(joined.get(parts[1]!) ?? '', parts[2]!));
  }
  return [...others, ...[...joined].map(([head, d]) => `${head}${d}"/>`)];
}

function continueStroke(before: string, next: string): string {
  const start = /^M([\d.]+) ([\d.]+)H([\d.]+)(.*)$/.exec(next);
  const end = /M[\d.]+ ([\d.]+)H([\d.]+)$/.exec(before);
  const continues = start && end && end[1] === start[2] && Math.abs(Number(end[2]) - Number(start[1])) < 0.02;
  return continues ? `${before.slice(0, before.lastIndexOf('H'))}H${start[3]}${start[4]}` : before + next;
}

function drawCursor(screen: ReferenceTerminal): string {
  const { x, y, visible } = screen.cursor();
  if (!visible) return '';
  const { width, height } = CELL;
  return `<rect x="${left(x)}" y="${round(y * height)}" width="${width}" height="${height}" fill="#d0d0d0" fill-opacity=".7"/>`;
}

function left(col: number): number {
  return round(col * CELL.width);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function hex(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

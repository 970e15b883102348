import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT } from '../helpers/fixture.ts';
import { shell } from '../helpers/panes.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';
import { drawSvg } from './svg.ts';
import { takePictures } from './take-pictures.ts';

function draw(bytes: string, cols = 12, rows = 2): string[] {
  const terminal = createReferenceTerminal({ cols, rows });
  terminal.write(`\x1b[?25l${bytes}`);
  const svg = drawSvg(terminal, 'a & b');
  terminal.dispose();
  return svg.split('\n').slice(4, -3);
}

test('texts are drawn in their colours, and those that look alike as one', () => {
  expect(draw('one \x1b[38;2;1;2;3mtw\x1b[1mo & <\x1b[m')).toEqual([
    '<text x="0" y="13.5" fill="#d0d0d0" textLength="25.2">one</text>',
    '<text x="33.6" y="13.5" fill="#010203" textLength="16.8">tw</text>',
    '<text x="50.4" y="13.5" fill="#010203" font-weight="bold" textLength="42">o &amp; &lt;</text>',
  ]);
});

test('backgrounds, inverse and shapes are drawn, and wide characters keep their place', () => {
  expect(draw('\x1b[48;2;9;9;9m日x\x1b[0;7m \x1b[0m──╮█')).toEqual([
    '<rect x="0" y="0" width="25.2" height="18" fill="#090909"/>',
    '<rect x="25.2" y="0" width="8.4" height="18" fill="#d0d0d0"/>',
    '<rect x="58.8" y="0" width="8.4" height="18" fill="#d0d0d0"/>',
    '<path stroke="#d0d0d0" stroke-width="1" d="M33.6 9H54.6M54.6 9V18"/>',
    '<text x="0" y="13.5" fill="#d0d0d0">日</text>',
    '<text x="16.8" y="13.5" fill="#d0d0d0" textLength="8.4">x</text>',
  ]);
});

test('a picture of the running program is written, and nothing of its session is left', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'np-test-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true }));
  const layout = path.join(directory, 'two.yaml');
  fs.writeFileSync(layout, JSON.stringify({ version: 1, grid: '1x2', panes: [shell(1), shell(2)] }));
  const files = await takePictures(
    {
      ...{ layout, session: 'two', cols: 80, rows: 12 },
      pictures: [
        {
          ...{ name: 'small', title: 'two shells', keys: [] },
          ready: (screen) => screen.row(1).includes('p2$') && screen.row(0).includes('2 sh2'),
        },
        {
          ...{ name: 'typed', title: 'the help' },
          keys: [...'echo ', 'ctrl+b', '?'],
          ready: (screen) => screen.text().some((line) => line.includes('Keys after')),
        },
      ],
    },
    directory,
  );
  expect(files.map((file) => path.basename(file))).toEqual(['small.svg', 'typed.svg']);
  const [small, typed] = files.map((file) => fs.readFileSync(file, 'utf8'));
  expect(small).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [\s\S]*<\/svg>\n$/);
  expect(small).toContain('<title>two shells</title>');
  expect(small).toContain('>p2$</text>');
  expect(typed).toContain('Keys after ctrl+b');
});

test('README.md shows the pictures that there are', () => {
  const readme = fs.readFileSync(path.join(PROJECT, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+\.svg)\)/g)].map((match) => match[1]!);
  expect(shown).toEqual(['test/pictures/grid.svg', 'test/pictures/help.svg']);
  for (const file of shown) expect(fs.readFileSync(path.join(PROJECT, file), 'utf8')).toContain('</svg>');
});

// A simulated coding agent for the preset `demo`: node demo-agent.mjs KIND. Plain JavaScript for any Node from 18 on. It draws as real agents do
// (a transcript that scrolls, a live part below it, synchronized output), asks for permission, takes typed lines, and costs next to nothing.
import { kinds } from './demo-kinds.mjs';

// Faster for tests.
const speed = Number(process.env.DEMO_AGENT_SPEED) || 1;
/** For pictures: nothing moves after so many ticks, and the same seed plays the same. */
const lastTick = Number(process.env.DEMO_AGENT_TICKS) || Number.POSITIVE_INFINITY;
const seed = process.env.DEMO_AGENT_SEED ?? process.pid;
const TICKS_PER_SECOND = 4;
const TICK_MS = 1000 / TICKS_PER_SECOND / speed;
const KEPT_LINES = 300;
const SGR = /\x1b\[[0-9;]*m/;
const SPINNER = ['·', '✢', '✳', '✶', '✻', '✽', '✻', '✶', '✳', '✢'];

const kindName = process.argv[2] ?? 'coder';
const kind = kinds[kindName] ?? kinds.coder;
const random = createRandom(`${kindName}:${seed}`);
const { stdin, stdout } = process;

const accent = (text) => `\x1b[1;38;5;${kind.color}m${text}\x1b[0m`;
const dim = (text) => `\x1b[2m${text}\x1b[0m`;
const green = (text) => `\x1b[32m${text}\x1b[0m`;
const red = (text) => `\x1b[31m${text}\x1b[0m`;

let cols = 80;
let rows = 24;
/** Finished lines, each one screen row or more: wrapped when they are drawn. */
const transcript = [];
let fresh = [];
let liveRows = 0;
let input = '';
let queue = [];
let position = 0;
/** The step being played: { name, startedAt, … }; `finish` puts it into the transcript. */
let step = null;
let tokens = 0;
let frame = 0;
let title = '';
let drawn = '';

readSize();
if (stdin.isTTY) stdin.setRawMode(true);
stdin.setEncoding('utf8');
stdin.on('data', (text) => takeInput(text));
stdin.on('end', () => leave(0));
stdin.on('error', () => leave(0));
stdout.on('error', () => process.exit(0));
stdout.on('resize', () => {
  readSize();
  redrawAll();
});
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => leave(0));

stdout.write('\x1b[?2004h');
banner();
draw();
// Nine agents started at once must not all tick at once.
setTimeout(() => setInterval(tick, TICK_MS), Math.floor(random() * TICK_MS));

function banner() {
  print(accent(`╭─ ${kind.icon} ${kindName} `));
  print(`${accent('│')} ${dim(`model ${kind.model} · simulated, nothing leaves this machine`)}`);
  print(accent('╰─'));
  print('');
}

function tick() {
  // A terminal that does not read gets nothing more to read.
  if (stdout.writableNeedDrain || frame >= lastTick) return;
  frame++;
  if (!step) begin(nextStep());
  advance();
  draw();
}

function nextStep() {
  if (queue.length > 0) return queue.shift();
  const next = kind.steps[position % kind.steps.length];
  position++;
  return next;
}

function begin([name, ...rest]) {
  step = { name, rest, startedAt: frame, shown: 0 };
  if (name === 'tool') print(`${green('●')} \x1b[1m${rest[0]}\x1b[0m(${rest[1]})`);
  if (name === 'ask') print(`${accent('●')} \x1b[1m${rest[1]}\x1b[0m`);
}

function elapsedSeconds() {
  return (frame - step.startedAt) / TICKS_PER_SECOND;
}

/** One tick of the step that is being played. */
function advance() {
  const [first, second, third, fourth] = step.rest;
  switch (step.name) {
    case 'think':
      tokens += Math.floor(random() * 90);
      if (elapsedSeconds() >= second) step = null;
      break;
    case 'say': {
      const words = first.split(' ');
      step.shown = Math.min(words.length, step.shown + 1 + Math.floor(random() * 3));
      tokens += step.shown;
      if (step.shown === words.length) finish([`${accent('●')} ${first}`, '']);
      break;
    }
    case 'tool':
      if (elapsedSeconds() >= third) {
        const colored = fourth.map((line) => (line.startsWith('✗') ? red(line) : line));
        finish([...colored.map((line, i) => `  ${i === 0 ? '⎿' : ' '}  ${line}`), '']);
      }
      break;
    case 'diff':
      finish([
        `${green('●')} \x1b[1mUpdate\x1b[0m(${first})`,
        ...second.map((line, i) => {
          const number = dim(String(i + 12).padStart(5));
          if (line.startsWith('+')) return `${number} \x1b[48;5;22m${line}\x1b[0m`;
          return line.startsWith('-') ? `${number} \x1b[48;5;52m${line}\x1b[0m` : `${number} ${line}`;
        }),
        '',
      ]);
      break;
    case 'todo':
      finish([
        `${accent('●')} Plan`,
        ...first.map(([done, text]) => (done ? `  ${green('☒')} ${dim(text)}` : `  ☐ ${text}`)),
        '',
      ]);
      break;
    case 'bars': {
      const most = Math.max(...first.map(([, value]) => value));
      const room = Math.max(5, Math.min(40, cols - 14));
      finish([
        ...first.map(([label, value]) => {
          const filled = Math.round((value / most) * room);
          return `  ${label} ${accent('█'.repeat(filled))} ${value}`;
        }),
        '',
      ]);
      break;
    }
    case 'progress':
      if (elapsedSeconds() >= second) finish([`${green('✔')} ${first} ${dim(`${second}s`)}`, '']);
      break;
    case 'rest':
      if (elapsedSeconds() >= first) step = null;
      break;
    case 'crash':
      crash(first);
      break;
    default:
  }
}

function finish(lines) {
  for (const line of lines) print(line);
  step = null;
}

function crash(message) {
  print(red(message));
  print(dim('    at gamble (agent.js:42:13)'));
  print(dim('    at main (agent.js:7:3)'));
  leave(1);
}

/** Keys of a person: lines are answered, y and n answer a question at once, ^C and ^D leave. */
function takeInput(text) {
  // Pastes come as text; other escape sequences (arrows, focus, replies) mean nothing here.
  const plain = text
    .replace(/\x1b\[20[01]~/g, '')
    .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)?/g, '');
  for (const char of plain) {
    if (char === '\x03' || char === '\x04') leave(0);
    else if (char === '\r' || char === '\n') enter();
    else if (char === '\x7f' || char === '\b') input = [...input].slice(0, -1).join('');
    else if (char === '\x15') input = '';
    else if (char === '\x17') input = input.replace(/\S+\s*$/, '');
    else if (step?.name === 'ask' && input === '' && /^[yYnN]$/.test(char)) answer(char.toLowerCase());
    else if (char >= ' ' && input.length < 2000) input += char;
  }
  draw();
}

function enter() {
  const line = input.trim();
  input = '';
  if (line === '/exit' || line === '/quit') leave(0);
  else if (line === '/crash') crash('Error: you asked for it');
  else if (step?.name === 'ask') answer(line);
  else if (line !== '') {
    print(`${dim('>')} ${line}`);
    print('');
    const words = line.split(/\s+/).length;
    queue = [
      ['think', pick(kind.verbs), 2 + random() * 3],
      [
        'say',
        `${pick(['On it', 'Good idea', 'Let me look', 'Understood'])}: “${line}”. ${words > 6 ? 'That is a lot at once, so I begin with the part that can break.' : 'I begin with what is there.'}`,
      ],
      ['tool', 'Search', line.slice(0, 40), 2, [`${Math.floor(random() * 40)} matches`]],
      ['say', 'Done as far as a simulation can. Type /crash to see a restart, /exit to see a clean end.'],
    ];
  }
}

function answer(line) {
  const word = line.toLowerCase();
  if (['', 'y', 'yes', '1'].includes(word)) finish([`  ⎿  ${green('allowed')}`, '']);
  else if (['n', 'no', '2'].includes(word))
    finish([`  ⎿  ${red('denied')}`, `${accent('●')} Then I leave it as it is.`, '']);
  else {
    finish([`  ⎿  ${red('denied')}: ${line}`, '']);
    queue = [
      ['say', `Instead: “${line}”. I think about that first.`],
      ['think', pick(kind.verbs), 3],
    ];
  }
}

/** The live part: what goes on now, then the line to type in. */
function liveLines() {
  const lines = [];
  if (step?.name === 'say') {
    const words = step.rest[0].split(' ').slice(0, step.shown).join(' ');
    lines.push(...wrap(`${accent('●')} ${words}`, cols - 1), '');
  } else if (step?.name === 'think' || step?.name === 'tool') {
    const verb = step.name === 'think' ? step.rest[0] : 'Running';
    const spent = `${Math.floor(elapsedSeconds())}s · ↓ ${(tokens / 1000).toFixed(1)}k tokens`;
    lines.push(
      `${accent(SPINNER[frame % SPINNER.length])} ${accent(`${verb}…`)} ${dim(`(${spent} · ctrl+c to leave)`)}`,
      '',
    );
  } else if (step?.name === 'progress') {
    const done = Math.min(1, elapsedSeconds() / step.rest[1]);
    const room = Math.max(5, Math.min(30, cols - step.rest[0].length - 12));
    const filled = Math.round(done * room);
    const percent = `${String(Math.round(done * 100)).padStart(3)}%`;
    lines.push(`${step.rest[0]} ${accent('━'.repeat(filled))}${dim('━'.repeat(room - filled))} ${percent}`, '');
  } else if (step?.name === 'ask') {
    lines.push(
      `\x1b[1;33m?\x1b[0m ${step.rest[0]}`,
      `  ${green('y')} yes   ${red('n')} no   ${dim('or say what to do instead')}`,
      '',
    );
  }
  const shown = tailOfWidth(input, Math.max(4, cols - 4));
  lines.push(dim('─'.repeat(Math.max(1, Math.min(cols - 1, 60)))), `${accent('>')} ${shown}`);
  // The live part must fit the screen, or moving up to its first row would fail.
  return lines.map((line) => cut(line, cols - 1)).slice(-Math.max(1, rows - 1));
}

/** Rubs out the live part, prints what is finished, draws the live part again: one write, one synchronized update. */
function draw() {
  const live = liveLines();
  const next = live.join('\n');
  if (fresh.length === 0 && next === drawn) return;
  const up = liveRows > 1 ? `\x1b[${liveRows - 1}A` : '';
  const finished = fresh.flatMap((line) => wrap(line, cols - 1)).map((line) => `${line}\x1b[0m\r\n`);
  fresh = [];
  drawn = next;
  liveRows = live.length;
  stdout.write(`\x1b[?2026h\r${up}\x1b[0J${titleChange()}${finished.join('')}${live.join('\r\n')}\x1b[?2026l`);
}

/** After a resize the rows are elsewhere: begin again from the top with as much as fits. */
function redrawAll() {
  const tail = transcript.flatMap((line) => wrap(line, cols - 1)).slice(-Math.max(0, rows - liveLines().length));
  stdout.write(`\x1b[?2026h\x1b[2J\x1b[H${tail.map((line) => `${line}\x1b[0m\r\n`).join('')}\x1b[?2026l`);
  fresh = [];
  liveRows = 0;
  drawn = '';
  draw();
}

function titleChange() {
  const state = step?.name === 'ask' ? 'needs you' : step && step.name !== 'rest' ? 'working' : 'idle';
  const next = `${kind.icon} ${kindName}: ${state}`;
  if (next === title) return '';
  title = next;
  return `\x1b]2;${title}\x07`;
}

function print(line) {
  fresh.push(line);
  transcript.push(line);
  if (transcript.length > KEPT_LINES) transcript.splice(0, transcript.length - KEPT_LINES);
}

function leave(code) {
  step = null;
  try {
    draw();
    stdout.write('\x1b[?2026l\x1b[?2004l\x1b[0m\r\n');
  } catch {
    // The terminal is gone; there is nobody to tell.
  }
  process.exit(code);
}

function readSize() {
  cols = Math.max(8, stdout.columns ?? 80);
  rows = Math.max(2, stdout.rows ?? 24);
}

/** Rows of at most `width` cells; colours run on over the break. */
function wrap(text, width) {
  const lines = [''];
  let used = 0;
  for (const piece of text.split(/(\x1b\[[0-9;]*m| +)/)) {
    if (SGR.test(piece)) {
      lines[lines.length - 1] += piece;
      continue;
    }
    const size = widthOf(piece);
    if (used > 0 && used + size > width) {
      lines.push('');
      used = 0;
      if (piece.trim() === '') continue;
    }
    for (const char of piece) {
      const cells = widthOfChar(char);
      if (used + cells > width) {
        lines.push('');
        used = 0;
      }
      lines[lines.length - 1] += char;
      used += cells;
    }
  }
  return lines;
}

function cut(text, width) {
  return wrap(text, width)[0] + (widthOf(text.replace(/\x1b\[[0-9;]*m/g, '')) > width ? '\x1b[0m' : '');
}

function tailOfWidth(text, width) {
  const chars = [...text];
  while (widthOf(chars.join('')) > width) chars.shift();
  return chars.join('');
}

function widthOf(text) {
  let width = 0;
  for (const char of text) width += widthOfChar(char);
  return width;
}

/** Good enough for what is printed here: marks 0, East Asian and emoji 2. */
function widthOfChar(char) {
  const code = char.codePointAt(0);
  if (/\p{Mn}|\u200d|\ufe0f/u.test(char)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xff00 && code <= 0xff60) ||
    code >= 0x1f300;
  return wide ? 2 : 1;
}

function pick(list) {
  return list[Math.floor(random() * list.length)];
}

/** mulberry32 from a text: each agent has its own rhythm. */
function createRandom(seedText) {
  let seed = 0;
  for (const char of seedText) seed = (Math.imul(seed, 31) + char.codePointAt(0)) | 0;
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

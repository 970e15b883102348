import path from 'node:path';
import type { ForeignOptions, Machine } from './foreign-options.ts';
import type { Settings } from './imported-layout.ts';
import { notMapped } from './imported-layout.ts';
import { bashProgram, splitArguments } from './shell-program.ts';

/** PM2's choice by extension (lib/API/interpreter.json); the last three it runs by node, as everything else that is text. */
const INTERPRETERS: Readonly<Record<string, string>> = {
  '.sh': 'bash',
  '.py': 'python3',
  '.rb': 'ruby',
  '.php': 'php',
  '.pl': 'perl',
  '.js': 'node',
  '.coffee': 'coffee',
  '.ls': 'lsc',
  '.ts': 'bun',
  '.tsx': 'bun',
  '.mjs': 'node',
  '.cjs': 'node',
  '.jsx': 'node',
};

/** `command` or `shell`: the interpreter with its arguments, the script, and the script's arguments. `cwd` is absolute. */
export function pm2Program(
  script: string,
  { options, cwd, machine }: { options: ForeignOptions; cwd: string; machine: Machine },
): Settings {
  const written = options.text('interpreter', 'exec_interpreter');
  const flags = wordsOf(options.argumentList('node_args', 'interpreter_args', 'interpreterArgs'));
  const args = options.argumentList('args');
  const sourceMaps = options.flag('source_map_support');
  if (/\s/.test(script) && machine.kindOf(path.resolve(cwd, script)) === 'missing') {
    if (args !== undefined)
      options.note(notMapped('args', 'PM2 leaves them out as well when the script is a command line'));
    return bashProgram(script);
  }
  const interpreter = interpreterOf(script, { written, options, kind: machine.kindOf(path.resolve(cwd, script)) });
  if (interpreter === null && flags.length > 0)
    options.note(notMapped('node_args', 'the program runs without an interpreter'));
  if (interpreter === null && sourceMaps === true) options.note(notMapped('source_map_support', 'Node.js only'));
  const isNode = interpreter !== null && /^node(js)?$/.test(path.basename(interpreter));
  const own = isNode && sourceMaps === true ? ['--enable-source-maps'] : [];
  const words = wordsOf(args);
  if (interpreter !== null) return { command: [interpreter, ...own, ...flags, script, ...words] };
  // Without a slash it would be looked for in PATH alone.
  const isHere = !script.includes('/') && machine.kindOf(path.resolve(cwd, script)) !== 'missing';
  return { command: [isHere ? `./${script}` : script, ...words] };
}

/** Null: none, the script is the program. */
function interpreterOf(
  script: string,
  {
    written,
    options,
    kind,
  }: { written: string | undefined; options: ForeignOptions; kind: ReturnType<Machine['kindOf']> },
): string | null {
  if (written === 'none') return null;
  if (written !== undefined) {
    const [, program, version] = /^(.*node)@(.+)$/.exec(written) ?? [];
    if (program === undefined) return written;
    options.note(notMapped('interpreter', `the version ${version} of Node.js; the first node in PATH is run`));
    return program;
  }
  const known = INTERPRETERS[path.extname(script)];
  if (known !== undefined) return known;
  // PM2 looks into the file; a text that may be executed says itself what runs it.
  return kind === 'file' ? 'node' : null;
}

function wordsOf(value: string | string[] | undefined): string[] {
  return typeof value === 'string' ? splitArguments(value) : (value ?? []);
}

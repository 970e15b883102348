import { defaultSessionName, validateSessionName } from '../config/paths.ts';
import { assertNever } from '../core/assert-never.ts';
import { errorTable, NonetError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { commandHelp, generalHelp } from './help.ts';
import { printLine, sayError } from './output.ts';
import { type Arguments, parseArguments } from './parse-arguments.ts';

/** argv → one handler. Ends the process with the exit code of contract and error table. */
export async function main(argv: readonly string[]): Promise<void> {
  // `nonet list | head -1`: the reader has had enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    sayError(new NonetError('failed', `what was asked for cannot be written: ${error.message}`));
    process.exit(errorTable.failed.exitCode);
  });
  // Nobody listens to what is said; what is done counts.
  process.stderr.on('error', () => {});
  let exitCode: number;
  try {
    exitCode = await run(argv);
  } catch (error) {
    sayError(error);
    exitCode = error instanceof NonetError ? errorTable[error.code].exitCode : 1;
  }
  process.exitCode = exitCode;
  // stdout may be a pipe that still has to be emptied; everything else has been closed.
  process.stdout.write('', (error) => {
    if (!error) process.exit(exitCode);
  });
}

async function run(argv: readonly string[]): Promise<number> {
  if (argv[0] === '__complete') return printCompletion(argv.slice(1));
  const asked = parseArguments(argv);
  switch (asked.kind) {
    case 'version':
      printLine(VERSION);
      return 0;
    case 'help':
      printLine(asked.about ? commandHelp(asked.about) : generalHelp());
      return 0;
    case 'run':
      // Loaded here so that help and version come at once.
      return (await import('./handlers.ts')).handlers[asked.command](asked.args, sessionOf(asked.args));
    default:
      return assertNever(asked);
  }
}

/** For the scripts of `nonet completion`. Whatever goes wrong, a shell that completes is not the place to say so. */
async function printCompletion(words: readonly string[]): Promise<number> {
  const { complete, formatCompletion, presentSources } = await import('./complete.ts');
  const panes = (session: string | null) => presentSources.panes(session ?? sessionOf({}));
  const found = await complete(words, { ...presentSources, panes }).catch(() => null);
  if (found) process.stdout.write(formatCompletion(found));
  return found ? 0 : 1;
}

function sessionOf(args: Arguments): string {
  const given = args['session'];
  if (typeof given === 'string') {
    validateSessionName(given);
    return given;
  }
  const own = process.env['NONET_SESSION'];
  return own && process.env['NONET_PANE'] ? own : defaultSessionName(process.cwd());
}

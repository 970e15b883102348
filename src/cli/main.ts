import yargs, { type Argv } from 'yargs';
import { closestName } from '../config/did-you-mean.ts';
import { defaultSessionName, validateSessionName } from '../config/paths.ts';
import { type CliCommandName, type CliSpec, cliCommandNames, commandRow } from '../core/commands.ts';
import { errorTable, NonetError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { type Arguments, handlers } from './handlers.ts';
import { sayError } from './output.ts';

/** argv → one handler. Ends the process with the exit code of contract and error table. */
export async function main(argv: readonly string[]): Promise<void> {
  // `nonet list | head -1`: the reader has had enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  let exitCode: number;
  try {
    exitCode = await run(argv);
  } catch (error) {
    sayError(error);
    exitCode = error instanceof NonetError ? errorTable[error.code].exitCode : 1;
  }
  process.exitCode = exitCode;
  // stdout may be a pipe that still has to be emptied; everything else has been closed.
  if (process.stdout.writableLength === 0) process.exit(exitCode);
  process.stdout.once('drain', () => process.exit(exitCode));
}

async function run(argv: readonly string[]): Promise<number> {
  let exitCode: Promise<number> | number = 0;
  const parser = yargs(argv as string[])
    .scriptName('nonet')
    .usage('$0 [command]\n\nNine supervised agents in one terminal. Without a command: up.')
    .option('session', {
      alias: 's',
      type: 'string',
      global: true,
      describe: 'session (default: the directory’s name)',
    })
    .version(VERSION)
    .alias({ h: 'help', V: 'version' })
    .parserConfiguration({ 'parse-positional-numbers': false })
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error) throw error;
      throw new NonetError('usage', `${(message ?? 'unknown usage').replaceAll('\n', ' ')}${suggestion(argv)}`);
    });
  for (const name of cliCommandNames) {
    addCommand(parser, name, (args) => {
      exitCode = handlers[name](args, sessionOf(args));
    });
  }
  await parser.parseAsync();
  return exitCode;
}

function addCommand(parser: Argv, name: CliCommandName, run: (args: Arguments) => void): void {
  const { summary, cli } = commandRow(name) as { summary: string; cli: CliSpec };
  const spec = [name, cli.positionals].join(' ').trim();
  parser.command({
    // `nonet` alone is `nonet up`; `nonet LAYOUT` is not.
    command: name === 'up' ? [spec, '$0'] : [spec, ...(cli.aliases ?? [])],
    describe: summary,
    builder: (command: Argv) => {
      for (const [option, { type, describe, alias, default: value }] of Object.entries(cli.options)) {
        command.option(option, {
          type,
          describe,
          ...(alias === undefined ? {} : { alias }),
          ...(value === undefined ? {} : { default: value }),
        });
      }
      for (const [, positional, many] of cli.positionals.matchAll(/[<[](\w+)(\.\.)?[>\]]/g)) {
        command.positional(positional!, { type: 'string', array: many !== undefined });
      }
      return command;
    },
    handler: (args: Arguments) => run(args),
  });
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

function suggestion(argv: readonly string[]): string {
  const first = argv.find((word) => !word.startsWith('-'));
  if (first === undefined || cliCommandNames.includes(first as CliCommandName)) return '';
  const close = closestName(first, cliCommandNames);
  return close ? `; did you mean "${close}"?` : '';
}

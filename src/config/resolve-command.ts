import { expandVariables } from './expand-variables.ts';
import type { Path } from './problem.ts';
import type { ResolveContext } from './resolve-context.ts';
import { joinCommand, splitCommand } from './split-command.ts';

/** What a level's `command` runs; null when it is nothing that can run, of which checkCommand tells. */
export function resolveCommand(
  command: string | (string | number)[],
  at: Path,
  context: ResolveContext,
): { argv: [string, ...string[]]; command: string } | null {
  if (Array.isArray(command)) {
    const argv = command.map((word, index) =>
      typeof word === 'string' ? word : (context.plainSource([...at, index]) ?? String(word)),
    );
    return isProgram(argv) ? { argv, command: joinCommand(argv) } : null;
  }
  const { words } = splitCommand(command, context);
  return isProgram(words) ? { argv: words, command: expandVariables(command, context.variables).text } : null;
}

function isProgram(words: string[]): words is [string, ...string[]] {
  return words[0] !== undefined && words[0] !== '';
}

/** Reports what is wrong with a command. `unused`: in a profile that is not laid over, where variables need not be set. */
export function checkCommand(
  command: string | (string | number)[],
  at: Path,
  context: ResolveContext,
  unused: boolean,
): void {
  const { report, warn } = context;
  if (Array.isArray(command)) {
    if (command[0] === '') report([...at, 0], 'the program must not be empty');
    return;
  }
  const { words, problems, operators } = splitCommand(command, context);
  const told = problems.filter((problem) => !(unused && problem.kind === 'undefined'));
  for (const problem of told) report(at, problem.message);
  if (problems.length > 0) return;
  if (!words[0]) report(at, 'the command is empty');
  else if (words.some((word) => word.includes('\0'))) report(at, 'a command must not hold a NUL');
  else if (operators[0]) warn(at, shellAdvice(operators[0], at.at(-1) === 'command'));
}

function shellAdvice(operator: string, hasShell: boolean): string {
  const instead = hasShell ? 'write shell: instead' : 'write [sh, -c, "…"] instead';
  const what = hasShell ? 'a "command"' : 'this command';
  return `no shell runs ${what}: ${JSON.stringify(operator)} is passed to the program; ${instead}`;
}

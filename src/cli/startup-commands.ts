import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { printLine, say } from './output.ts';
import { installStartup, planStartup, removeStartup, runQuietly, thisMachine } from './startup.ts';

/** `nonet startup`: says every command that it runs, and those that did not work. */
export function sayStartup(printOnly: boolean): number {
  const plan = planStartup(thisMachine(entryOfThisProgram()));
  if (printOnly) {
    printLine(`# ${plan.file}\n${plan.content.trimEnd()}`);
    for (const argv of plan.enable) printLine(`# then: ${argv.join(' ')}`);
    return 0;
  }
  const { failed } = installStartup(plan, runQuietly);
  say(`written: ${plan.file}`);
  for (const argv of plan.enable)
    say(`${failed.includes(argv) ? 'did not work, run it yourself' : 'run'}: ${argv.join(' ')}`);
  say(plan.advice);
  return failed.length === 0 ? 0 : 1;
}

export function sayUnstartup(): number {
  const plan = planStartup(thisMachine(entryOfThisProgram()));
  const removed = removeStartup(plan, runQuietly);
  say(removed ? `removed: ${plan.file}` : `there is no ${plan.file}`);
  return 0;
}

/** The command line’s entry, as deep as this file in sources and bundle: the same path stays valid when a newer version is installed over this one. */
function entryOfThisProgram(): string {
  const here = fileURLToPath(import.meta.url);
  return path.join(path.dirname(here), '..', 'cli', `bin${path.extname(here)}`);
}

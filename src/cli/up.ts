import { readLayout } from '../config/load-layout.ts';
import type { SessionPaths } from '../config/paths.ts';
import { resolveLayoutArgument } from '../config/presets.ts';
import { formatProblem } from '../config/problem.ts';
import { layoutDefaults } from '../config/settings-file.ts';
import { joinCommand } from '../config/split-command.ts';
import { sanitizeText } from '../core/display-text.ts';
import type { Layout } from '../core/layout.ts';
import { daemonRequests } from '../protocol/control.ts';
import { attach, refuseNesting, requireTerminal, wantsLines } from './attach.ts';
import { printJson, printLine, say } from './output.ts';
import { withProgress } from './progress.ts';
import { ensureDaemon } from './session-daemon.ts';

export type UpOptions = {
  layout?: string | undefined;
  detached: boolean;
  profile?: string | undefined;
  dryRun: boolean;
  json: boolean;
  /** As `attach` has it. */
  lines?: boolean | undefined;
};

/** Starts the session unless it runs, and attaches. Everything that can be wrong is found before anything is started. */
export async function up(paths: SessionPaths, options: UpOptions): Promise<number> {
  const found = await loadOrSay(options.layout, options.profile);
  if (!found) return 2;
  const { layout, preset } = found;
  if (options.dryRun) {
    printPlan(layout, options.json);
    return 0;
  }
  if (!options.detached) {
    refuseNesting(paths.session);
    if (!(await wantsLines(options.lines))) requireTerminal();
  }
  const { stdout } = process;
  const size = stdout.isTTY ? { cols: stdout.columns, rows: stdout.rows } : null;
  const starting = () => `starting session ${paths.session} …`;
  const connection = await withProgress(ensureDaemon(paths), starting);
  const work = connection.request(daemonRequests, 'up', {
    layout,
    env: ownEnvironment(),
    size,
    origin: { preset, profile: options.profile ?? null, cwd: process.cwd() },
  });
  const { started } = await withProgress(work, starting);
  connection.close();
  if (options.detached) {
    if (options.json) printJson({ session: paths.session, started });
    else
      say(
        started
          ? `session ${paths.session} is up: nonet attach shows it`
          : `session ${paths.session} is running already`,
      );
    return 0;
  }
  const note = !started && options.layout !== undefined ? `session ${paths.session} was running already` : '';
  return attach(paths, { note, lines: options.lines, welcome: started });
}

/** Null after the problems have been told, one `file:line:col: message` a line. */
async function loadOrSay(
  argument: string | undefined,
  profile: string | undefined,
): Promise<{ layout: Layout; preset: string | null } | null> {
  const source = resolveLayoutArgument(argument, process.cwd());
  const result = readLayout({
    source,
    env: process.env,
    cwd: process.cwd(),
    ...(await layoutDefaults(process.env)),
    ...(profile === undefined ? {} : { profile }),
  });
  if (result.ok) {
    for (const warning of result.warnings) say(`${formatProblem(warning)} (warning)`);
    return { layout: result.layout, preset: 'preset' in source ? source.preset : null };
  }
  for (const problem of result.problems) say(formatProblem(problem));
  return null;
}

function printPlan(layout: Layout, json: boolean): void {
  const plan = layout.panes.map(({ name, argv, cwd, restart, autostart, env }, index) => ({
    pane: index + 1,
    name,
    argv,
    cwd,
    restart: restart.policy,
    autostart,
    envNames: Object.keys(env),
  }));
  if (json) {
    printJson(plan);
    return;
  }
  for (const { pane, name, argv, cwd, restart, autostart } of plan) {
    printLine(
      sanitizeText(
        `${pane}  ${name}  ${joinCommand(argv)}  (in ${cwd}, restart ${restart}${autostart ? '' : ', not started by itself'})`,
      ),
    );
  }
}

export function ownEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  return env;
}

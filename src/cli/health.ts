import { selectPanes } from '../config/pane-selectors.ts';
import { sanitizeText } from '../core/display-text.ts';
import { type PaneInfo, STATE_MARKS, stateWord } from '../core/session.ts';
import { printJson, printLine, say } from './output.ts';
import { textTable } from './text-table.ts';

export type Verdict = {
  pane: number;
  name: string;
  ok: boolean;
  state: PaneInfo['state'];
  ready: PaneInfo['ready'];
  health: PaneInfo['health'];
  /** In plain words; empty where all is well. */
  reason: string;
};

/** Is the pane as it should be? One that is to be down is, and so is one whose program has done its work. */
export function judgePane({
  pane,
  name,
  state,
  wanted,
  ready,
  health,
  warning,
  exit,
  succeeded,
  reason,
}: PaneInfo): Verdict {
  const verdict = (ok: boolean, words: string): Verdict => ({ pane, name, ok, state, ready, health, reason: words });
  if (wanted === 'down') return verdict(state !== 'running', state === 'running' ? 'runs, and is to be down' : reason);
  if (state === 'exited' && (succeeded ?? exit?.code === 0)) return verdict(true, reason);
  if (state !== 'running') return verdict(false, reason === '' ? state : reason);
  if (ready === false) return verdict(false, 'not ready yet');
  if (health === 'unknown') return verdict(false, warning === '' ? 'its health is not known yet' : warning);
  return verdict(health !== 'unhealthy', warning);
}

/** Returns the exit code: 0 when all are as they should be. Without `selector` and `all`: the panes that are to be up. */
export function reportHealth(
  panes: readonly PaneInfo[],
  { selector, all, json }: { selector: string | null; all: boolean; json: boolean },
): number {
  const named = panes.map((info) => ({ pane: info.pane, spec: { name: info.name }, info }));
  const chosen =
    selector === null
      ? panes.filter(({ wanted }) => all || wanted === 'up')
      : selectPanes(named, [selector]).map(({ info }) => info);
  const verdicts = chosen.map(judgePane);
  if (json) printJson(verdicts);
  else if (verdicts.length > 0) printLine(healthTable(chosen, verdicts));
  else say('no pane is to be up; --all shows the others');
  return verdicts.every(({ ok }) => ok) ? 0 : 1;
}

function healthTable(panes: readonly PaneInfo[], verdicts: readonly Verdict[]): string {
  const header = ['PANE', 'NAME', 'OK', 'STATE', 'HEALTH', 'REASON'];
  const rows = verdicts.map(({ pane, name, ok, health, reason }, index) => [
    String(pane),
    sanitizeText(name),
    ok ? 'yes' : 'no',
    `${STATE_MARKS[panes[index]!.state]} ${stateWord(panes[index]!)}`,
    health ?? '-',
    sanitizeText(reason),
  ]);
  return textTable(header, rows).join('\n');
}

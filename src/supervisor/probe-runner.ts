import { assertNever } from '../core/assert-never.ts';
import { durationWords } from '../core/restart-policy.ts';
import type { Probe } from '../core/supervision.ts';
import type { ProbeResult, ProbeRunner } from './probe.ts';
import { probeExec } from './probe-exec.ts';
import type { LogTail } from './probe-log.ts';
import { probeHttp, probeTcp } from './probe-network.ts';
import { createPattern, type Pattern } from './probe-pattern.ts';

export type ProbeDeps = {
  /** Where and with what the pane's programs run; null when there is no such pane. */
  placeOf: (pane: number) => { cwd: string; env: Record<string, string> } | null;
  /** The visible screen as text. */
  screenOf: (pane: number) => Promise<string>;
  /** How long the present program has drawn nothing; null when it has not drawn at all. */
  outputAgeOf: (pane: number) => Promise<number | null>;
  /** The pane's log from the start of its present program; null when it is not logged. */
  openLog: (pane: number) => LogTail | null;
  createPattern?: (source: string) => Pattern;
};

type Look = { pane: number; timeoutMs: number; signal: AbortSignal };

/** How often a log is looked at for the line that is waited for. */
const LOG_INTERVAL_MS = 250;
const MAX_PATTERNS = 100;

export function createProbeRunner(deps: ProbeDeps): ProbeRunner {
  const { placeOf, screenOf, outputAgeOf, openLog } = deps;
  /** Kept, because a pattern that was too slow before is not tried for ever. */
  const patterns = new Map<string, Pattern>();

  function patternOf(pane: number, source: string): Pattern {
    const key = `${pane} ${source}`;
    const pattern = patterns.get(key) ?? (deps.createPattern ?? createPattern)(source);
    patterns.delete(key);
    patterns.set(key, pattern);
    if (patterns.size > MAX_PATTERNS) patterns.delete(patterns.keys().next().value!);
    return pattern;
  }

  function look(probe: Probe, options: Look): Promise<ProbeResult> {
    const { pane, timeoutMs, signal } = options;
    switch (probe.kind) {
      case 'exec': {
        const place = placeOf(pane);
        if (!place) return Promise.resolve({ ok: false, detail: `there is no pane ${pane}` });
        return probeExec(probe.argv, { ...place, timeoutMs, signal });
      }
      case 'http':
        return probeHttp(probe.url, options);
      case 'tcp':
        return probeTcp(probe.host, probe.port, options);
      case 'log_line':
        return lookForLine(patternOf(pane, probe.pattern), options);
      case 'screen':
        return inTime(lookAtScreen(patternOf(pane, probe.pattern), pane), options);
      case 'idle_screen':
        return inTime(lookForQuiet(probe.quietMs, pane), options);
      default:
        return assertNever(probe);
    }
  }

  async function lookAtScreen(pattern: Pattern, pane: number): Promise<ProbeResult> {
    const text = await screenOf(pane);
    return judge(pattern.test([text, ...text.split('\n')]), 'the screen');
  }

  async function lookForQuiet(quietMs: number, pane: number): Promise<ProbeResult> {
    const ageMs = await outputAgeOf(pane);
    if (ageMs === null) return { ok: false, detail: 'nothing was drawn yet' };
    return { ok: ageMs >= quietMs, detail: `nothing drawn for ${durationWords(Math.round(ageMs / 100) * 100)}` };
  }

  /** Until it is there or the time is over. What stands on the screen may not be in the log yet. */
  async function lookForLine(pattern: Pattern, { pane, timeoutMs, signal }: Look): Promise<ProbeResult> {
    const untilMs = performance.now() + timeoutMs;
    const log = openLog(pane);
    /** What the log tells, it tells once. */
    let logged: string[] | null = null;
    for (;;) {
      logged ??= (await log?.next().catch(() => [])) ?? [];
      const shown = await screenOf(pane).catch(() => '');
      const found = pattern.test([...logged, ...shown.split('\n')]);
      if (found !== 'busy') logged = null;
      const result = judge(found, 'a line');
      const restMs = untilMs - performance.now();
      if (result.ok || restMs <= 0 || signal.aborted) return result;
      await pause(Math.min(LOG_INTERVAL_MS, restMs), signal);
    }
  }

  return {
    async run(probe, options) {
      try {
        return await look(probe, options);
      } catch (error) {
        return { ok: false, detail: (error as Error).message };
      }
    },
  };
}

function judge(found: ReturnType<Pattern['test']>, what: string): ProbeResult {
  switch (found) {
    case 'match':
      return { ok: true, detail: `${what} matches` };
    case 'none':
      return { ok: false, detail: what === 'a line' ? 'no line matches' : `${what} does not match` };
    case 'slow':
      return { ok: false, detail: 'the pattern takes too long: it tries the same text in ever new ways' };
    case 'busy':
      return { ok: false, detail: 'this machine had no time to look for the pattern' };
    default:
      return assertNever(found);
  }
}

/** The host may be away: then the answer is no, and in time. */
function inTime(result: Promise<ProbeResult>, { timeoutMs, signal }: Look): Promise<ProbeResult> {
  const over = new AbortController();
  const late = pause(timeoutMs, AbortSignal.any([signal, over.signal])).then(
    (): ProbeResult => ({ ok: false, detail: signal.aborted ? 'called off' : `no answer within ${timeoutMs} ms` }),
  );
  return Promise.race([result, late]).finally(() => over.abort());
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

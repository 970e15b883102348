import { selectPane, selectPanes } from '../config/pane-selectors.ts';
import { NonetError } from '../core/errors.ts';
import { describeLimits } from '../core/pane-details.ts';
import type { PaneRequest } from '../core/pane-life.ts';
import { describePolicy } from '../core/restart-policy.ts';
import type { PaneDetail, PaneInfo, PaneView } from '../core/session.ts';
import type { Connection } from '../protocol/connection.ts';
import type { CaptureResult, daemonRequests, HandOver } from '../protocol/control.ts';
import type { RequestHandlers } from '../protocol/request-table.ts';
import type { HealthKeeper } from '../supervisor/health-keeper.ts';
import { longestLine, MAX_CANONICAL_LINE, readsWholeLines } from '../supervisor/line-reader.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { Processes } from '../supervisor/processes.ts';
import type { UsageSampler } from '../supervisor/usage.ts';
import { performAction, reloadPanes } from './actions.ts';
import { createArrangeHandlers } from './arrange-handlers.ts';
import { capturePane } from './capture-reader.ts';
import type { LayoutChanger } from './change-layout.ts';
import type { HostLink } from './host-link.ts';
import { createLayoutHandlers } from './layout-handlers.ts';
import { waitUntilStarted } from './outcomes.ts';
import { orderTree } from './process-order.ts';
import type { Publisher } from './publisher.ts';
import { createReplacer } from './replace-program.ts';
import type { Session } from './session.ts';

export type HandlerDeps = {
  name: string;
  session: Session;
  host: HostLink;
  publisher: Publisher;
  changer: LayoutChanger;
  onRearranged: () => void;
  processes: Processes;
  sampler: UsageSampler;
  care: HealthKeeper;
  /** True once the session has been asked to end. */
  isClosing: () => boolean;
  down: (timeoutMs: number | null) => Promise<{ stuck: number[] }>;
  /** Writes session and screens to disk. */
  save: () => Promise<void>;
  /** Leaves, without host and panes, for a daemon that is started from elsewhere. */
  handOver: (program: { execPath: string; entry: string }) => Promise<HandOver>;
};

/** Long enough for a machine that is busy, short enough for a person who waits. */
const HOST_PATIENCE_MS = 10_000;

/** Starting takes milliseconds; if it takes longer, the panes say so themselves. */
const START_PATIENCE_MS = 2_000;

/** What the daemon does for every row of its request table. */
export function createHandlers(deps: HandlerDeps): RequestHandlers<typeof daemonRequests, Connection> {
  const { name, session, host, publisher, processes, sampler, isClosing, down } = deps;

  const replace = createReplacer({ session, host });

  function assertOpen(): void {
    if (isClosing()) throw new NonetError('failed', `session ${name} is being taken down`, { hint: 'try again later' });
  }

  function act(action: PaneRequest, { panes, wait }: { panes: string[]; wait: boolean }) {
    return performAction(session, selectPanes(session.panes, panes), { action, wait });
  }

  /** Does it to every pane meant that runs; the others are an error that says so. */
  async function type(selector: string, send: (pane: number) => Promise<unknown>): Promise<Record<never, never>> {
    const chosen = selectPanes(session.panes, [selector]);
    const running = chosen.filter((supervisor) => supervisor.program !== null);
    await Promise.all(running.map((supervisor) => send(supervisor.pane)));
    if (running.length === chosen.length) return {};
    const silent = chosen.filter((supervisor) => supervisor.program === null);
    const list = silent.map(({ spec, state }) => `${spec.name} (${state.name})`).join(', ');
    const rest = running.length > 0 ? `; the other ${running.length} got it` : '';
    throw new NonetError('not-running', `not running: ${list}${rest}`);
  }

  /** A terminal that gathers lines drops what is too long of one, and nobody would know. */
  async function assertTakesLines(selector: string, text: string): Promise<void> {
    const length = longestLine(text);
    if (length <= MAX_CANONICAL_LINE) return;
    for (const { program, spec } of selectPanes(session.panes, [selector])) {
      if (!program || !(await readsWholeLines(program.pid))) continue;
      const limit = `its terminal keeps only the first ${MAX_CANONICAL_LINE} bytes of a line`;
      throw new NonetError(
        'failed',
        `nothing was sent: ${spec.name} reads whole lines, and ${limit}; one here has ${length}`,
        {
          hint: 'send shorter lines, or put the text into a file for the program to read',
        },
      );
    }
  }

  return {
    ...createLayoutHandlers({ session, changer: deps.changer, assertOpen }),
    ...createArrangeHandlers({
      session,
      changer: deps.changer,
      host,
      assertOpen,
      onRearranged: deps.onRearranged,
    }),
    async up({ resurrect, ...wish }) {
      assertOpen();
      const started = session.fill(wish, resurrect);
      // Whoever asked wants to see the panes, which the host shows, and to type into programs that are there.
      await host.requireReady(HOST_PATIENCE_MS);
      if (started) await waitUntilStarted(session, START_PATIENCE_MS);
      // A host that is stuck is still connected.
      else await host.request('facts', {});
      return { started };
    },
    subscribe(_params, connection) {
      const snapshot = session.snapshot();
      publisher.subscribe(connection);
      return snapshot;
    },
    list: () => session.panes.map(({ pane }) => infoOf(session.viewOf(pane)!.view)),
    usage: ({ panes, span, points }) =>
      selectPanes(session.panes, panes).map(({ pane }) => {
        const latest = deps.care.latestOf(pane);
        return {
          ...infoOf(session.viewOf(pane)!.view),
          readBytes: latest?.readBytes ?? 0,
          writtenBytes: latest?.writtenBytes ?? 0,
          history: deps.care.historyOf(pane).read(span, points),
        };
      }),
    show: ({ pane }) => showPane(selectPane(session.panes, pane)),
    start(params) {
      assertOpen();
      return act('start', params);
    },
    stop: (params) => act('stop', params),
    restart({ now, ...params }) {
      assertOpen();
      return act(now ? 'restart-now' : 'restart', params);
    },
    kill: (params) => act('kill', params),
    reload({ panes, wait }) {
      assertOpen();
      return reloadPanes(session, selectPanes(session.panes, panes), { wait, replace });
    },
    rename({ pane, name: wanted }) {
      assertOpen();
      return deps.changer.rename(selectPane(session.panes, pane), wanted);
    },
    async send({ pane: selector, text, enter }) {
      await assertTakesLines(selector, text);
      return type(selector, async (pane) => {
        // Several lines are one text: bracketed for a program that asked for it, so that it does not take each for an answer.
        if (text !== '') await host.request('write', { pane, text, paste: text.includes('\n') });
        if (enter) await host.request('keys', { pane, chords: ['enter'] });
      });
    },
    'send-keys': ({ pane: selector, keys }) => type(selector, (pane) => host.request('keys', { pane, chords: keys })),
    async capture({ pane: selector, ...how }): Promise<CaptureResult> {
      const { pane } = selectPane(session.panes, selector);
      try {
        return await capturePane(host, { pane, ...how });
      } catch (error) {
        // It never ran, so there is nothing to see.
        if (error instanceof NonetError && error.code === 'no-such-pane') return { text: '' };
        throw error;
      }
    },
    async flush({ panes: selectors }) {
      const chosen = selectPanes(session.panes, selectors);
      await host.request('flush-logs', { panes: chosen.map(({ pane }) => pane) });
      return { panes: chosen.map(({ spec }) => spec.name) };
    },
    async save() {
      if (session.empty) throw new NonetError('failed', `session ${name} has no panes to save`);
      await deps.save();
      return { panes: session.panes.length };
    },
    'hand-over': (program) => {
      assertOpen();
      return deps.handOver(program);
    },
    down: ({ timeoutMs }) => down(timeoutMs),
  };

  async function showPane({ pane, spec, exits }: PaneSupervisor): Promise<PaneDetail> {
    const { view } = session.viewOf(pane)!;
    const facts = await host.request('facts', {});
    const fact = facts.panes.find((candidate) => candidate.pane === pane);
    const usages = sampler.processesOf(pane);
    const tree = orderTree(usages, usages.length > 1 ? await processes.snapshot() : []);
    return {
      ...infoOf(view),
      argv: spec.argv,
      agent: spec.agent,
      restart: describePolicy(spec.restart),
      cols: fact?.cols ?? 0,
      rows: fact?.rows ?? 0,
      envNames: Object.keys(spec.env).sort(),
      limits: describeLimits(spec),
      hint: view.hint,
      nextRestartAt: view.nextRestartAt,
      processes: tree.map((usage) => ({ ...usage, command: processes.argvOf(usage.pid).join(' ') })),
      exits: [...exits],
      repeats: view.repeats,
    };
  }
}

function infoOf({ nextRestartAt: _next, hint: _hint, repeats: _repeats, asks: _asks, ...info }: PaneView): PaneInfo {
  return info;
}

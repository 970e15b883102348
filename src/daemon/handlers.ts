import { NonetError } from '../core/errors.ts';
import type { PaneRequest } from '../core/pane-state.ts';
import { describePolicy } from '../core/restart-policy.ts';
import type { PaneDetail, PaneInfo, PaneView } from '../core/session.ts';
import type { Connection } from '../protocol/connection.ts';
import type { CaptureResult, daemonRequests, RequestHandlers } from '../protocol/control.ts';
import type { PaneSupervisor } from '../supervisor/pane-supervisor.ts';
import type { Processes } from '../supervisor/processes.ts';
import type { UsageSampler } from '../supervisor/usage.ts';
import { performAction, waitUntilStarted } from './actions.ts';
import { readCapture } from './capture-reader.ts';
import type { HostLink } from './host-link.ts';
import type { Publisher } from './publisher.ts';
import { selectPane, selectPanes } from './selectors.ts';
import type { Session } from './session.ts';

export type HandlerDeps = {
  name: string;
  session: Session;
  host: HostLink;
  publisher: Publisher;
  processes: Processes;
  sampler: UsageSampler;
  /** True once the session has been asked to end. */
  isClosing: () => boolean;
  down: (timeoutMs: number | null) => Promise<{ stuck: number[] }>;
};

/** Long enough for a machine that is busy, short enough for a person who waits. */
const HOST_PATIENCE_MS = 10_000;

/** Starting takes milliseconds; if it takes longer, the panes say so themselves. */
const START_PATIENCE_MS = 2_000;

/** What the daemon does for every row of its request table. */
export function createHandlers(deps: HandlerDeps): RequestHandlers<typeof daemonRequests, Connection> {
  const { name, session, host, publisher, processes, sampler, isClosing, down } = deps;

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

  return {
    async up(wish) {
      assertOpen();
      const started = session.fill(wish);
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
    send: ({ pane: selector, text, enter }) =>
      type(selector, async (pane) => {
        // Several lines are one text: bracketed for a program that asked for it, so that it does not take each for an answer.
        if (text !== '') await host.request('write', { pane, text, paste: text.includes('\n') });
        if (enter) await host.request('keys', { pane, chords: ['enter'] });
      }),
    'send-keys': ({ pane: selector, keys }) => type(selector, (pane) => host.request('keys', { pane, chords: keys })),
    async capture({ pane: selector, ...how }): Promise<CaptureResult> {
      const { pane } = selectPane(session.panes, selector);
      try {
        return await readCapture((wish) => host.request('capture', { pane, ...how, ...wish }));
      } catch (error) {
        // It never ran, so there is nothing to see.
        if (error instanceof NonetError && error.code === 'no-such-pane') return { text: '' };
        throw error;
      }
    },
    down: ({ timeoutMs }) => down(timeoutMs),
  };

  async function showPane({ pane, spec, exits }: PaneSupervisor): Promise<PaneDetail> {
    const facts = await host.request('facts', {});
    const fact = facts.panes.find((candidate) => candidate.pane === pane);
    return {
      ...infoOf(session.viewOf(pane)!.view),
      argv: spec.argv,
      agent: spec.agent,
      restart: describePolicy(spec.restart),
      cols: fact?.cols ?? 0,
      rows: fact?.rows ?? 0,
      envNames: Object.keys(spec.env).sort(),
      processes: sampler
        .processesOf(pane)
        .map((usage) => ({ ...usage, command: processes.argvOf(usage.pid).join(' ') })),
      exits: [...exits],
    };
  }
}

function infoOf({ nextRestartAt: _next, hint: _hint, ...info }: PaneView): PaneInfo {
  return info;
}

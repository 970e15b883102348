import { NonetError } from '../core/errors.ts';
import type { Connection } from '../protocol/connection.ts';
import type { CaptureFormat, CapturePiece, HostEvent, HostFacts, hostRequests, Size } from '../protocol/control.ts';
import type { RequestHandlers } from '../protocol/request-table.ts';
import { type CaptureRange, capturePiece } from '../terminal/capture.ts';
import { createAttachedClients } from './attached-clients.ts';
import { createLogCompressor } from './log-compressor.ts';
import { movePaneLog } from './log-move.ts';
import { createOuterSource } from './outer-source.ts';
import { createOutputPacer } from './output-pacer.ts';
import { createOutputScheduler } from './output-scheduler.ts';
import { createPane, type Pane, type PaneEvents } from './pane.ts';
import { createPaneFocus } from './pane-focus.ts';
import { createPaneNews } from './pane-news.ts';
import { createPaneSizes } from './pane-sizes.ts';
import { createSignalOutbox, MAX_UNREAD_BYTES, type SignalOutbox } from './signal-outbox.ts';

/**
 * PROCESS 1. Owns every pty and the screen behind it, and does nothing else: no policy, no layout, no files. The daemon tells it what to
 * start; clients get cells and give keys. It is the one process that must not die, so whatever goes wrong here stays with the pane,
 * the client or the request it went wrong for.
 */
export type Host = {
  handlers: RequestHandlers<typeof hostRequests, Connection>;
  /** A client has connected; it is forgotten when its connection closes. */
  addClient(connection: Connection): void;
  onClientEvent(event: { event: string }, connection: Connection): void;
  /** A daemon has connected, and hears of everything until its connection closes; without one, `facts` tells the outcome to the next. */
  addDaemon(connection: Connection): void;
  /** Resolves when the panes' logs are on disk, or cannot be. */
  dispose(): Promise<void>;
};

export type HostDeps = {
  version: string;
  /** The daemon asked for the end: after the reply is out. */
  onShutdown: () => void;
  /** Daemons are started from here from now on. */
  startDaemonsFrom: (execPath: string, entry: string) => void;
};

export function createHost({ version, onShutdown, startDaemonsFrom }: HostDeps): Host {
  const panes = new Map<number, Pane>();
  const scheduler = createOutputScheduler();
  const pacer = createOutputPacer();
  const sizes = createPaneSizes<Connection>((number, size) => {
    clients.beforeResize(number);
    panes.get(number)?.resize(size);
  });
  const focus = createPaneFocus<Connection>((number, focused) => panes.get(number)?.screen.setFocused(focused));
  const outer = createOuterSource();
  const clients = createAttachedClients({ panes, sizes, focus, outer });
  const compressor = createLogCompressor();
  /** One, but for moments in which one makes room for another; who says it is one more must not make the other deaf. */
  const daemons = new Map<Connection, SignalOutbox>();
  let deposit = '';

  const news = createPaneNews((pane, signal) => {
    // Of a clipboard there is nothing to decide.
    if (signal.type !== 'clipboard') for (const signals of daemons.values()) signals.offer(pane, signal);
    clients.offer(pane, signal);
  });

  const events: PaneEvents = {
    onOutput: clients.changed,
    onFrameEnd: clients.frameEnded,
    onExit(pane, epoch, exit) {
      tell({ event: 'exited', pane, epoch, exit, at: Date.now() });
    },
    onSignal: news.offer,
  };

  function tell(event: HostEvent): void {
    for (const connection of daemons.keys()) connection.sendEvent(event);
  }

  function addPane(number: number, size: Size, scrollback: number): Pane {
    const pane = createPane({
      number,
      size: sizes.sizeOf(number) ?? size,
      scrollback,
      scheduler,
      pacer,
      outer,
      compressor,
      version,
      events,
    });
    panes.set(number, pane);
    pane.screen.setFocused(focus.has(number));
    return pane;
  }

  function paneOf(number: number): Pane {
    const pane = panes.get(number);
    if (!pane) throw new NonetError('no-such-pane', `the host has no pane ${number}`);
    return pane;
  }

  function livePaneOf(number: number): Pane {
    const pane = paneOf(number);
    if (!pane.alive) throw new NonetError('not-running', `pane ${number} does not run`);
    return pane;
  }

  return {
    handlers: {
      spawn({ pane: number, epoch, argv, cwd, env, size, scrollback, log }) {
        const pane = panes.get(number) ?? addPane(number, size, scrollback);
        pane.setLog(log ?? null);
        return pane.spawn({ epoch, argv, cwd, env });
      },
      async 'move-log'({ pane: number, from, log }) {
        const pane = panes.get(number);
        if (pane) await pane.moveLog(from, log);
        else await movePaneLog(from, log.base, log.paneName);
        return {};
      },
      'set-log'({ pane, log }) {
        panes.get(pane)?.setLog(log);
        return {};
      },
      'swap-panes'({ pane: number, other }) {
        const [before, next] = [paneOf(number), paneOf(other)];
        clients.beforeResize(number);
        const log = before.stepAside(other);
        panes.set(number, next);
        panes.set(other, before);
        next.resize({ cols: before.screen.cols, rows: before.screen.rows });
        next.step(number, log);
        before.screen.setFocused(false);
        next.screen.setFocused(focus.has(number));
        news.offer(number, { type: 'title', title: '' });
        for (const signal of next.currentSignals()) news.offer(number, signal);
        events.onOutput(number, false);
        return {};
      },
      async 'remove-pane'({ pane: number }) {
        const pane = panes.get(number);
        if (pane?.alive) throw new NonetError('failed', `pane ${number} still runs a program`);
        clients.beforeResize(number);
        panes.delete(number);
        news.forget(number);
        clients.removed(number);
        for (const signals of daemons.values()) signals.forget(number);
        await pane?.dispose();
        return {};
      },
      async 'flush-logs'({ panes: numbers }) {
        await Promise.all(numbers.map((number) => panes.get(number)?.emptyLog()));
        return {};
      },
      facts(): HostFacts {
        const facts = [...panes.values()].map((pane) => pane.facts()).filter((fact) => fact !== null);
        return { pid: process.pid, panes: facts, deposit };
      },
      deposit({ text }) {
        deposit = text;
        return {};
      },
      write({ pane, text, paste }) {
        livePaneOf(pane).write(text, paste);
        return {};
      },
      keys({ pane, chords }) {
        livePaneOf(pane).keys(chords);
        return {};
      },
      capture: ({ pane, ...wish }) => capturePane(paneOf(pane), wish),
      'restore-screen'({ pane: number, size, scrollback, text }) {
        if (panes.has(number)) return {};
        const pane = addPane(number, size, scrollback);
        pane.restore(text);
        return {};
      },
      'use-daemon'({ execPath, entry }) {
        startDaemonsFrom(execPath, entry);
        return { version };
      },
      shutdown() {
        setImmediate(onShutdown);
        return {};
      },
    },
    addClient: clients.add,
    onClientEvent: clients.receive,
    addDaemon(connection) {
      const signals = createSignalOutbox({
        send(pane, signal) {
          const event: HostEvent = { event: 'signal', pane, signal };
          connection.sendEvent(event);
        },
        ready: () => connection.queuedBytes < MAX_UNREAD_BYTES,
      });
      daemons.set(connection, signals);
      connection.onDrain(signals.flush);
      connection.onClose(() => daemons.delete(connection));
    },
    async dispose() {
      compressor.dispose();
      news.dispose();
      pacer.dispose();
      sizes.dispose();
      outer.dispose();
      clients.dispose();
      await Promise.all([...panes.values()].map((pane) => pane.dispose()));
    },
  };
}

function capturePane(pane: Pane, { format, ...range }: CaptureRange & { format: CaptureFormat }): CapturePiece {
  const { screen } = pane;
  const { lines, ...place } = capturePiece(screen, { ...range, ansi: format === 'ansi' });
  if (format !== 'json') return { ...place, text: lines.map(({ text }) => `${text}\n`).join('') };
  const { col, row, visible } = screen.cursor();
  return {
    ...place,
    text: '',
    lines,
    cols: screen.cols,
    rows: screen.rows,
    cursor: { col, row, visible },
    title: pane.facts()?.title ?? '',
  };
}

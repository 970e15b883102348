import { appendFileSync } from 'node:fs';
import { NonetError } from '../core/errors.ts';
import type { InputEvent, TerminalReport } from '../core/input-event.ts';
import { createKeymap, type Keymap } from '../core/keymap.ts';
import { createHello } from '../protocol/connection.ts';
import { type DaemonEvent, daemonRequests } from '../protocol/control.ts';
import type { ClientEvent } from '../protocol/data.ts';
import { FRAME_SCREEN } from '../protocol/frame-codec.ts';
import { createInputTokenizer } from '../terminal/input-tokenizer.ts';
import { type ChromeTerminal, createChromeTerminal } from './chrome-terminal.ts';
import { type Clock, systemClock } from './clock.ts';
import { createCompositor } from './compositor.ts';
import { routeInput } from './input-router.ts';
import { createKeyCommands } from './key-commands.ts';
import { createLink } from './link.ts';
import { createOuterTerminal, PROBE } from './outer-terminal.ts';
import { createSceneSelector } from './scene.ts';
import { selectPaneSizes } from './selectors.ts';
import { createStore, type Store } from './store.ts';
import { openTty, type Tty } from './tty.ts';

/**
 * PROCESS 3, without React: one attached client from the first byte to the last. Keys go to the host, cells come from it; the daemon
 * tells what the panes are and is told what is wanted of them. Resolves when the client leaves; the terminal is restored by then.
 */
export type ClientOptions = {
  session: string;
  version: string;
  daemonSocket: string;
  hostSocket: string;
  /** Where a defect of the client's own is written. */
  logFile: string;
  /** Gives what draws the chrome into a virtual terminal; loaded while the panes come up. */
  loadChrome: () => Promise<MountChrome>;
};

export type MountChrome = (chrome: {
  store: Store;
  keymap: Keymap;
  terminal: ChromeTerminal;
  clock: Clock;
  color?: boolean;
  onError?(error: unknown): void;
}) => { unmount(): void };

/** `message`: what to say on the terminal that the client leaves behind. */
export type ClientResult = { exitCode: number; message: string };

/** Both sides away for this long: the session is over, or as good as. */
const GIVE_UP_MS = 10_000;

/** Chrome is loaded after this long even if no pane has anything to show. */
const CHROME_PATIENCE_MS = 250;

const SIGNALS = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;

/** ESC alone is the Escape key after this long; over ssh the rest of a sequence may be late. */
const ESCAPE_MS = process.env['SSH_CONNECTION'] ? 50 : 25;
/** Where the kitty protocol is in force, Escape is a sequence of its own. */
const KITTY_ESCAPE_MS = 500;
/** Disambiguate: Escape, Shift+Enter, Ctrl+I … are told apart. */
const KITTY_FLAGS = 1;

export function runClient(options: ClientOptions): Promise<ClientResult> {
  return new Promise((resolve) => {
    const { stdout } = process;
    const outer = createOuterTerminal();
    const store = createStore({ cols: stdout.columns, rows: stdout.rows, clock: systemClock });
    const tokenizer = createInputTokenizer({ escapeTimeoutMs: ESCAPE_MS });
    const unacknowledged: number[] = [];
    let keymap = createKeymap({});
    let keymapSource: unknown = null;
    let chromeRequested = false;
    let mountChrome: MountChrome | null = null;
    let chromeUi: { unmount(): void } | null = null;
    let paintScheduled: NodeJS.Immediate | null = null;
    let escapeTimer: NodeJS.Timeout | null = null;
    let noticeTimer: NodeJS.Timeout | null = null;
    let giveUpTimer: NodeJS.Timeout | null = null;
    let sentView = '';
    let batch: { pane: number; input: InputEvent[] } = { pane: 0, input: [] };
    let finished = false;

    const tty: Tty = openTty({
      onInput(bytes) {
        handleEvents(tokenizer.push(bytes));
        armEscapeTimer();
      },
      onResize: (cols, rows) => guard(() => resize(cols, rows)),
      onGone: () => finish({ exitCode: 129, message: '' }),
    });
    const chrome = createChromeTerminal({
      cols: tty.cols,
      rows: tty.rows,
      onChange(first, last) {
        compositor.chromeChanged(first, last);
        schedulePaint();
      },
    });
    const compositor = createCompositor({ chrome: chrome.grid, synchronized: () => outer.synchronized });
    const selectScene = createSceneSelector();

    const hostLink = createLink({
      socketPath: options.hostSocket,
      hello: createHello('client', options.session, options.version),
      handlers: {
        onFrame(kind, payload) {
          if (kind !== FRAME_SCREEN) return;
          unacknowledged.push(compositor.applyFrame(payload));
          paint();
          if (!chromeRequested) setImmediate(requestChrome);
        },
        onError: (error) => crash(error),
      },
      onUp() {
        sentView = '';
        unacknowledged.length = 0;
        store.dispatch({ type: 'host-status-changed', status: 'live' });
        if (outer.answered) sendColors();
        sendView();
        linksChanged();
      },
      onDown() {
        store.dispatch({ type: 'host-status-changed', status: 'reconnecting' });
        linksChanged();
      },
    });
    const daemonLink = createLink({
      socketPath: options.daemonSocket,
      hello: createHello('client', options.session, options.version),
      handlers: {
        onEvent: (event) => store.applyEvent(event as DaemonEvent),
        onError: (error) => crash(error),
      },
      onUp(connection) {
        linksChanged();
        connection.request(daemonRequests, 'subscribe', {}).then(
          (snapshot) => guard(() => store.applySnapshot(snapshot)),
          // The connection went away again: the link says so itself.
          () => {},
        );
      },
      onDown(error) {
        if (error instanceof NonetError && error.code === 'version-mismatch') {
          finish({ exitCode: 1, message: `${error.message}\n${error.hint}` });
          return;
        }
        store.connectionLost();
        linksChanged();
      },
    });
    const commands = createKeyCommands({
      store,
      requestDaemon(name, params) {
        const { connection } = daemonLink;
        if (!connection)
          return Promise.reject(new NonetError('disconnected', 'the daemon is away for a moment: try again'));
        return connection.request(daemonRequests, name, params);
      },
      detach,
      redraw() {
        compositor.reset(chrome.grid);
        send({ event: 'refresh' });
        schedulePaint();
      },
    });

    const unsubscribe = store.subscribe(() => guard(storeChanged));
    const signalHandlers = Object.entries(SIGNALS).map(([signal, exitCode]) => {
      const handler = (): void =>
        finish({ exitCode, message: `left session ${options.session} on ${signal}; its panes go on` });
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);

    tty.output.write(PROBE);
    const chromeTimer = setTimeout(requestChrome, CHROME_PATIENCE_MS);

    /** After the first cells are out: loading Ink takes a hundred milliseconds in which nothing else happens. */
    function requestChrome(): void {
      clearTimeout(chromeTimer);
      if (chromeRequested || finished) return;
      chromeRequested = true;
      options.loadChrome().then((mount) => {
        mountChrome = mount;
        guard(mountWhenReady);
      }, crash);
    }

    /** With the session's keys, which the chrome shows: not before the snapshot. */
    function mountWhenReady(): void {
      if (!mountChrome || chromeUi || finished || !store.getState().session.snapshot) return;
      chromeUi = mountChrome({
        store,
        keymap,
        terminal: chrome,
        clock: systemClock,
        color: !process.env['NO_COLOR'],
        onError: crash,
      });
    }

    function handleEvents(events: (InputEvent | TerminalReport)[]): void {
      guard(() => {
        for (const event of events) if (!finished) handleEvent(event);
        sendBatch();
      });
    }

    function handleEvent(event: InputEvent | TerminalReport): void {
      switch (event.type) {
        case 'focus':
          store.dispatch({ type: 'outer-focus-changed', focused: event.focused });
          return;
        case 'reply':
          if (outer.learn(event.reply)) outerLearnt();
          return;
        case 'unknown':
          // Bytes of a sequence that no key has; there is nothing in them that a pane could have been meant to get.
          return;
        default:
          route(event);
      }
    }

    function route(event: InputEvent): void {
      for (const effect of routeInput(store.getState(), keymap, event)) {
        switch (effect.type) {
          case 'pane-input':
            if (batch.pane !== effect.pane) sendBatch();
            batch.pane = effect.pane;
            batch.input.push(effect.event);
            break;
          case 'command':
            sendBatch();
            commands.run(effect.command, effect.pane, effect.confirmed);
            break;
          case 'quit':
            sendBatch();
            if (effect.choice === 'detach') detach();
            else stopAll();
            break;
          case 'view':
            // The key is on its way before anything is drawn for it.
            sendBatch();
            store.dispatch(effect.action);
        }
      }
    }

    /** Consecutive events for one pane travel in one message. */
    function sendBatch(): void {
      if (batch.input.length === 0) return;
      send({ event: 'input', pane: batch.pane, input: batch.input });
      batch = { pane: 0, input: [] };
    }

    function detach(): void {
      finish({ exitCode: 0, message: `detached from session ${options.session}: nonet attach comes back` });
    }

    function stopAll(): void {
      store.dispatch({ type: 'notice-shown', text: 'stopping all panes …', kind: 'info', forMs: 600_000 });
      daemonLink.connection?.request(daemonRequests, 'down', { timeoutMs: null }).catch(() => {
        // It left before it could answer: that was the aim.
      });
    }

    function outerLearnt(): void {
      if (outer.kitty) {
        tty.pushKittyFlags(KITTY_FLAGS);
        tokenizer.setEscapeTimeout(KITTY_ESCAPE_MS);
      }
      if (outer.answered) sendColors();
    }

    function armEscapeTimer(): void {
      if (escapeTimer) clearTimeout(escapeTimer);
      const ms = tokenizer.needsFlushIn();
      escapeTimer = ms === null ? null : setTimeout(() => handleEvents(tokenizer.flush()), ms);
    }

    function send(event: ClientEvent): void {
      hostLink.connection?.sendEvent(event);
    }

    function sendColors(): void {
      send({ event: 'terminal', ...outer.colors, palette: [], scheme: null, cell: null });
    }

    function sendView(): void {
      const state = store.getState();
      // Before the snapshot there are no panes to show, and no sizes anyone should follow.
      if (!state.session.snapshot) return;
      const view: ClientEvent = { event: 'view', panes: selectPaneSizes(state) };
      const text = JSON.stringify(view);
      if (text === sentView || !hostLink.connection) return;
      sentView = text;
      send(view);
    }

    function storeChanged(): void {
      const state = store.getState();
      const keys = state.session.snapshot?.layout.keys;
      if (keys && keys !== keymapSource) {
        keymapSource = keys;
        keymap = createKeymap(keys);
      }
      mountWhenReady();
      armNoticeTimer(state.view.notice?.until ?? null);
      sendView();
      const scene = selectScene(state, keymap);
      if (scene) {
        compositor.setScene(scene);
        schedulePaint();
      }
      if (state.session.closing !== null) linksChanged();
    }

    function armNoticeTimer(until: number | null): void {
      if (noticeTimer) clearTimeout(noticeTimer);
      noticeTimer =
        until === null
          ? null
          : setTimeout(() => store.dispatch({ type: 'notice-cleared' }), Math.max(0, until - Date.now()));
    }

    /** Leaves when the session has ended, or when nobody has answered for too long. */
    function linksChanged(): void {
      if (finished) return;
      const { closing } = store.getState().session;
      if (closing !== null && !daemonLink.connection) {
        finish({ exitCode: 0, message: `session ${options.session} has ended${closing ? `: ${closing}` : ''}` });
        return;
      }
      const away = !hostLink.connection && !daemonLink.connection;
      if (!away && giveUpTimer) {
        clearTimeout(giveUpTimer);
        giveUpTimer = null;
      }
      if (away && !giveUpTimer) {
        giveUpTimer = setTimeout(
          () =>
            finish({ exitCode: 1, message: `session ${options.session} does not answer any more: see nonet sessions` }),
          GIVE_UP_MS,
        );
      }
    }

    function resize(cols: number, rows: number): void {
      store.dispatch({ type: 'resized', cols, rows });
      // A mounted chrome has done so already, after making Ink forget what it drew.
      if (chrome.grid.cols !== cols || chrome.grid.rows !== rows) chrome.resize(cols, rows);
      compositor.reset(chrome.grid);
      schedulePaint();
    }

    /** Once for all changes of this turn of the event loop. */
    function schedulePaint(): void {
      if (paintScheduled || finished) return;
      paintScheduled = setImmediate(() => {
        paintScheduled = null;
        guard(paint);
      });
    }

    function paint(): void {
      if (finished) return;
      if (!tty.output.drained) {
        // A slow terminal gets the newest picture when it is ready, not every picture.
        tty.output.onDrained(schedulePaint);
        return;
      }
      const text = compositor.paint();
      if (text !== '') tty.output.write(text);
      if (unacknowledged.length === 0) return;
      const frames = unacknowledged.splice(0);
      tty.output.onDrained(() => {
        for (const frame of frames) send({ event: 'ack', frame });
      });
    }

    function guard(run: () => void): void {
      try {
        run();
      } catch (error) {
        crash(error);
      }
    }

    /** A defect in the client: the panes do not notice. */
    function crash(error: unknown): void {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      try {
        appendFileSync(options.logFile, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
      } catch {
        // No log then; the message below is what there is.
      }
      const first = error instanceof Error ? error.message : String(error);
      finish({
        exitCode: 1,
        message: `the client failed (${first}); its panes go on: nonet attach comes back. Details: ${options.logFile}`,
      });
    }

    function finish(result: ClientResult): void {
      if (finished) return;
      finished = true;
      clearTimeout(chromeTimer);
      for (const timer of [escapeTimer, noticeTimer, giveUpTimer]) if (timer) clearTimeout(timer);
      if (paintScheduled) clearImmediate(paintScheduled);
      unsubscribe();
      for (const remove of signalHandlers) remove();
      process.off('uncaughtException', crash);
      process.off('unhandledRejection', crash);
      tty.restore();
      chromeUi?.unmount();
      chrome.dispose();
      hostLink.close();
      daemonLink.close();
      resolve(result);
    }
  });
}

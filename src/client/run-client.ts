import { assertNever } from '../core/assert-never.ts';
import type { InputEvent, TerminalReport } from '../core/input-event.ts';
import { keyEventOfChord } from '../core/keys.ts';
import type { Settings } from '../core/settings.ts';
import { keyOfUnknown } from '../terminal/unknown-input.ts';
import { createChromeLoader, type MountChrome } from './chrome-loader.ts';
import { createChromeTerminal } from './chrome-terminal.ts';
import { systemClock } from './clock.ts';
import { createCompositor } from './compositor.ts';
import { createCopyMode } from './copy-mode/copy-mode.ts';
import { createHostReports } from './host-reports.ts';
import { routeInput } from './input-router.ts';
import { createLogViewer } from './inspect/log-viewer.ts';
import { createPaneInfoKeeper } from './inspect/pane-info.ts';
import { createRenamer } from './inspect/rename.ts';
import { createKeyCommands, describeError } from './key-commands.ts';
import { logDefect } from './log-defect.ts';
import { createOuterConversation } from './outer-conversation.ts';
import { createOuterInput } from './outer-input.ts';
import { createOuterState } from './outer-state.ts';
import { createOuterTerminal } from './outer-terminal.ts';
import { outerWishes } from './outer-wishes.ts';
import { createOwnSettings } from './own-settings.ts';
import { createPaintLoop } from './paint-loop.ts';
import { welcomeText } from './pane-notice.ts';
import { createPaneSearch } from './pane-search.ts';
import { createPaneSignals } from './pane-signals.ts';
import { createSceneSelector } from './scene.ts';
import { sendPaste } from './send-paste.ts';
import { createSessionLinks } from './session-links.ts';
import { createStore } from './store.ts';
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
  /** The person's configuration: what it says, what is wrong with it, and where it is, to be read again when it changes. */
  settings: Settings;
  settingsProblem: string | null;
  settingsFile: string;
  /** Where the host keeps the panes' logs. */
  paneLogDirectory: string;
  /** Gives what draws the chrome into a virtual terminal; loaded while the panes come up. */
  loadChrome: () => Promise<MountChrome>;
  /** Says how to get help: the session has just begun. */
  welcome?: boolean;
};

/** `message`: what to say on the terminal that the client leaves behind. */
export type ClientResult = { exitCode: number; message: string };

/** A session that answers later than this says so. */
const WAIT_MS = 600;
const WELCOME_MS = 12_000;

const SIGNALS = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;

export function runClient(options: ClientOptions): Promise<ClientResult> {
  return new Promise((resolve) => {
    const { stdout } = process;
    const size = () => ({ cols: stdout.columns, rows: stdout.rows });
    const outer = createOuterTerminal({ env: process.env, size });
    const store = createStore({ ...size(), clock: systemClock, settings: options.settings });
    const outerState = createOuterState({ clock: systemClock, onDue: () => loop.schedule() });
    const input = createOuterInput(handleEvents);
    const selectScene = createSceneSelector();
    let noticeTimer: NodeJS.Timeout | null = null;
    const batches = new Map<number, InputEvent[]>();
    let finished = false;
    let waitTimer: NodeJS.Timeout | null = setTimeout(sayWaiting, WAIT_MS);

    const tty: Tty = openTty({
      onInput: (bytes) => input.push(bytes),
      onResize: (cols, rows) => guard(() => resize(cols, rows)),
      onGone: () => finish({ exitCode: 129, message: '' }),
      resetText: () => outerState.reset(),
    });
    const chrome = createChromeTerminal({
      cols: tty.cols,
      rows: tty.rows,
      onChange(first, last) {
        compositor.chromeChanged(first, last);
        loop.schedule();
      },
    });
    const compositor = createCompositor({
      chrome: chrome.grid,
      synchronized: () => outer.synchronized,
      look: () => outer.look,
      onScreenChanged: (pane, screen) => store.dispatch({ type: 'screen-changed', pane, screen }),
    });
    const loop = createPaintLoop({
      output: tty.output,
      outerState,
      paintPicture: () => compositor.paint(),
      onShown(frames) {
        for (const frame of frames) links.send({ event: 'ack', frame });
      },
      guard,
    });
    const signals = createPaneSignals({
      store,
      clock: systemClock,
      dialect: () => outer.features.notifications,
      say: loop.say,
    });
    const links = createSessionLinks({
      ...options,
      store,
      onFrame(payload) {
        loop.arrived(compositor.applyFrame(payload));
        loop.paint();
        chromeLoader.request();
      },
      onHistory: (payload) => copyMode.onFrame(payload),
      onFound: (event) => search.onFound(event),
      onHostDown: () => copyMode.hostLost(),
      onSignal: ({ pane, signal }) => signals.receive(pane, signal),
      onHostUp() {
        reports.forget();
        conversation.hostChanged();
        reports.update(store.getState());
        search.hostUp();
      },
      onEnd: finish,
      onError: crash,
    });
    const reports = createHostReports(links.send);
    const chromeLoader = createChromeLoader({
      load: options.loadChrome,
      mount(mountChrome) {
        // With the session's keys, which the chrome shows: not before the snapshot.
        if (!store.getState().session.snapshot) return null;
        const color = !process.env['NO_COLOR'];
        return mountChrome({ store, keymap: own.keymap, terminal: chrome, clock: systemClock, color, onError: crash });
      },
      onError: crash,
    });
    const conversation = createOuterConversation({
      outer,
      input,
      say: loop.say,
      tell: () => guard(() => reports.tellTerminal(outer.facts)),
      onLookChanged() {
        compositor.reset(chrome.grid);
        loop.schedule();
      },
      onLearnt() {
        loop.wish(outerWishes(store.getState(), outer));
        own.restyle();
      },
    });
    const copyMode = createCopyMode({
      store,
      clock: systemClock,
      keymap: () => own.keymap,
      send: (event) => links.send(event),
      setStandIn: compositor.setStandIn,
      schedule: loop.schedule,
      say: loop.say,
      env: process.env,
      keys: () => store.getState().view.settings.copyKeys,
      copyCommand: () => store.getState().view.settings.copyCommand,
      suspend(then) {
        loop.suspend();
        tty.suspend(then);
      },
      resume() {
        tty.resume();
        compositor.reset(chrome.grid);
        loop.resume();
      },
    });
    const search = createPaneSearch({
      store,
      clock: systemClock,
      send: (event) => links.send(event),
      onAccepted: () => guard(() => route(keyEventOfChord({ key: 'enter', modifiers: 0 }))),
    });
    const logViewer = createLogViewer({ store, clock: systemClock, directory: options.paneLogDirectory });
    const paneInfo = createPaneInfoKeeper({
      store,
      clock: systemClock,
      show: (pane) => links.requestDaemon('show', { pane }),
      describeError,
    });
    const rename = createRenamer({
      store,
      request: (pane, name) => links.requestDaemon('rename', { pane, name }),
      describeError,
    });
    const commands = createKeyCommands({
      store,
      openLog: (pane) => logViewer.open(pane),
      copyMode,
      requestDaemon: links.requestDaemon,
      detach,
      redraw() {
        compositor.reset(chrome.grid);
        links.send({ event: 'refresh' });
        loop.schedule();
      },
    });

    const own = createOwnSettings({
      store,
      outer,
      file: options.settingsFile,
      problem: options.settingsProblem,
      env: process.env,
      setStyle: chrome.setStyle,
      onKeymap: chromeLoader.setKeymap,
    });

    const unsubscribe = store.subscribe(() => guard(storeChanged));
    const signalHandlers = Object.entries(SIGNALS).map(([signal, exitCode]) => {
      const handler = (): void => {
        // ctrl+c in an editor is the editor's.
        if (signal === 'SIGINT' && copyMode.editing) return;
        finish({ exitCode, message: `left session ${options.session} on ${signal}; its panes go on` });
      };
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);

    tty.output.write(outer.probe);

    /** Nothing can be drawn before the session has told what it is. */
    function sayWaiting(): void {
      const leave = own.keymap.pressFor('detach');
      tty.output.write(`\x1b[Hwaiting for session ${options.session} to answer${leave ? `; ${leave} leaves` : ''} …`);
    }

    /** The first snapshot is here. */
    function greet(): void {
      if (!waitTimer) return;
      clearTimeout(waitTimer);
      waitTimer = null;
      compositor.reset(chrome.grid);
      const text = options.welcome ? welcomeText(own.keymap, store.getState().view.focused) : '';
      if (text) store.dispatch({ type: 'notice-shown', text, kind: 'info', forMs: WELCOME_MS });
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
          conversation.learn(event.reply);
          return;
        case 'unknown': {
          const key = keyOfUnknown(event.bytes);
          if (key) route(key);
          return;
        }
        default:
          route(event);
      }
    }

    function route(event: InputEvent): void {
      for (const effect of routeInput(store.getState(), own.keymap, event)) {
        switch (effect.type) {
          case 'pane-input':
            addToBatch(effect.pane, effect.event);
            break;
          case 'paste-into':
            sendBatch();
            for (const pane of effect.panes) sendPaste(links.send, pane, effect.text);
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
          case 'arrange':
            sendBatch();
            commands.arrange(effect.action);
            break;
          case 'copy-key':
          case 'copy-paste':
          case 'select':
          case 'scroll-pane':
          case 'show-found':
            sendBatch();
            copyMode.run(effect);
            break;
          case 'log-key':
            logViewer.key(effect.event);
            break;
          case 'log-paste':
            logViewer.paste(effect.text);
            break;
          case 'log-scroll':
            logViewer.scroll(effect.lines);
            break;
          case 'rename':
            rename(effect.pane, effect.name);
            break;
          case 'view':
            // The key is on its way before anything is drawn for it.
            sendBatch();
            store.dispatch(effect.action);
            break;
          default:
            assertNever(effect);
        }
      }
    }

    function addToBatch(pane: number, event: InputEvent): void {
      const batch = batches.get(pane);
      if (batch) batch.push(event);
      else batches.set(pane, [event]);
    }

    /** Events for one pane travel in one message; what is said to different panes has no order. */
    function sendBatch(): void {
      if (batches.size === 0) return;
      for (const [pane, input] of batches) links.send({ event: 'input', pane, input });
      batches.clear();
    }

    function detach(): void {
      finish({ exitCode: 0, message: `detached from session ${options.session}: nonet attach comes back` });
    }

    function stopAll(): void {
      store.dispatch({ type: 'notice-shown', text: 'stopping all panes …', kind: 'info', forMs: 600_000 });
      links.requestDaemon('down', { timeoutMs: null }).catch((error: unknown) => {
        // It may have left before it could answer: that was the aim.
        if (store.getState().session.closing !== null) return;
        store.dispatch({ type: 'notice-shown', text: `stop all panes: ${describeError(error)}`, kind: 'error' });
      });
    }

    function storeChanged(): void {
      const state = store.getState();
      own.update();
      if (state.session.snapshot) greet();
      chromeLoader.update();
      armNoticeTimer(state.view.notice?.until ?? null);
      copyMode.update();
      search.update();
      logViewer.update();
      paneInfo.update();
      reports.update(state);
      loop.wish(outerWishes(state, outer));
      const scene = selectScene(state, own.keymap);
      if (scene) {
        compositor.setScene(scene);
        loop.schedule();
      }
    }

    function armNoticeTimer(until: number | null): void {
      if (noticeTimer) clearTimeout(noticeTimer);
      noticeTimer =
        until === null
          ? null
          : setTimeout(() => store.dispatch({ type: 'notice-cleared' }), Math.max(0, until - Date.now()));
    }

    function resize(cols: number, rows: number): void {
      store.dispatch({ type: 'resized', cols, rows });
      // A mounted chrome has done so already, after making Ink forget what it drew.
      if (chrome.grid.cols !== cols || chrome.grid.rows !== rows) chrome.resize(cols, rows);
      compositor.reset(chrome.grid);
      loop.schedule();
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
      logDefect(options.logFile, error);
      const first = error instanceof Error ? error.message : String(error);
      finish({
        exitCode: 1,
        message: `the client failed (${first}); its panes go on: nonet attach comes back. Details: ${options.logFile}`,
      });
    }

    function finish(result: ClientResult): void {
      if (finished) return;
      finished = true;
      if (noticeTimer) clearTimeout(noticeTimer);
      if (waitTimer) clearTimeout(waitTimer);
      conversation.dispose();
      input.dispose();
      copyMode.dispose();
      search.dispose();
      own.dispose();
      logViewer.dispose();
      paneInfo.dispose();
      loop.dispose();
      unsubscribe();
      for (const remove of signalHandlers) remove();
      process.off('uncaughtException', crash);
      process.off('unhandledRejection', crash);
      tty.restore();
      outerState.dispose();
      chromeLoader.dispose();
      chrome.dispose();
      links.close();
      resolve(result);
    }
  });
}

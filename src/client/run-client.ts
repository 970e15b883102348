import { keyEventOfChord } from '../core/keys.ts';
import type { Settings } from '../core/settings.ts';
import { createChromeLoader, type MountChrome } from './chrome-loader.ts';
import { createChromeTerminal } from './chrome-terminal.ts';
import { systemClock } from './clock.ts';
import { createCopyMode } from './copy-mode/copy-mode.ts';
import { createEarlyInput } from './early-input.ts';
import { createGreeting } from './greeting.ts';
import { createHostReports } from './host-reports.ts';
import { createInputDispatcher } from './input-dispatcher.ts';
import { createInspectors } from './inspect/inspectors.ts';
import { watchJobControl } from './job-control.ts';
import { createKeyCommands } from './key-commands.ts';
import { createNoticeTimer } from './notice-timer.ts';
import { createOuterConversation } from './outer-conversation.ts';
import { createOuterInput } from './outer-input.ts';
import { createOuterState } from './outer-state.ts';
import { createOuterTerminal } from './outer-terminal.ts';
import { outerWishes } from './outer-wishes.ts';
import { createOwnSettings } from './own-settings.ts';
import { createPaneSearch } from './pane-search.ts';
import { createPaneSignals } from './pane-signals.ts';
import { createPicture } from './picture.ts';
import { createSessionLinks } from './session-links.ts';
import { createStore } from './store.ts';
import { openTty, type Tty } from './tty.ts';
import { createWaysOut } from './ways-out.ts';

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

export function runClient(options: ClientOptions): Promise<ClientResult> {
  return new Promise((resolve) => {
    const { stdout } = process;
    const size = () => ({ cols: stdout.columns, rows: stdout.rows });
    const outer = createOuterTerminal({ env: process.env, size });
    const store = createStore({ ...size(), clock: systemClock, settings: options.settings });
    const outerState = createOuterState({ clock: systemClock, onDue: () => picture.schedule() });
    const input = createOuterInput((events) => guard(() => dispatcher.receive(events)));
    const noticeTimer = createNoticeTimer(store, systemClock);
    let finished = false;

    const waysOut = createWaysOut({
      ...options,
      store,
      requestEnd: () => links.requestDaemon('down', { timeoutMs: null }),
      isEditing: () => copyMode.editing,
      finish,
    });
    const tty: Tty = openTty({
      onInput: (bytes) => input.push(bytes),
      onTypedAhead: (bytes) => input.pushTypedAhead(bytes),
      onResize: (cols, rows) => guard(() => resize(cols, rows)),
      onGone: () => finish({ exitCode: 129, message: '' }),
      resetText: () => outerState.reset(),
    });
    const chrome = createChromeTerminal({
      cols: tty.cols,
      rows: tty.rows,
      onChange: (first, last) => picture.chromeChanged(first, last),
    });
    const picture = createPicture({
      store,
      outer,
      outerState,
      output: tty.output,
      chrome: () => chrome.grid,
      onShown(frames) {
        for (const frame of frames) links.send({ event: 'ack', frame });
      },
      guard,
    });
    const signals = createPaneSignals({
      store,
      clock: systemClock,
      dialect: () => outer.features.notifications,
      say: picture.say,
    });
    const links = createSessionLinks({
      ...options,
      store,
      onFrame(payload) {
        picture.applyFrame(payload);
        chromeLoader.request();
      },
      onHistory: (payload) => copyMode.onFrame(payload),
      onFound: (event) => search.onFound(event),
      onCopied: (text) => copyMode.onShared(text),
      onHostDown: () => copyMode.hostLost(),
      onSignal: ({ pane, signal }) => signals.receive(pane, signal),
      onHostUp() {
        reports.forget();
        conversation.hostChanged();
        reports.update(store.getState());
        search.hostUp();
        copyMode.hostUp();
        early.update();
      },
      onEnd: finish,
      onError: waysOut.crash,
    });
    const reports = createHostReports(links.send);
    const chromeLoader = createChromeLoader({
      load: options.loadChrome,
      store,
      keymap: () => own.keymap,
      terminal: chrome,
      clock: systemClock,
      color: !process.env['NO_COLOR'],
      onError: waysOut.crash,
    });
    const conversation = createOuterConversation({
      outer,
      input,
      say: picture.say,
      tell: () => guard(() => reports.tellTerminal(outer.facts)),
      onLookChanged: picture.redraw,
      onLearnt() {
        picture.wish(outerWishes(store.getState(), outer));
        own.restyle();
      },
    });
    const copyMode = createCopyMode({
      store,
      clock: systemClock,
      keymap: () => own.keymap,
      send: (event) => links.send(event),
      setStandIn: picture.setStandIn,
      schedule: picture.schedule,
      say: picture.say,
      env: process.env,
      keys: () => store.getState().view.settings.copyKeys,
      copyCommand: () => store.getState().view.settings.copyCommand,
      suspend,
      resume,
    });
    const search = createPaneSearch({
      store,
      clock: systemClock,
      send: (event) => links.send(event),
      onAccepted: () => guard(() => dispatcher.route(keyEventOfChord({ key: 'enter', modifiers: 0 }))),
    });
    const inspectors = createInspectors({
      store,
      clock: systemClock,
      logDirectory: options.paneLogDirectory,
      requestDaemon: links.requestDaemon,
    });
    const commands = createKeyCommands({
      store,
      openLog: (pane) => inspectors.log.open(pane),
      turnTo: (pane) => links.send({ event: 'turn-to', pane }),
      copyMode,
      requestDaemon: links.requestDaemon,
      detach: waysOut.detach,
      redraw() {
        picture.redraw();
        links.send({ event: 'refresh' });
      },
    });
    const early = createEarlyInput({
      store,
      clock: systemClock,
      keymap: () => own.keymap,
      hostConnected: () => links.hostConnected,
      give: (events) => guard(() => dispatcher.treat(events)),
      leave: waysOut.detach,
    });
    const dispatcher = createInputDispatcher({
      store,
      keymap: () => own.keymap,
      send: links.send,
      learn: conversation.learn,
      early,
      commands,
      copyMode,
      inspectors,
      waysOut,
      finished: () => finished,
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
    const greeting = createGreeting({
      ...options,
      store,
      clock: systemClock,
      welcome: options.welcome ?? false,
      keymap: () => own.keymap,
      write: (text) => tty.output.write(text),
      onSession: picture.redraw,
    });

    const unsubscribe = store.subscribe(() => guard(storeChanged));
    const unwatchProcess = waysOut.watchProcess();
    const unwatchJobs = watchJobControl({
      suspend,
      resume,
      retake: () => guard(tty.retake),
      isEditing: () => copyMode.editing,
    });

    tty.output.write(outer.probe);

    function storeChanged(): void {
      own.update();
      greeting.update();
      chromeLoader.update();
      copyMode.update();
      search.update();
      inspectors.update();
      // Each of these may have changed it again; what follows takes it as it is now.
      const state = store.getState();
      noticeTimer.set(state.view.notice?.until ?? null);
      reports.update(state);
      picture.wish(outerWishes(state, outer));
      picture.update(state, own.keymap);
      early.update();
    }

    function suspend(then: () => void): void {
      picture.suspend();
      tty.suspend(then);
    }

    function resume(): void {
      tty.resume();
      picture.resume();
    }

    function resize(cols: number, rows: number): void {
      store.dispatch({ type: 'resized', cols, rows });
      // A mounted chrome has done so already, after making Ink forget what it drew.
      if (chrome.grid.cols !== cols || chrome.grid.rows !== rows) chrome.resize(cols, rows);
      picture.redraw();
    }

    function guard(run: () => void): void {
      try {
        run();
      } catch (error) {
        waysOut.crash(error);
      }
    }

    function finish(result: ClientResult): void {
      if (finished) return;
      finished = true;
      noticeTimer.dispose();
      greeting.dispose();
      conversation.dispose();
      input.dispose();
      early.dispose();
      copyMode.dispose();
      search.dispose();
      own.dispose();
      inspectors.dispose();
      picture.dispose();
      unsubscribe();
      unwatchProcess();
      unwatchJobs();
      tty.restore();
      outerState.dispose();
      chromeLoader.dispose();
      chrome.dispose();
      links.close();
      resolve(result);
    }
  });
}

import readline from 'node:readline';
import { sanitizeText } from '../../core/display-text.ts';
import { systemClock } from '../clock.ts';
import { logDefect } from '../log-defect.ts';
import type { ClientResult } from '../run-client.ts';
import { selectPanes } from '../selectors.ts';
import { createSessionLinks } from '../session-links.ts';
import { createStore } from '../store.ts';
import { createPaneTeller } from './pane-teller.ts';
import { createLineRunner } from './run-line-command.ts';

/**
 * A client for those who listen: what happens in the session is told in sentences, line by line, and lines that are typed are commands.
 * Nothing is drawn, no cursor moves, the terminal's own line editing stays; input and output may be pipes. To the host this client shows
 * no pane, so it sets no pane's size and gets no cells.
 */
export type LineClientOptions = {
  session: string;
  version: string;
  daemonSocket: string;
  hostSocket: string;
  logFile: string;
  settingsProblem: string | null;
};

const SIGNALS = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;
/** A store wants a size; nothing is laid out by it. */
const NO_SCREEN = { cols: 80, rows: 24 };

export function runLines(options: LineClientOptions): Promise<ClientResult> {
  return new Promise((resolve) => {
    const store = createStore({ ...NO_SCREEN, clock: systemClock });
    const teller = createPaneTeller({ clock: systemClock, say });
    let started = false;
    let finished = false;
    let status = { session: 'live', host: 'live' };
    let notice: unknown = null;
    /** Lines are carried out in their order; the end of the input is one of them. */
    let work: Promise<void> = Promise.resolve();
    let begin: () => void = () => {};
    const ready = new Promise<void>((done) => {
      begin = done;
    });

    const links = createSessionLinks({
      ...options,
      store,
      onFrame() {},
      onHistory() {},
      onCopied() {},
      onFound() {},
      onHostDown() {},
      onHostUp: () => void links.send({ event: 'view', panes: [] }),
      onSignal: ({ pane, signal }) => teller.signal(pane, signal),
      onEnd: finish,
      onError: crash,
    });
    const runner = createLineRunner({
      store,
      requestDaemon: links.requestDaemon,
      now: systemClock.now,
      say,
      detach,
    });
    const unsubscribe = store.subscribe(() => {
      try {
        storeChanged();
      } catch (error) {
        crash(error);
      }
    });
    const input = readline.createInterface({ input: process.stdin, terminal: false });
    input.on('line', (line) => enqueue(() => runner.run(line)));
    input.on('close', () => enqueue(async () => detach()));
    const signalHandlers = Object.entries(SIGNALS).map(([signal, exitCode]) => {
      const message = `left session ${options.session} on ${signal}; its panes go on`;
      const handler = (): void => finish({ exitCode, message });
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);
    process.stdout.on('error', outputGone);

    function enqueue(run: () => Promise<void>): void {
      work = work.then(async () => {
        await ready;
        if (!finished) await run();
      });
    }

    function say(sentence: string): void {
      if (!finished) process.stdout.write(`${sentence}\n`);
    }

    function storeChanged(): void {
      const { session, view } = store.getState();
      if (!session.snapshot) return;
      teller.update(selectPanes(store.getState()));
      if (!started) {
        started = true;
        if (options.settingsProblem !== null) say(`error: ${sanitizeText(options.settingsProblem)}`);
        runner.list();
        say('help lists the commands');
        begin();
      }
      if (session.status !== status.session)
        say(session.status === 'live' ? 'the daemon is back' : 'the daemon is away');
      if (view.hostStatus !== status.host)
        say(view.hostStatus === 'live' ? 'the panes can be reached again' : 'the panes cannot be reached just now');
      status = { session: session.status, host: view.hostStatus };
      if (view.notice && view.notice !== notice) say(`${view.notice.kind}: ${sanitizeText(view.notice.text)}`);
      notice = view.notice;
    }

    function detach(): void {
      finish({ exitCode: 0, message: `detached from session ${options.session}: its panes go on` });
    }

    function crash(error: unknown): void {
      logDefect(options.logFile, error);
      const first = error instanceof Error ? error.message : String(error);
      finish({ exitCode: 1, message: `the client failed (${first}); its panes go on. Details: ${options.logFile}` });
    }

    function outputGone(): void {
      finish({ exitCode: 129, message: '' });
    }

    function finish(result: ClientResult): void {
      if (finished) return;
      finished = true;
      begin();
      unsubscribe();
      teller.dispose();
      for (const remove of signalHandlers) remove();
      process.off('uncaughtException', crash);
      process.off('unhandledRejection', crash);
      process.stdout.off('error', outputGone);
      input.close();
      process.stdin.pause();
      links.close();
      resolve(result);
    }
  });
}

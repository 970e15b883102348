import { statSync } from 'node:fs';
import { selectPane } from '../config/pane-selectors.ts';
import { layoutDefaults } from '../config/settings-file.ts';
import { NonetError } from '../core/errors.ts';
import type { Layout } from '../core/layout.ts';
import { addPane, arrange, closePane, equalize, resize, swapPanes } from '../core/layout-edits.ts';
import type { Connection } from '../protocol/connection.ts';
import type { ArrangeRequest, daemonRequests } from '../protocol/control.ts';
import type { RequestHandlers } from '../protocol/request-table.ts';
import { workingDirectory } from '../supervisor/working-directory.ts';
import type { LayoutChanger } from './change-layout.ts';
import type { SessionWish } from './deposit.ts';
import type { HostLink } from './host-link.ts';
import type { Session } from './session.ts';

type Names = 'arrange' | 'add-pane' | 'close-pane' | 'save-layout';

export type ArrangeHandlerDeps = {
  session: Session;
  changer: LayoutChanger;
  host: Pick<HostLink, 'request'>;
  assertOpen: () => void;
  /** Panes stand elsewhere now, or have other sizes. */
  onRearranged: () => void;
};

const MAX_PANES = 99;

/** What people do to the layout from within a client. Everything moves at once but what has to stop first. */
export function createArrangeHandlers({
  session,
  changer,
  host,
  assertOpen,
  onRearranged,
}: ArrangeHandlerDeps): Pick<RequestHandlers<typeof daemonRequests, Connection>, Names> {
  function presentWish(): SessionWish {
    if (!session.wish) throw new NonetError('no-such-session', 'the session has no panes yet', { hint: 'nonet up' });
    return session.wish;
  }

  function nameOf(number: number): string {
    return selectPane(session.panes, String(number)).spec.name;
  }

  function rearranged(layout: Layout, request: ArrangeRequest): Layout {
    switch (request.change) {
      case 'swap':
        return swapPanes(layout, nameOf(request.panes[0]), nameOf(request.panes[1]));
      case 'shape':
        return arrange(layout, request.arrangement);
      case 'equal':
        return equalize(layout);
      case 'sizes': {
        const resized = resize(layout, request);
        if (!resized) throw new NonetError('failed', 'the arrangement has changed meanwhile');
        return resized;
      }
    }
  }

  /** Where the program of a pane is now, else where it was started. */
  async function directoryOf(number: number | null): Promise<string> {
    const { layout, origin } = presentWish();
    const supervisor = session.panes.find(({ pane }) => pane === number);
    if (!supervisor) return origin?.cwd ?? layout.panes[0]?.cwd ?? '/';
    const now = supervisor.program && workingDirectory(supervisor.program.pid);
    if (now !== null && isDirectory(now)) return now;
    const facts = await host.request('facts', {}).catch(() => null);
    const told = facts?.panes.find(({ pane }) => pane === number)?.directory;
    return told && isDirectory(told) ? told : supervisor.spec.cwd;
  }

  return {
    arrange(request) {
      session.rearrange(rearranged(presentWish().layout, request));
      onRearranged();
      return {};
    },
    async 'add-pane'({ command, beside }) {
      assertOpen();
      const cwd = await directoryOf(beside);
      // Reading YAML is half of what a daemon loads; most never need it.
      const { newPaneSpec } = await import('../config/new-pane.ts');
      const defaults = await layoutDefaults(presentWish().env);
      let name = '';
      const { results } = await changer.edit((layout) => {
        if (layout.panes.length >= MAX_PANES) {
          throw new NonetError('usage', `a session has at most ${MAX_PANES} panes`, { hint: '' });
        }
        const { env, origin } = presentWish();
        const spec = newPaneSpec({ layout, origin: origin ?? null, env, defaults }, { command, cwd });
        ({ name } = spec);
        return { layout: addPane(layout, spec) };
      });
      const added = results.find((result) => result.name === name);
      if (!added) throw new NonetError('failed', `pane ${name} could not be added`);
      return added;
    },
    'close-pane'({ pane: selector }) {
      assertOpen();
      const { name } = selectPane(session.panes, selector).spec;
      return changer.edit((layout) => {
        if (!layout.panes.some((spec) => spec.name === name)) {
          throw new NonetError('no-such-pane', `pane ${name} is closed already`);
        }
        if (layout.panes.length === 1) {
          throw new NonetError('usage', 'the last pane of a session cannot be closed', { hint: 'nonet down ends it' });
        }
        return { layout: closePane(layout, name) };
      });
    },
    async 'save-layout'(request) {
      const { saveLayout } = await import('../config/save-layout.ts');
      const { layout, origin, env } = presentWish();
      return saveLayout({ layout, origin: origin ?? null, env, defaults: await layoutDefaults(env) }, request);
    },
  };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Gone, or not ours to look at: no program could be started there.
    return false;
  }
}

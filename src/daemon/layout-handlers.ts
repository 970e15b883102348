import { NonetError } from '../core/errors.ts';
import type { Layout } from '../core/layout.ts';
import { kindOf, scaleLayout } from '../core/layout-scale.ts';
import type { Connection } from '../protocol/connection.ts';
import type { daemonRequests } from '../protocol/control.ts';
import type { RequestHandlers } from '../protocol/request-table.ts';
import type { LayoutChanger } from './change-layout.ts';
import type { SessionWish } from './deposit.ts';
import { describePast, pastLayout } from './past-layouts.ts';
import type { Session } from './session.ts';

type Names = 'layout' | 'apply' | 'past-layouts' | 'rollback' | 'scale';

export type LayoutHandlerDeps = { session: Session; changer: LayoutChanger; assertOpen: () => void };

/** The requests that look at the session's layout and change it. */
export function createLayoutHandlers({
  session,
  changer,
  assertOpen,
}: LayoutHandlerDeps): Pick<RequestHandlers<typeof daemonRequests, Connection>, Names> {
  function presentWish(): SessionWish {
    if (!session.wish) throw new NonetError('no-such-session', 'the session has no panes yet', { hint: 'nonet up' });
    return session.wish;
  }

  return {
    layout() {
      const { layout, origin } = presentWish();
      return { layout, origin: origin ?? null };
    },
    async apply({ dryRun, ...wish }) {
      const present = presentWish();
      const next = { ...wish, size: wish.size ?? present.size, origin: wish.origin ?? present.origin };
      if (dryRun) return { diff: changer.preview(next), results: [] };
      assertOpen();
      return changer.apply(next);
    },
    'past-layouts': () => describePast(session.past, presentWish().layout),
    rollback({ back }) {
      assertOpen();
      const present = presentWish();
      const layout = pastLayout(session.past, back);
      const kinds = Object.keys(present.origin?.scaled ?? {}).filter((kind) => kindOf(layout, kind) !== null);
      return changer.apply({ ...present, layout, origin: withScaled(present.origin, layout, kinds) });
    },
    scale({ pane, count }) {
      presentWish();
      assertOpen();
      return changer.edit((layout, origin) => {
        const scaled = scaleLayout(layout, pane, count);
        if (!scaled) {
          const names = layout.panes.map(({ name }) => name).join(', ');
          throw new NonetError('no-such-pane', `no pane ${JSON.stringify(pane)}; there are ${names}`);
        }
        if (scaled.panes.length > 99) throw new NonetError('usage', 'a session has at most 99 panes');
        const kind = kindOf(layout, pane)?.kind ?? pane;
        const kinds = new Set([...Object.keys(origin?.scaled ?? {}), kind]);
        return { layout: scaled, origin: withScaled(origin, scaled, [...kinds]) };
      });
    },
  };
}

/** `kinds`: of panes whose number may not be that of the layout's file. */
function withScaled(origin: SessionWish['origin'], layout: Layout, kinds: readonly string[]): SessionWish['origin'] {
  const scaled = Object.fromEntries(kinds.map((kind) => [kind, kindOf(layout, kind)?.count ?? 1]));
  return origin && { ...origin, scaled };
}

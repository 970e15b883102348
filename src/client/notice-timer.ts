import type { Clock } from './clock.ts';
import type { Store } from './store.ts';

/** Takes the notice away when its time is over. */
export type NoticeTimer = {
  /** `until`: ms since 1970; null while nothing is shown. */
  set(until: number | null): void;
  dispose(): void;
};

export function createNoticeTimer(store: Pick<Store, 'dispatch'>, clock: Clock): NoticeTimer {
  let cancel = (): void => {};

  return {
    set(until) {
      cancel();
      if (until === null) return;
      cancel = clock.after(Math.max(0, until - clock.now()), () => store.dispatch({ type: 'notice-cleared' }));
    },
    dispose: () => cancel(),
  };
}

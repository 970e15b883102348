import { sanitizeText } from '../../core/display-text.ts';
import { paneNameProblem } from '../../core/pane-name.ts';
import { selectPane, selectPanes } from '../selectors.ts';
import type { Store } from '../store.ts';

export type RenamerDeps = {
  store: Store;
  request(pane: string, name: string): Promise<unknown>;
  describeError(error: unknown): string;
};

/** Asks the daemon for another name; what speaks against it is said where it is typed. */
export function createRenamer({ store, request, describeError }: RenamerDeps): (pane: number, name: string) => void {
  const isOpen = (pane: number): boolean => store.getState().view.rename?.pane === pane;

  function refuse(pane: number, problem: string): void {
    const text = sanitizeText(problem);
    if (isOpen(pane)) store.dispatch({ type: 'rename-refused', problem: text });
    else store.dispatch({ type: 'notice-shown', text, kind: 'error' });
  }

  return (pane, typed) => {
    const name = typed.trim();
    const state = store.getState();
    const before = selectPane(state, pane)?.name;
    if (name === before) {
      store.dispatch({ type: 'mode-left' });
      return;
    }
    const problem = paneNameProblem(name);
    const owner = selectPanes(state).find((other) => other.name === name && other.pane !== pane);
    if (problem !== '' || owner) {
      refuse(pane, owner ? `pane ${owner.pane} is called ${JSON.stringify(name)} already` : problem);
      return;
    }
    store.dispatch({ type: 'rename-asked' });
    request(String(pane), name).then(
      () => {
        if (isOpen(pane)) store.dispatch({ type: 'mode-left' });
        const text = sanitizeText(`${pane} ${before} is ${name} now`);
        store.dispatch({ type: 'notice-shown', text, kind: 'info' });
      },
      (error: unknown) => refuse(pane, describeError(error)),
    );
  };
}

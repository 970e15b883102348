/**
 * Which panes have somebody's attention. Several clients look at the same panes: one of them is enough, and when it goes or looks
 * elsewhere the pane has lost it.
 */
export type PaneFocus<Client> = {
  /** Null: the client attends to none of the panes. */
  set(client: Client, pane: number | null): void;
  leave(client: Client): void;
  has(pane: number): boolean;
};

export function createPaneFocus<Client>(changed: (pane: number, focused: boolean) => void): PaneFocus<Client> {
  const attention = new Map<Client, number>();

  function has(pane: number): boolean {
    for (const attended of attention.values()) if (attended === pane) return true;
    return false;
  }

  function set(client: Client, pane: number | null): void {
    const before = attention.get(client) ?? null;
    if (before === pane) return;
    const gained = pane !== null && !has(pane);
    if (pane === null) attention.delete(client);
    else attention.set(client, pane);
    // One loses it before another gets it, as in a window.
    if (before !== null && !has(before)) changed(before, false);
    if (gained) changed(pane, true);
  }

  return { set, leave: (client) => set(client, null), has };
}

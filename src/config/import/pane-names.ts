const MAX_NAME = 64;

/** Names that a layout takes: unique, no number, not `all`. */
export type PaneNames = {
  /** The name that the pane gets; a remark goes to `notes` when it is another one. */
  add(wanted: string, notes: string[]): string;
  /** Keeps the names that instances of a pane get: NAME-1, NAME-2 … */
  reserve(name: string, instances: number): void;
  /** What a pane of the other file is called now; the first of that name. */
  of(wanted: string): string | undefined;
};

export function createPaneNames(): PaneNames {
  const taken = new Set<string>();
  const given = new Map<string, string>();
  return {
    add(wanted, notes) {
      const clean = wanted
        .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
        .trim()
        .slice(0, MAX_NAME);
      const usable = clean === '' ? 'pane' : clean === 'all' || /^\d+$/.test(clean) ? `pane-${clean}` : clean;
      let name = usable;
      for (let suffix = 2; taken.has(name); suffix++) name = `${usable.slice(0, MAX_NAME - 4)}-${suffix}`;
      taken.add(name);
      if (!given.has(wanted)) given.set(wanted, name);
      if (name !== wanted) notes.push(`called ${JSON.stringify(wanted)} before`);
      return name;
    },
    reserve(name, instances) {
      for (let instance = 1; instance <= instances; instance++) taken.add(`${name}-${instance}`);
    },
    of: (wanted) => given.get(wanted),
  };
}

/** What is used of pidusage 4, which brings no types. `cpu` in percent of a core, `memory` in bytes. */
declare module 'pidusage' {
  function pidusage(pids: number[]): Promise<Record<number, { cpu: number; memory: number } | undefined>>;
  export = pidusage;
}

import type { Processes, ProcessIdentity } from '../supervisor/processes.ts';

/** The living process that was started to listen on this socket, whether the socket is there or not. */
export async function findHost(
  processes: Pick<Processes, 'snapshot' | 'argvOf'>,
  socketPath: string,
): Promise<ProcessIdentity | null> {
  const rows = await processes.snapshot();
  return (
    rows.find(({ pid, zombie }) => {
      const argv = zombie ? [] : processes.argvOf(pid);
      const entry = argv.findIndex((word) => /\/host\/main\.[jt]s$/.test(word));
      return entry > 0 && argv[argv.indexOf('--socket', entry) + 1] === socketPath;
    }) ?? null
  );
}

/** The same before a host is started, where looking costs next to nothing; elsewhere it takes a `ps` for each process. */
export async function findLivingHost(processes: Processes, socketPath: string): Promise<ProcessIdentity | null> {
  return process.platform === 'linux' ? findHost(processes, socketPath) : null;
}

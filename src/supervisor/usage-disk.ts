import type { DiskUsage } from './usage.ts';
import type { UsageReader } from './usage-reader.ts';

/** What one tree moves from and to disks. */
export type DiskMeter = {
  /** `members`: its processes now, with their CPU time. */
  measure(members: ReadonlyMap<number, { startTime: string; ownTicks: number }>, elapsedSeconds: number): DiskUsage;
};

type Reading = DiskUsage & { startTime: string; ownTicks: number };

/** A process that used no time has hardly moved anything: it is asked this often all the same, for a write may take less than a tick. */
const ASK_IDLE_EVERY = 5;

export function createDiskMeter(reader: Pick<UsageReader, 'readDisk'>): DiskMeter {
  let readings = new Map<number, Reading>();
  let round = 0;

  return {
    measure(members, elapsedSeconds) {
      const next = new Map<number, Reading>();
      const first = readings.size === 0;
      const moved = { readBytes: 0, writtenBytes: 0 };
      round++;
      for (const [pid, { startTime, ownTicks }] of members) {
        const known = readings.get(pid);
        const before = known?.startTime === startTime ? known : null;
        if (before && before.ownTicks === ownTicks && (round + pid) % ASK_IDLE_EVERY !== 0) {
          next.set(pid, before);
          continue;
        }
        const reading = reader.readDisk(pid);
        if (!reading) continue;
        next.set(pid, { ...reading, startTime, ownTicks });
        // Found at the first look, as after a change of daemon, it may have run for days.
        if (!before && first) continue;
        moved.readBytes += Math.max(0, reading.readBytes - (before?.readBytes ?? 0));
        moved.writtenBytes += Math.max(0, reading.writtenBytes - (before?.writtenBytes ?? 0));
      }
      // What a child has moved is added to its parent's when that has waited for it (kernel/exit.c), and would count a second time.
      for (const [pid, gone] of readings) {
        if (next.get(pid)?.startTime === gone.startTime) continue;
        moved.readBytes -= gone.readBytes;
        moved.writtenBytes -= gone.writtenBytes;
      }
      readings = next;
      const perSecond = (bytes: number): number =>
        elapsedSeconds > 0 ? Math.round(Math.max(0, bytes) / elapsedSeconds) : 0;
      return { readBytes: perSecond(moved.readBytes), writtenBytes: perSecond(moved.writtenBytes) };
    },
  };
}

/** Numbers as a person reads them in a title, a status bar or a table. */

/** Time since a start, less precise the longer it is: `12s`, `5m`, `3h12m`, `2d3h`. */
export function formatUptime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h${String(minutes % 60).padStart(2, '0')}m`;
  return `${Math.floor(hours / 24)}d${hours % 24}h`;
}

/** Time until something happens, rounded up so that it never says 0 before it happens: `4s`, `1m05s`, `2h05m`. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

/** 100 = one core: `0%`, `3.2%`, `140%`. */
export function formatCpu(percent: number): string {
  if (!(percent >= 0.05)) return '0%';
  return percent < 9.95 ? `${percent.toFixed(1)}%` : `${Math.round(percent)}%`;
}

/** `0M`, `120M`, `1.2G`: powers of 1024, as top and ps show them. */
export function formatMemory(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  if (mebibytes < 0.95) return `${Math.round(bytes / 1024)}K`;
  if (mebibytes < 999.5) return `${Math.round(mebibytes)}M`;
  const gibibytes = mebibytes / 1024;
  return gibibytes < 9.95 ? `${gibibytes.toFixed(1)}G` : `${Math.round(gibibytes)}G`;
}

import os from 'node:os';
import { signalNames } from '../layout-schema.ts';

/** `INT`, `SIGINT` or `2` as a layout writes it; null for a signal that it does not take. */
export function signalOf(signal: string): string | null {
  const name = signal.trim().toUpperCase();
  const numbers = os.constants.signals as Partial<Record<string, number>>;
  const found = /^\d+$/.test(name)
    ? signalNames.find((known) => numbers[known] === Number(name))
    : signalNames.find((known) => known === name || known === `SIG${name}`);
  return found ?? null;
}

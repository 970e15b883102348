import type { NumberOption } from '../core/commands.ts';
import { NonetError } from '../core/errors.ts';

/** The number that a number option was given. Throws NonetError `usage`. */
export function parseNumber(option: string, text: string, { unit, fraction, max }: NumberOption): number {
  // Nothing, `0x10` and ` 5 ` are numbers to JavaScript, and slips of the hand to everybody else.
  const isNumber = (fraction ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text);
  if (!isNumber) {
    const given = JSON.stringify(text);
    throw new NonetError('usage', `--${option} takes a number of ${unit}, 0 or more, not ${given}`);
  }
  const number = Number(text);
  if (max && number > max.value) throw new NonetError('usage', `--${option} cannot be more than ${max.words}`);
  return number;
}

/** Whether a switch is on. Throws NonetError `usage`. */
export function parseSwitch(written: string, value: string | undefined): boolean {
  const isOn = !written.startsWith('--no-');
  if (value === undefined || value === 'true') return isOn;
  if (value === 'false') return !isOn;
  throw new NonetError('usage', `${written} takes no value`);
}

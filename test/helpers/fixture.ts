import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** The Node that nonet and the fixtures run on: the one the project brings along, whatever the tests run on. */
export const NODE = path.join(PROJECT, 'node_modules/.bin/node');

/** argv of a program in test/fixtures. */
export function fixture(name: string, ...args: (string | number)[]): [string, ...string[]] {
  return [NODE, path.join(PROJECT, 'test/fixtures', `${name}.mjs`), ...args.map(String)];
}

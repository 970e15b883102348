import type { IParser } from '@xterm/headless';

/**
 * Which keyboard encoding a pane's program asked for: the kitty protocol's flags, a stack for each of the two screens
 * (https://sw.kovidgoyal.net/kitty/keyboard-protocol/#progressive-enhancement), and xterm's modifyOtherKeys.
 */
export type KeyboardModes = {
  kittyFlags(): number;
  modifyOtherKeys(): 0 | 1 | 2;
  reset(): void;
};

/** As kitty: a program that only pushes loses its oldest entries. */
const MAX_STACK = 16;
const ALL_FLAGS = 31;

export function createKeyboardModes(parser: IParser, inAlternateScreen: () => boolean): KeyboardModes {
  let stacks = { main: [0], alternate: [0] };
  let modifyOtherKeys: 0 | 1 | 2 = 0;

  const current = (): number[] => (inAlternateScreen() ? stacks.alternate : stacks.main);
  const reset = (): void => {
    stacks = { main: [0], alternate: [0] };
    modifyOtherKeys = 0;
  };

  parser.registerCsiHandler({ prefix: '>', final: 'u' }, (params) => {
    const stack = current();
    stack.push(Number(params[0] ?? 0) & ALL_FLAGS);
    if (stack.length > MAX_STACK) stack.shift();
    return true;
  });
  parser.registerCsiHandler({ prefix: '<', final: 'u' }, (params) => {
    const stack = current();
    const count = Math.max(1, Number(params[0] ?? 1) || 1);
    stack.splice(Math.max(0, stack.length - count));
    // Popping everything resets to no flags; popping more is harmless.
    if (stack.length === 0) stack.push(0);
    return true;
  });
  parser.registerCsiHandler({ prefix: '=', final: 'u' }, (params) => {
    const stack = current();
    const flags = Number(params[0] ?? 0) & ALL_FLAGS;
    const how = Number(params[1] ?? 1) || 1;
    const before = stack[stack.length - 1]!;
    stack[stack.length - 1] = how === 2 ? before | flags : how === 3 ? before & ~flags : flags;
    return true;
  });
  parser.registerCsiHandler({ prefix: '>', final: 'm' }, (params) => {
    // Without a resource it resets all of them.
    const resource = Number(params[0] ?? 0);
    if (resource === 0) modifyOtherKeys = 0;
    if (resource !== 4) return false;
    const level = Number(params[1] ?? 0);
    modifyOtherKeys = level === 1 || level === 2 ? level : 0;
    return true;
  });
  parser.registerCsiHandler({ prefix: '>', final: 'n' }, (params) => {
    if (Number(params[0] ?? 0) === 4) modifyOtherKeys = 0;
    return true;
  });
  // RIS and DECSTR: xterm goes on with its own part.
  parser.registerEscHandler({ final: 'c' }, () => {
    reset();
    return false;
  });
  parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => {
    reset();
    return false;
  });

  return { kittyFlags: () => current()[current().length - 1]!, modifyOtherKeys: () => modifyOtherKeys, reset };
}

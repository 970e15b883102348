import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOuterState } from '../../src/client/outer-state.ts';
import { createOuterTerminal, type OuterTerminal } from '../../src/client/outer-terminal.ts';
import { type OuterWishes, outerWishes } from '../../src/client/outer-wishes.ts';
import type { Store } from '../../src/client/store.ts';
import { DEFAULT_PANE_MODES, type PaneModes } from '../../src/core/pane-modes.ts';
import { createReferenceTerminal } from '../helpers/reference-terminal.ts';
import { createTestClock, liveStore, nine, pane } from './sample-session.ts';

const NONE: OuterWishes = {
  kittyFlags: null,
  modifyOtherKeys: false,
  mouse: 'off',
  cursorColor: null,
  title: '',
  progress: null,
};

/** The state, and a terminal that all it says is written to. */
function stage() {
  const clock = createTestClock();
  let due = 0;
  const state = createOuterState({ clock, onDue: () => due++ });
  const terminal = createReferenceTerminal({ cols: 20, rows: 5 });
  const untouched = terminal.modes();
  return {
    clock,
    terminal,
    untouched,
    due: () => due,
    wish(changes: Partial<OuterWishes>) {
      const text = state.update({ ...NONE, ...changes });
      terminal.write(text);
      return text;
    },
    reset() {
      const text = state.reset();
      terminal.write(text);
      return text;
    },
  };
}

describe('the modes of the outer terminal', () => {
  it('are set as wished, once, and put back', () => {
    const { wish, reset, terminal, untouched } = stage();
    const wishes = {
      kittyFlags: 5,
      modifyOtherKeys: true,
      mouse: 'buttons',
      cursorColor: 0x00ff7f,
      title: 'a',
      progress: { state: 'normal', percent: 40 },
    } as const;
    const text = wish(wishes);
    expect(text).toContain('\x1b]12;#00ff7f\x1b\\');
    expect(text).toContain('\x1b]9;4;1;40\x1b\\');
    expect(terminal.modes()).toMatchObject({
      kittyFlags: 5,
      kittyDepth: 1,
      modifyOtherKeys: 2,
      mouse: [1000, 1002, 1006],
    });
    expect(terminal.title()).toBe('a');
    expect(wish({ ...wishes, progress: { ...wishes.progress } })).toBe('');
    const end = reset();
    expect(terminal.modes()).toEqual(untouched);
    expect(end).toContain('\x1b]112\x1b\\');
    expect(end).toContain('\x1b]9;4;0\x1b\\');
    expect(end).toMatch(/\x1b\[23;0t$/);
    expect(reset()).toBe('');
  });

  it('are left alone where nothing is wished', () => {
    const { wish, reset } = stage();
    expect(wish({})).toBe('');
    expect(reset()).toBe('');
  });

  it('change the kitty flags in their place on the stack', () => {
    const { wish, terminal } = stage();
    wish({ kittyFlags: 5 });
    expect(wish({ kittyFlags: 31 })).toBe('\x1b[=31;1u');
    expect(terminal.modes()).toMatchObject({ kittyFlags: 31, kittyDepth: 1 });
  });

  it('are as wished after any wishes before, and as they were after the reset', () => {
    const wishes = fc.record({
      kittyFlags: fc.constantFrom(null, 5, 7, 31),
      modifyOtherKeys: fc.boolean(),
      mouse: fc.constantFrom('off', 'buttons', 'any'),
      cursorColor: fc.constantFrom(null, 1, 0xffffff),
      title: fc.constantFrom('', 'a', 'b'),
      progress: fc.constantFrom(null, { state: 'normal', percent: 1 } as const),
    });
    const mouse = { off: [], buttons: [1000, 1002, 1006], any: [1000, 1002, 1003, 1006] };
    fc.assert(
      fc.property(fc.array(wishes, { minLength: 1, maxLength: 8 }), (list) => {
        const { wish, reset, terminal, untouched } = stage();
        for (const next of list) {
          wish(next);
          expect(terminal.modes()).toMatchObject({
            mouse: mouse[next.mouse],
            kittyFlags: next.kittyFlags ?? 0,
            kittyDepth: next.kittyFlags === null ? 0 : 1,
            modifyOtherKeys: next.modifyOtherKeys ? 2 : 0,
          });
        }
        reset();
        expect(terminal.modes()).toEqual(untouched);
        terminal.dispose();
      }),
      { numRuns: 60 },
    );
  });

  it('end the reports of all moves without ending those of buttons', () => {
    const { wish, terminal } = stage();
    wish({ mouse: 'any' });
    expect(terminal.modes().mouse).toEqual([1000, 1002, 1003, 1006]);
    const text = wish({ mouse: 'buttons' });
    expect(terminal.modes().mouse).toEqual([1000, 1002, 1006]);
    // In xterm one reset ends every mouse mode.
    expect(text.indexOf('?1003l')).toBeLessThan(text.indexOf('?1002h'));
  });

  it('give the cursor its own colour back', () => {
    const { wish } = stage();
    wish({ cursorColor: 0xff });
    expect(wish({})).toBe('\x1b]112\x1b\\');
  });

  it('follow an animated title a few times a second, with the last one in the end', () => {
    const { wish, clock, terminal, due } = stage();
    expect(wish({ title: '1' })).toBe('\x1b[22;0t\x1b]2;1\x1b\\');
    expect(wish({ title: '2' })).toBe('');
    expect(wish({ title: '3' })).toBe('');
    expect(due()).toBe(0);
    clock.advance(250);
    expect(due()).toBe(1);
    expect(wish({ title: '3' })).toBe('\x1b]2;3\x1b\\');
    expect(terminal.title()).toBe('3');
    expect(clock.pending()).toBe(0);
  });
});

describe('the wishes', () => {
  function outer(options: { kitty?: boolean; version?: string } = {}): OuterTerminal {
    const terminal = createOuterTerminal({ env: { TERM: 'xterm' }, size: () => ({ cols: 80, rows: 24 }) });
    if (options.version) terminal.learn({ kind: 'version', text: options.version });
    if (options.kitty) terminal.learn({ kind: 'kitty-flags', flags: 0 });
    terminal.learn({ kind: 'device-attributes', params: [62] });
    return terminal;
  }
  function setScreen(store: Store, number: number, modes: Partial<PaneModes>, cursorColor: number | null = null): void {
    const screen = { cols: 10, rows: 5, cursorColor, modes: { ...DEFAULT_PANE_MODES, ...modes } };
    store.dispatch({ type: 'screen-changed', pane: number, screen });
  }

  it('are what the focused pane asks for, and little while something is open above the panes', () => {
    const store = liveStore();
    setScreen(store, 1, { kittyFlags: 31, mouseProtocol: 'any' }, 0x123456);
    setScreen(store, 2, { kittyFlags: 1 });
    const wishes = () => outerWishes(store.getState(), outer({ kitty: true }));
    expect(wishes()).toMatchObject({ kittyFlags: 31, mouse: 'any', cursorColor: 0x123456, modifyOtherKeys: false });
    store.dispatch({ type: 'help-opened' });
    expect(wishes()).toMatchObject({ kittyFlags: 5, mouse: 'buttons' });
    store.dispatch({ type: 'mode-left' });
    store.dispatch({ type: 'focused', pane: 2 });
    expect(wishes()).toMatchObject({ kittyFlags: 5, mouse: 'buttons', cursorColor: null });
  });

  it('do not follow a program that has ended', () => {
    const store = liveStore();
    setScreen(store, 1, { kittyFlags: 31, mouseProtocol: 'any' }, 0x123456);
    store.applyEvent({ event: 'panes', panes: [pane(1, { state: 'exited' })] });
    expect(outerWishes(store.getState(), outer({ kitty: true }))).toMatchObject({
      kittyFlags: 5,
      mouse: 'buttons',
      cursorColor: null,
    });
  });

  it.each([
    [{ kitty: true }, { kittyFlags: 5, modifyOtherKeys: false }],
    [{ version: 'XTerm(390)' }, { kittyFlags: null, modifyOtherKeys: true }],
    [{}, { kittyFlags: null, modifyOtherKeys: false }],
  ])('for a terminal like %j are %j', (terminal, expected) => {
    expect(outerWishes(liveStore().getState(), outer(terminal))).toMatchObject(expected);
  });

  it('leave the mouse alone where the layout says so', () => {
    const store = liveStore();
    const snapshot = store.getState().session.snapshot!;
    store.applySnapshot({ ...snapshot, layout: { ...snapshot.layout, mouse: false } });
    setScreen(store, 1, { mouseProtocol: 'any' });
    expect(outerWishes(store.getState(), outer()).mouse).toBe('off');
  });

  it('name the window after the focused pane, without a control character in it', () => {
    const store = liveStore({ panes: nine({ 2: { title: 'vim \x1b]0;evil\x07x', name: 'two' } }) });
    expect(outerWishes(store.getState(), outer()).title).toBe('pane-1 — team (nonet)');
    store.dispatch({ type: 'focused', pane: 2 });
    const { title } = outerWishes(store.getState(), outer());
    expect(title).toMatch(/^vim .*— team \(nonet\)$/);
    expect(title).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('tell progress only to a terminal that does not take it for a notification', () => {
    const store = liveStore();
    store.dispatch({ type: 'pane-progressed', pane: 1, progress: { state: 'normal', percent: 5 } });
    expect(outerWishes(store.getState(), outer({ version: 'kitty(0.30)' })).progress).toBeNull();
    const progress = { state: 'normal', percent: 5 };
    expect(outerWishes(store.getState(), outer({ version: 'ghostty 1.2' })).progress).toEqual(progress);
  });
});

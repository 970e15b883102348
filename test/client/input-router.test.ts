import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/client/input-effect.ts';
import { routeInput } from '../../src/client/input-router.ts';
import { createKeyCommands } from '../../src/client/key-commands.ts';
import { selectPane } from '../../src/client/selectors.ts';
import type { Store } from '../../src/client/store.ts';
import { createStore } from '../../src/client/store.ts';
import type { InputEvent, KeyEvent, PasteEvent } from '../../src/core/input-event.ts';
import { keyNames, lockAndMiscKeys, modifierKeys } from '../../src/core/key-names.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { createTestClock, key, liveStore, nine } from './sample-session.ts';

const keymap = createKeymap({});
const paste = (phase: PasteEvent['phase'], text = ''): PasteEvent => ({ type: 'paste', phase, text });

/** Routes events one after the other as the client does and tells what left the client: keys to panes, commands, notices. */
function play(store: Store, ...events: InputEvent[]): string[] {
  return events.flatMap((event) =>
    routeInput(store.getState(), keymap, event).flatMap((effect) => carryOut(store, effect)),
  );
}

function carryOut(store: Store, effect: Effect): string[] {
  switch (effect.type) {
    case 'view':
      store.dispatch(effect.action);
      return effect.action.type === 'notice-shown' ? [`notice: ${effect.action.text}`] : [];
    case 'pane-input': {
      const { event } = effect;
      const what =
        event.type === 'key'
          ? `${event.action} ${event.key}`
          : `${event.type} ${event.type === 'paste' ? event.phase : ''}`;
      return [`pane ${effect.pane}: ${what}`];
    }
    case 'command':
      return [`${effect.command} ${effect.pane}${effect.confirmed ? ' confirmed' : ''}`];
    case 'quit':
      return [`quit: ${effect.choice}`];
    case 'log-key':
    case 'log-paste':
    case 'log-scroll':
      return [effect.type];
    case 'rename':
      return [`rename ${effect.pane}: ${effect.name}`];
    case 'copy-key':
      return [`copy ${effect.pane}: ${effect.event.action} ${effect.event.key}`];
    case 'paste-into':
      return [`paste ${JSON.stringify(effect.text)} into ${effect.panes}`];
    case 'copy-paste':
      return [`copy ${effect.pane}: paste ${effect.text}`];
    case 'select':
      return [`select ${effect.pane}: ${effect.event.action}`];
    case 'scroll-pane':
      return [`scroll ${effect.pane} by ${effect.lines}`];
    case 'show-found':
      return [`show line ${effect.target.found.line} of ${effect.target.pane}`];
    case 'arrange':
      return [`arrange: ${JSON.stringify(effect.action)}`];
  }
}

const mode = (store: Store) => store.getState().view.mode;

describe('in copy mode', () => {
  const copying = (changes = {}): Store => {
    const store = liveStore();
    store.dispatch({
      type: 'copy-changed',
      pane: 1,
      copy: { position: '', prompt: null, selecting: false, ...changes },
    });
    return store;
  };

  it('keys of that pane are copy mode’s, with their repeats; the prefix stays the prefix, and twice is a key', () => {
    const store = copying();
    expect(play(store, key('j'), key('j', 'repeat'), key('j', 'release'), key('ctrl+d'))).toEqual([
      'copy 1: press j',
      'copy 1: repeat j',
      'copy 1: press d',
    ]);
    expect(play(store, key('ctrl+b'), key('ctrl+b'))).toEqual(['copy 1: press b']);
    expect(play(store, key('ctrl+b'), key('z'))).toEqual(['zoom 1']);
    expect(mode(store)).toBe('normal');
  });

  it('other panes get their keys as always', () => {
    const store = copying();
    store.dispatch({ type: 'focused', pane: 2 });
    expect(play(store, key('j'))).toEqual(['pane 2: press j']);
  });

  it('a key that went down before goes on in the pane, and one that went down in copy mode never reaches it', () => {
    const store = liveStore();
    play(store, key('a'));
    store.dispatch({ type: 'copy-changed', pane: 1, copy: { position: '', prompt: null, selecting: false } });
    expect(play(store, key('a', 'repeat'), key('a', 'release'), key('q'))).toEqual([
      'pane 1: repeat a',
      'pane 1: release a',
      'copy 1: press q',
    ]);
    store.dispatch({ type: 'copy-changed', pane: 1, copy: null });
    expect(play(store, key('q', 'repeat'), key('q', 'release'))).toEqual([]);
  });

  it('a paste is for the search that is being typed, else for nobody, and that is said', () => {
    const text = [paste('start'), paste('data', 'x'), paste('end')];
    expect(play(copying({ prompt: '/' }), ...text)).toEqual(['copy 1: paste x', 'copy 1: paste ']);
    expect(play(copying(), ...text)).toEqual(['notice: nothing is pasted in copy mode: q leaves it']);
  });
});

describe('in normal mode', () => {
  it('every key but the prefix goes to the focused pane', () => {
    const store = liveStore();
    store.dispatch({ type: 'focused', pane: 4 });
    expect(play(store, key('a'), key('ctrl+c'), key('escape'), key('f5'), key('ctrl+b'))).toEqual([
      'pane 4: press a',
      'pane 4: press c',
      'pane 4: press escape',
      'pane 4: press f5',
    ]);
    expect(mode(store)).toBe('prefix');
  });

  it('releases and repeats follow the press, also after the focus has moved', () => {
    const store = liveStore();
    expect(play(store, key('a'), key('a', 'repeat'))).toEqual(['pane 1: press a', 'pane 1: repeat a']);
    store.dispatch({ type: 'focused', pane: 2 });
    expect(play(store, key('a', 'repeat'), key('a', 'release'), key('a'))).toEqual([
      'pane 1: repeat a',
      'pane 1: release a',
      'pane 2: press a',
    ]);
  });

  it('the release of a key that was pressed before we came goes nowhere', () => {
    expect(play(liveStore(), key('enter', 'release'))).toEqual([]);
  });

  it('the release of a key is dropped when its pane has died meanwhile', () => {
    const store = liveStore();
    play(store, key('a'));
    store.applySnapshot({ ...store.getState().session.snapshot!, panes: nine({ 1: { state: 'exited' } }) });
    expect(play(store, key('a', 'release'))).toEqual([]);
  });

  it('the state does not change while the same keys are typed without releases', () => {
    const store = liveStore();
    play(store, key('a'));
    const before = store.getState();
    play(store, key('a'), key('a'));
    expect(store.getState()).toBe(before);
  });

  it('typing into a pane that does not run says which key starts it', () => {
    const store = liveStore({ panes: nine({ 1: { state: 'fatal', name: 'codex' }, 2: { state: 'backoff' } }) });
    expect(play(store, key('a'))).toEqual(['notice: 1 codex does not run (fatal): ctrl+b s starts it again']);
    expect(play(store, key('a', 'repeat'), key('a', 'release'), key('left_shift'))).toEqual([]);
    store.dispatch({ type: 'focused', pane: 2 });
    expect(play(store, key('b'))).toEqual([expect.stringContaining('ctrl+b r restarts it now')]);
  });

  it('typing says so when there is no session yet, no pane, or no host', () => {
    const connecting = createStore({ cols: 80, rows: 24, clock: createTestClock() });
    expect(play(connecting, key('a'))).toEqual([expect.stringContaining('not connected')]);
    expect(play(liveStore({ panes: [] }), key('a'))).toEqual([expect.stringContaining('no pane')]);
    const store = liveStore();
    store.dispatch({ type: 'host-status-changed', status: 'reconnecting' });
    expect(play(store, key('a'))).toEqual([expect.stringContaining('cannot be reached')]);
  });
});

describe('a sequence that nobody knows', () => {
  const unknown: KeyEvent = { type: 'key', key: '', modifiers: 0, action: 'press', text: '\x1b[99~' };

  it('goes to the focused pane, is held by nobody and changes nothing', () => {
    const store = liveStore();
    const before = store.getState();
    expect(play(store, unknown, unknown)).toEqual(['pane 1: press ', 'pane 1: press ']);
    expect(store.getState()).toBe(before);
  });

  it('is no answer to a question, no filter and no command', () => {
    for (const open of [{ type: 'prefix-pressed' }, { type: 'quit-asked' }] as const) {
      const store = liveStore();
      store.dispatch(open);
      const before = store.getState();
      expect(play(store, unknown)).toEqual([]);
      expect(store.getState()).toBe(before);
    }
    const help = liveStore();
    help.dispatch({ type: 'help-opened' });
    play(help, unknown);
    expect(help.getState().view.help.filter).toBe('');
  });

  it('says nothing about a pane that does not run', () => {
    expect(play(liveStore({ panes: nine({ 1: { state: 'exited' } }) }), unknown)).toEqual([]);
  });
});

describe('after the prefix', () => {
  it('every key that there is does something or says why not', () => {
    const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
    const names = [...keyNames].filter((name) => !modifierKeys.includes(name) && !lockAndMiscKeys.includes(name));
    for (const base of [...printable, ...names]) {
      for (const modifiers of base.length === 1 ? ['', 'ctrl+', 'alt+'] : ['', 'ctrl+', 'shift+', 'alt+']) {
        const store = liveStore();
        store.dispatch({ type: 'prefix-pressed' });
        const said = play(store, key(`${modifiers}${base}`));
        const cancelled = base === 'escape' && modifiers === '';
        expect(said.length, `${modifiers}${base}`).toBe(cancelled ? 0 : 1);
        expect(mode(store)).toBe('normal');
      }
    }
  });

  it.each([
    ['r', 'restart 1'],
    ['R', 'restart-now 1'],
    ['x', 'stop 1'],
    ['3', 'focus-3 1'],
    ['left', 'focus-left 1'],
    ['?', 'help 1'],
    ['ctrl+l', 'redraw 1'],
  ])('%s is a command', (chord, expected) => {
    const store = liveStore();
    expect(play(store, key('ctrl+b'), key(chord))).toEqual([expected]);
    expect(mode(store)).toBe('normal');
  });

  it('the prefix again goes to the pane', () => {
    const store = liveStore();
    expect(play(store, key('ctrl+b'), key('ctrl+b'))).toEqual(['pane 1: press b']);
    expect(mode(store)).toBe('normal');
  });

  it('a key without a command is told, not swallowed', () => {
    const store = liveStore();
    expect(play(store, key('ctrl+b'), key('q'))).toEqual(['notice: ctrl+b q is not bound: ctrl+b ? shows the keys']);
    expect(play(store, key('ctrl+b'), key('alt+f7'))).toEqual([expect.stringContaining('ctrl+b alt+f7 is not bound')]);
    expect(mode(store)).toBe('normal');
  });

  it('escape cancels', () => {
    const store = liveStore();
    expect(play(store, key('ctrl+b'), key('escape'), key('a'))).toEqual(['pane 1: press a']);
  });

  it('neither releases nor repeats of prefix and command do anything', () => {
    const store = liveStore();
    const b = (action: KeyEvent['action']) => key('ctrl+b', action);
    expect(play(store, b('press'), b('repeat'), b('release'))).toEqual([]);
    expect(mode(store)).toBe('prefix');
    expect(play(store, key('r'), key('r', 'repeat'), key('r', 'release'))).toEqual(['restart 1']);
  });

  it('pressing shift for the next key is not yet a key', () => {
    const store = liveStore();
    const shift = (action: KeyEvent['action']): KeyEvent => ({
      type: 'key',
      key: 'left_shift',
      modifiers: 0,
      action,
      text: '',
    });
    expect(play(store, key('ctrl+b'), shift('press'), key('R'), key('R', 'release'), shift('release'))).toEqual([
      'restart-now 1',
    ]);
  });

  it('the release of a key pressed in a pane still reaches it', () => {
    expect(play(liveStore(), key('a'), key('ctrl+b'), key('a', 'release'))).toEqual([
      'pane 1: press a',
      'pane 1: release a',
    ]);
  });
});

describe('a question', () => {
  const asking = (): Store => {
    const store = liveStore();
    store.dispatch({ type: 'confirm-asked', command: 'kill', pane: 3 });
    return store;
  };

  it.each(['y', 'Y', 'enter'])('is answered with yes by %s', (chord) => {
    const store = asking();
    expect(play(store, key(chord))).toEqual(['kill 3 confirmed']);
    expect(mode(store)).toBe('normal');
  });

  it.each(['n', 'escape', 'ctrl+c'])('is dropped by %s', (chord) => {
    const store = asking();
    expect(play(store, key(chord))).toEqual([]);
    expect(mode(store)).toBe('normal');
  });

  it.each(['a', 'space', 'ctrl+b', 'up', 'ctrl+y', 'alt+y'])(
    'stays through %s, which reaches no pane and is told',
    (chord) => {
      const store = asking();
      const said = play(store, key(chord), key(chord, 'release'));
      expect(said).toEqual([expect.stringMatching(/^notice: \S+ is no answer here: press y or n$/)]);
      expect(mode(store)).toBe('confirm');
    },
  );

  it('is not answered by the repeat of a key that is held down', () => {
    const store = asking();
    expect(play(store, key('y', 'repeat'))).toEqual([]);
    expect(mode(store)).toBe('confirm');
  });

  it('cannot be answered with yes where it cannot be seen', () => {
    const store = asking();
    store.dispatch({ type: 'resized', cols: 10, rows: 3 });
    expect(play(store, key('y'))).toEqual([
      'notice: y is no answer here: the question needs a larger window: esc cancels',
    ]);
    expect(play(store, key('n'))).toEqual([]);
    expect(mode(store)).toBe('normal');
  });

  it('does not take a paste for an answer', () => {
    const store = asking();
    const said = play(store, paste('start'), paste('data', 'y'), paste('end'));
    expect(said).toEqual(['notice: a paste is no answer: nothing was pasted']);
    expect(mode(store)).toBe('confirm');
  });
});

describe('the quit dialog', () => {
  it.each([
    ['d', ['quit: detach'], 'normal'],
    ['enter', ['quit: detach'], 'normal'],
    ['s', ['quit: stop-all'], 'normal'],
    ['c', [], 'normal'],
    ['escape', [], 'normal'],
    ['x', ['notice: x is no answer here: press d, s or c'], 'quit'],
    ['left_shift', [], 'quit'],
  ])('%s', (chord, expected, next) => {
    const store = liveStore();
    store.dispatch({ type: 'quit-asked' });
    expect(play(store, key(chord))).toEqual(expected);
    expect(mode(store)).toBe(next);
  });
});

describe('the help', () => {
  const open = (rows = 24): Store => {
    const store = liveStore({ cols: 80, rows });
    store.dispatch({ type: 'help-opened' });
    return store;
  };
  const help = (store: Store) => store.getState().view.help;

  it('filters by what is typed and pasted, and lets no key through', () => {
    const store = open();
    const played = play(store, key('z'), key('O'), key('backspace'), key('ctrl+b'), key('tab'));
    expect(played.every((text) => text.includes('does nothing in the help'))).toBe(true);
    expect(help(store).filter).toBe('z');
    play(store, paste('start'), paste('data', 'oom\n'), paste('end'));
    expect(help(store).filter).toBe('zoom ');
    play(store, key('ctrl+u'));
    expect(help(store).filter).toBe('');
  });

  it('scrolls by lines and pages, as far as there is something', () => {
    const store = open();
    play(store, key('down'), key('down'), key('up'));
    expect(help(store).scroll).toBe(1);
    play(store, key('page_down'), key('page_down'), key('page_down'));
    const bottom = help(store).scroll;
    expect(bottom).toBeGreaterThan(1);
    play(store, key('down', 'repeat'), key('end'));
    expect(help(store).scroll).toBe(bottom);
    play(store, key('home'));
    expect(help(store).scroll).toBe(0);
  });

  it.each(['escape', 'q', '?', 'enter', 'ctrl+c'])('closes with %s', (chord) => {
    const store = open();
    expect(play(store, key(chord), key(chord, 'repeat'), key(chord, 'release'))).toEqual([]);
    expect(mode(store)).toBe('normal');
  });

  it('says so of a key that is of no use there', () => {
    const store = open();
    expect(play(store, key('f5'))).toEqual(['notice: f5 does nothing in the help: type to filter, esc closes']);
    expect(play(store, key('left_shift'))).toEqual([]);
    expect(mode(store)).toBe('help');
  });

  it('says so when the filter takes no more, typed or pasted', () => {
    const store = open();
    const full = 'notice: no more than 40 characters fit here';
    expect(play(store, paste('start'), paste('data', 'x'.repeat(39)), paste('end'))).toEqual([]);
    expect(play(store, key('a'))).toEqual([]);
    expect(play(store, key('b'))).toEqual([full]);
    expect(help(store).filter).toBe(`${'x'.repeat(39)}a`);
    expect(play(store, key('backspace'))).toEqual([]);
    expect(play(store, paste('start'), paste('data', 'cd'), paste('end'))).toEqual([full]);
    expect(help(store).filter).toBe(`${'x'.repeat(39)}c`);
  });

  it('takes q for a letter once there is a filter', () => {
    const store = open();
    play(store, key('s'), key('q'));
    expect([mode(store), help(store).filter]).toEqual(['help', 'sq']);
  });
});

describe('a name', () => {
  it('that takes no more says so, typed or pasted, and can still be changed', () => {
    const store = liveStore();
    const full = 'notice: no more than 64 characters fit here';
    store.dispatch({ type: 'rename-opened', pane: 1, line: { text: 'x'.repeat(63), cursor: 63 } });
    const name = () => store.getState().view.rename!.line.text;
    expect(play(store, key('a'))).toEqual([]);
    expect(play(store, key('b'))).toEqual([full]);
    expect(name()).toBe(`${'x'.repeat(63)}a`);
    expect(play(store, key('home'), key('delete'), key('end'))).toEqual([]);
    expect(play(store, paste('start'), paste('data', 'cd'), paste('end'))).toEqual([full]);
    expect(name()).toBe(`${'x'.repeat(62)}ac`);
  });
});

describe('a paste', () => {
  it('goes to the pane it began in until its end, even if the focus moves', () => {
    const store = liveStore();
    expect(play(store, paste('start'), paste('data', 'one'))).toEqual(['pane 1: paste start', 'pane 1: paste data']);
    store.dispatch({ type: 'focused', pane: 2 });
    store.dispatch({ type: 'help-opened' });
    expect(play(store, paste('data', 'two'), paste('end'))).toEqual(['pane 1: paste data', 'pane 1: paste end']);
    store.dispatch({ type: 'mode-left' });
    expect(play(store, paste('start'))).toEqual(['pane 2: paste start']);
  });

  it('after the prefix goes to the pane and ends the waiting', () => {
    const store = liveStore();
    expect(play(store, key('ctrl+b'), paste('start'), paste('end'))).toEqual([
      'pane 1: paste start',
      'pane 1: paste end',
    ]);
    expect(mode(store)).toBe('normal');
  });

  it('into a pane that does not run is refused once', () => {
    const store = liveStore({ panes: nine({ 1: { state: 'stopped' } }) });
    expect(play(store, paste('start'), paste('data', 'x'), paste('end'))).toEqual([
      expect.stringContaining('does not run'),
    ]);
  });
});

describe('whatever is typed', () => {
  const names = [
    'a',
    'y',
    'q',
    'd',
    's',
    'x',
    'X',
    '?',
    '1',
    '4',
    'z',
    'o',
    'b',
    'M',
    'ctrl+b',
    'ctrl+c',
    'escape',
    'enter',
    'up',
    'left_shift',
  ];
  const anyKey = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom<KeyEvent['action']>('press', 'repeat', 'release'))
    .map(([name, action]) => key(name, action));
  const anyPaste = fc
    .constantFrom<PasteEvent['phase']>('start', 'data', 'end')
    .map((phase) => paste(phase, phase === 'data' ? 'p' : ''));

  it('no press is lost in silence, none gets past an overlay, and each release goes where its press went', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 8, arbitrary: anyKey }, anyPaste), { maxLength: 60 }), (events) => {
        const store = liveStore({ panes: nine({ 4: { state: 'exited' } }) });
        const commands = createKeyCommands({
          store,
          requestDaemon: () => new Promise<never>(() => {}),
          detach() {},
          redraw() {},
          openLog() {},
          turnTo() {},
          copyMode: { enter() {}, enterPageUp() {}, paste() {}, edit() {}, copied: null },
        });
        const pressedIn = new Map<string, Set<number>>();
        for (const event of events) {
          const before = store.getState().view.mode;
          const effects = routeInput(store.getState(), keymap, event);
          for (const effect of effects) {
            if (effect.type === 'view') store.dispatch(effect.action);
            if (effect.type === 'command') commands.run(effect.command, effect.pane, effect.confirmed);
            if (effect.type !== 'pane-input') continue;
            expect(selectPane(store.getState(), effect.pane)?.state).toBe('running');
            if (event.type !== 'key') continue;
            if (event.action === 'release') expect(pressedIn.get(event.key)).toContain(effect.pane);
            else expect(['normal', 'prefix']).toContain(before);
            if (event.action === 'release') pressedIn.get(event.key)?.delete(effect.pane);
            else pressedIn.set(event.key, (pressedIn.get(event.key) ?? new Set()).add(effect.pane));
          }
          if (event.type === 'key' && event.action === 'press') expect(effects.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/client/input-effect.ts';
import { routeInput } from '../../src/client/input-router.ts';
import { dialogLayout } from '../../src/client/overlays.ts';
import { selectGeometry } from '../../src/client/selectors.ts';
import type { Store } from '../../src/client/store.ts';
import type { InputEvent, MouseEvent } from '../../src/core/input-event.ts';
import { createKeymap } from '../../src/core/keymap.ts';
import { startLine } from '../../src/core/line-edit.ts';
import { regularGrid } from '../../src/core/regular-grid.ts';
import { key, liveStore, pane } from './sample-session.ts';

const keymap = createKeymap({});

/** Routes events as the client does; tells what left the client. */
function play(store: Store, ...events: InputEvent[]): string[] {
  return events.flatMap((event) =>
    routeInput(store.getState(), keymap, event).flatMap((effect: Effect) => {
      if (effect.type === 'view') {
        store.dispatch(effect.action);
        return effect.action.type === 'notice-shown' ? [`notice: ${effect.action.text}`] : [];
      }
      if (effect.type === 'arrange') return [Object.values(effect.action).join(' ')];
      return [effect.type === 'pane-input' ? `input ${effect.pane}` : effect.type];
    }),
  );
}

const keys = (...names: string[]): InputEvent[] => names.map((name) => key(name));
const mode = (store: Store) => store.getState().view.mode;

describe('the resize mode', () => {
  const resizing = (): Store => {
    const store = liveStore();
    store.dispatch({ type: 'resize-opened' });
    return store;
  };

  it('takes arrows and hjkl, with shift or alt five at a time, and a held key', () => {
    const store = resizing();
    expect(play(store, ...keys('left', 'j', 'ctrl+up', 'shift+right', 'alt+l', '='))).toEqual([
      'move left 1',
      'move down 1',
      'move up 1',
      'move right 5',
      'move right 5',
      'equalize',
    ]);
    expect(play(store, key('left', 'repeat'))).toEqual(['move left 1']);
    expect(mode(store)).toBe('resize');
  });

  it.each(['escape', 'q', 'enter', 'ctrl+c'])('ends with %s', (name) => {
    const store = resizing();
    expect(play(store, ...keys(name))).toEqual([]);
    expect(mode(store)).toBe('normal');
  });

  it('lets no key through, and says what it is there for', () => {
    const store = resizing();
    expect(play(store, ...keys('x'))).toEqual(['notice: arrows move the border, = makes all equal, esc ends']);
    expect(play(store, ...keys('ctrl+b'))).toEqual([]);
    expect(mode(store)).toBe('prefix');
  });
});

describe('a question for a line', () => {
  it('is typed, pasted and answered', () => {
    const store = liveStore();
    store.dispatch({ type: 'prompt-opened', prompt: { kind: 'add-pane', pane: 2, line: startLine('') } });
    play(store, ...keys('l', 's'));
    play(store, { type: 'paste', phase: 'start', text: '' }, {
      type: 'paste',
      phase: 'data',
      text: ' -l\na',
    } as InputEvent);
    play(store, { type: 'paste', phase: 'end', text: '' });
    expect(dialogLayout(store.getState())?.lines[0]).toContain('ls -l a▏');
    expect(play(store, ...keys('enter'))).toEqual(['add-pane ls -l a 2']);
    expect(mode(store)).toBe('normal');
    expect(store.getState().view.prompt).toBeNull();
  });

  it('takes no empty file name, and esc cancels', () => {
    const store = liveStore();
    store.dispatch({ type: 'prompt-opened', prompt: { kind: 'save-layout', line: startLine('a') } });
    expect(play(store, ...keys('ctrl+u', 'enter'))).toEqual(['notice: the file needs a name']);
    expect(mode(store)).toBe('prompt');
    expect(play(store, ...keys('escape'))).toEqual([]);
    expect(mode(store)).toBe('normal');
  });

  it('before writing over a file takes y alone for yes', () => {
    const store = liveStore();
    store.dispatch({ type: 'prompt-opened', prompt: { kind: 'overwrite', file: '/tmp/a.yaml' } });
    expect(play(store, ...keys('enter', 'x'))).toEqual([]);
    expect(mode(store)).toBe('prompt');
    expect(play(store, ...keys('y'))).toEqual(['save-layout /tmp/a.yaml true']);
  });

  it('fits a small screen, whatever is typed', () => {
    for (const cols of [20, 40, 80]) {
      const store = liveStore({ cols, rows: 8 });
      const line = startLine(`${'日本'.repeat(50)}end`);
      store.dispatch({ type: 'prompt-opened', prompt: { kind: 'add-pane', pane: 1, line } });
      const layout = dialogLayout(store.getState())!;
      expect(layout.rect.width).toBeLessThanOrEqual(cols);
      expect(layout.lines[0]).toContain('end▏');
    }
  });
});

describe('a border under the mouse', () => {
  const stage = () =>
    liveStore({ cols: 101, rows: 41, panes: [1, 2, 3, 4].map((number) => pane(number)), shape: regularGrid(2, 2) });
  const at = (action: MouseEvent['action'], col: number, row: number): MouseEvent => ({
    type: 'mouse',
    action,
    button: 'left',
    col,
    row,
    modifiers: 0,
  });
  const widths = (store: Store) => selectGeometry(store.getState()).boxes.map(({ inner }) => inner.width);
  const heights = (store: Store) => selectGeometry(store.getState()).boxes.map(({ inner }) => inner.height);

  it('is dragged sideways, and counts when it is let go', () => {
    const store = stage();
    expect(play(store, at('press', 50, 7), at('move', 55, 9), at('move', 60, 30))).toEqual([]);
    expect(widths(store)).toEqual([60, 40, 60, 40]);
    expect(store.getState().view.preview?.held).toBe(true);
    expect(play(store, at('release', 60, 30))).toEqual(['commit']);
    expect(store.getState().view.pointer).toBeNull();
  });

  it('is dragged up and down by the title below it, which a mere click only focuses', () => {
    const store = stage();
    const row = selectGeometry(store.getState()).boxes[2]!.title.y;
    expect(play(store, at('press', 10, row), at('release', 10, row))).toEqual([]);
    expect(store.getState().view).toMatchObject({ focused: 3, preview: null });
    play(store, at('press', 60, row), at('move', 60, row - 6));
    expect(heights(store)).toEqual([13, 13, 25, 25]);
    expect(play(store, at('release', 60, row - 6))).toEqual(['commit']);
  });

  it('that comes back to where it was changes nothing', () => {
    const store = stage();
    expect(play(store, at('press', 50, 7), at('move', 60, 7), at('move', 50, 7), at('release', 50, 7))).toEqual([]);
    expect(store.getState().view.preview).toBeNull();
  });

  it('counts when the button has come up outside of the window', () => {
    const store = stage();
    play(store, at('press', 50, 7), at('move', 60, 7));
    expect(play(store, { ...at('move', 3, 3), button: 'none' })).toEqual(['commit']);
  });

  it('is not there on the first row, nor while something is open above', () => {
    const store = stage();
    play(store, at('press', 10, 0), at('move', 10, 10), at('release', 10, 10));
    expect(store.getState().view.preview).toBeNull();
    store.dispatch({ type: 'help-opened' });
    play(store, at('press', 50, 7), at('move', 60, 7));
    expect(store.getState().view.preview).toBeNull();
  });
});

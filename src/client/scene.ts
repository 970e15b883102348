import type { Keymap } from '../core/keymap.ts';
import { chromeMasks, noticeRows } from './chrome-masks.ts';
import type { Scene } from './compositor.ts';
import { selectGeometry, selectInputPane } from './selectors.ts';
import type { ClientState } from './store.ts';

/** Tells where panes, overlays and cursor are, and only when that has changed: null while it is the scene of the call before. */
export function createSceneSelector(): (state: ClientState, keymap: Keymap) => Scene | null {
  let before = '';
  return (state, keymap) => {
    const scene: Scene = {
      boxes: selectGeometry(state).boxes,
      masks: chromeMasks(state, keymap),
      noticeRows: noticeRows(state, keymap),
      cursorPane: selectInputPane(state),
    };
    const now = JSON.stringify([scene.boxes, scene.masks, [...scene.noticeRows], scene.cursorPane]);
    if (now === before) return null;
    before = now;
    return scene;
  };
}

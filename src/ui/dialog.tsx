import type { ReactNode } from 'react';
import { dialogLayout } from '../client/overlays.ts';
import { useChrome, useRedrawOn } from './chrome-context.ts';
import { Overlay } from './overlay.tsx';

/** A question with the keys that answer it. */
export function Dialog(): ReactNode {
  const { store } = useChrome();
  useRedrawOn((state) => JSON.stringify(dialogLayout(state)));
  const layout = dialogLayout(store.getState());
  if (!layout) return null;
  const lines = layout.lines.map((text) => [{ text }]);
  return <Overlay rect={layout.rect} framed={layout.framed} title={layout.title} footer="" lines={lines} />;
}

import type { ScreenBuffer, XtermCore } from './xterm-core.ts';

type Saved = {
  underline: number;
  charsets: unknown[];
  level: number;
  origin: boolean;
  wraparound: boolean;
  cols: number;
};

/**
 * DECSC and DECRC (also CSI s and u, modes 1048 and 1049) as in the VT510's manual and xterm: position, look, character sets, origin mode
 * and autowrap, for each screen its own. 6.0.0 keeps only position, colours and the set in use, and counts the row from the
 * scrollback's beginning, so that the saved place moves up with every line that scrolls off. A pending wrap survives the alternate screen,
 * as in Alacritty and Ghostty; DECRC itself ends it, as in xterm.
 */
export function keepWholeCursor(core: XtermCore): void {
  const { _inputHandler: handler, _bufferService: service, _charsetService: charsets, coreService } = core;
  const { saveCursor, softReset, eraseInDisplay } = handler;
  const scroll = service.scroll.bind(service);
  const savedOf = new WeakMap<ScreenBuffer, Saved>();
  let fromAlternate = false;
  handler.registerCsiHandler({ prefix: '?', final: 'l' }, ({ params, length }) => {
    fromAlternate = params.subarray(0, length).includes(1049);
    return false;
  });

  handler.saveCursor = () => {
    saveCursor.call(handler);
    savedOf.set(service.buffer, {
      underline: handler._curAttrData.extended._ext,
      charsets: [...charsets._charsets],
      level: charsets.glevel,
      origin: coreService.decPrivateModes.origin,
      wraparound: coreService.decPrivateModes.wraparound,
      cols: service.cols,
    });
    return true;
  };

  handler.restoreCursor = () => {
    const { buffer, cols } = service;
    const saved = savedOf.get(buffer);
    const attributes = handler._curAttrData;
    attributes.fg = buffer.savedCurAttrData.fg;
    attributes.bg = buffer.savedCurAttrData.bg;
    // The link that is open is no part of what is saved.
    attributes.extended = attributes.extended.clone();
    attributes.extended._ext = saved?.underline ?? 0;
    attributes.updateExtended();
    charsets._charsets = [...(saved?.charsets ?? [])];
    charsets.setgLevel(saved?.level ?? 0);
    coreService.decPrivateModes.origin = saved?.origin ?? false;
    if (saved) coreService.decPrivateModes.wraparound = saved.wraparound;
    buffer.x = buffer.savedX;
    buffer.y = buffer.savedY - buffer.ybase;
    // A wrap is pending only where the last column still is the last.
    handler._restrictCursor(fromAlternate && saved?.cols === cols ? cols : cols - 1);
    fromAlternate = false;
    return true;
  };

  handler.softReset = (params) => {
    savedOf.delete(service.buffer);
    return softReset.call(handler, params);
  };

  service.scroll = (eraseAttributes, isWrapped) => {
    const { buffer } = service;
    const before = buffer.ybase;
    scroll(eraseAttributes, isWrapped);
    buffer.savedY += buffer.ybase - before;
  };

  handler.eraseInDisplay = (params, respectProtect) => {
    const { buffer } = service;
    const before = buffer.ybase;
    const done = eraseInDisplay.call(handler, params, respectProtect);
    buffer.savedY = Math.max(0, buffer.savedY + buffer.ybase - before);
    return done;
  };
}

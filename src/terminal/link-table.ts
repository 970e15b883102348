import { takeOsc } from './control-strings.ts';
import type { XtermCore } from './xterm-core.ts';

/**
 * OSC 8 hyperlinks of one screen (https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda). xterm's own table remembers every
 * link until its line leaves the scrollback: a program that redraws one in place sixty times a second is never forgotten, and each costs
 * time whenever a line scrolls. Here a link lives while a cell wears it.
 */
export type LinkTable = {
  /** Null for links that are gone. `id` is the same for cells that belong together, within this screen. */
  get(number: number): { id: string; uri: string } | null;
};

type Link = { key: string | null; uri: string };

/** As in VTE: longer ones are not links that people follow. */
const MAX_URI = 2083;
const MAX_ID = 250;
/** Unused links are looked for when this many were made since the last look. */
const COLLECT_AFTER = 2000;

/** What people open by a click. Others (`javascript`, `data`, ones that start programs) are shown as text. */
const SCHEMES = new Set(
  'http https mailto file ftp ftps sftp ssh git irc ircs news gemini gopher tel vscode vscode-insiders vscodium cursor windsurf zed idea jetbrains txmt mvim subl'.split(
    ' ',
  ),
);

export function installLinkTable(core: XtermCore): LinkTable {
  const links = new Map<number, Link>();
  const numbers = new Map<string, number>();
  let next = 1;
  let collectAt = COLLECT_AFTER;

  function register({ id, uri }: { id?: string; uri: string }): number {
    const key = id === undefined ? null : `${id};${uri}`;
    const before = key === null ? undefined : numbers.get(key);
    if (before !== undefined) return before;
    if (links.size >= collectAt) collect();
    const number = next++;
    links.set(number, { key, uri });
    if (key !== null) numbers.set(key, number);
    return number;
  }

  function collect(): void {
    const used = new Set<number>();
    for (const { lines } of [core.buffers.normal, core.buffers.alt]) {
      for (let i = 0; i < lines.length; i++) {
        const attributes = lines.get(i)?._extendedAttrs;
        for (const col in attributes) {
          const number = attributes[Number(col)]?._urlId;
          if (number) used.add(number);
        }
      }
    }
    for (const [number, { key }] of links) {
      if (used.has(number)) continue;
      links.delete(number);
      if (key !== null) numbers.delete(key);
    }
    collectAt = links.size + COLLECT_AFTER;
  }

  // Called for each character that wears a link.
  core._oscLinkService.addLineToLink = () => {};

  takeOsc(core, 8, MAX_URI + MAX_ID + 100, (text, complete) => {
    const at = text.indexOf(';');
    if (at < 0) return;
    const uri = complete ? cleanUri(text.slice(at + 1)) : null;
    const id = /(?:^|:)id=([^:]{1,250})/.exec(text.slice(0, at))?.[1];
    // What cannot be a link ends the one before, as every OSC 8 does.
    const attributes = core._inputHandler._curAttrData;
    attributes.extended = attributes.extended.clone();
    attributes.extended.urlId = uri === null ? 0 : register({ uri, ...(id === undefined ? {} : { id }) });
    attributes.updateExtended();
  });

  return {
    get(number) {
      const link = links.get(number);
      return link ? { id: String(number), uri: link.uri } : null;
    },
  };
}

/** Printable ASCII of a known scheme, or null. The specification has everything else percent-encoded; so it is, where it was not. */
export function cleanUri(text: string): string | null {
  const scheme = /^([a-z][a-z0-9+.-]*):./i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !SCHEMES.has(scheme)) return null;
  try {
    const uri = text.replaceAll(/[^\x21-\x7e]+/g, (part) => encodeURIComponent(part));
    return uri.length <= MAX_URI ? uri : null;
  } catch {
    // Half of a surrogate pair is no character.
    return null;
  }
}

import { BG_PROTECTED } from '../core/cell.ts';
import { takeDcs } from './control-strings.ts';
import { sgrOfAttributes } from './sgr.ts';
import type { Attributes, XtermCore } from './xterm-core.ts';

/** XTGETTCAP names (terminfo): true colour, clipboard, cursor shapes, styled underlines. Hex in both directions. */
const CAPABILITIES: Record<string, string> = {
  TN: 'xterm-256color',
  Co: '256',
  colors: '256',
  RGB: '8/8/8',
  Tc: '',
  Ms: '\x1b]52;%p1%s;%p2%s\x1b\\',
  Ss: '\x1b[%p1%d q',
  Se: '\x1b[0 q',
  Smulx: '\x1b[4:%p1%dm',
  Su: '',
  Setulc: '\x1b[58:2:%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m',
  Sync: '\x1b[?2026%?%p1%{1}%-%tl%eh%;',
};
const MAX_CAPABILITIES = 32;
const MAX_UNITS = 4096;

export type StatusState = {
  scrollRegion: () => { top: number; bottom: number };
  attributes: () => Attributes;
  cursorStyle: () => number;
};

/** DECRQSS (VT510 manual) and XTGETTCAP (xterm's ctlseqs): a program asks what a setting is, or what the terminal can. */
export function installStatusStrings(core: XtermCore, reply: (text: string) => void, state: StatusState): void {
  const settings: Record<string, () => string> = {
    m: () => `${sgrOfAttributes(state.attributes())}m`,
    r: () => `${state.scrollRegion().top + 1};${state.scrollRegion().bottom + 1}r`,
    ' q': () => `${state.cursorStyle()} q`,
    '"p': () => '62;1"p',
    '"q': () => `${state.attributes().bg & BG_PROTECTED ? 1 : 0}"q`,
  };
  takeDcs(core, { intermediates: '$', final: 'q' }, MAX_UNITS, (request) => {
    const answer = Object.hasOwn(settings, request) ? settings[request] : undefined;
    reply(answer ? `\x1bP1$r${answer()}\x1b\\` : '\x1bP0$r\x1b\\');
  });
  takeDcs(core, { intermediates: '+', final: 'q' }, MAX_UNITS, (request, complete) => {
    if (!complete) return;
    for (const hex of request.split(';').slice(0, MAX_CAPABILITIES)) reply(capability(hex));
  });
}

function capability(hex: string): string {
  const name = /^([0-9a-fA-F]{2}){1,32}$/.test(hex) ? Buffer.from(hex, 'hex').toString('latin1') : '';
  const value = Object.hasOwn(CAPABILITIES, name) ? CAPABILITIES[name] : undefined;
  if (value === undefined) return `\x1bP0+r${name ? hex : ''}\x1b\\`;
  return `\x1bP1+r${hex}${value ? `=${Buffer.from(value, 'latin1').toString('hex').toUpperCase()}` : ''}\x1b\\`;
}

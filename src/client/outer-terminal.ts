import type { TerminalReply } from '../core/input-event.ts';
import type { OuterTerminalFacts } from '../protocol/data.ts';
import type { SgrLook } from '../terminal/sgr.ts';
import {
  depthFromEnvironment,
  type Environment,
  isPlainTerminal,
  type OuterFeatures,
  outerFeatures,
} from './outer-features.ts';

/**
 * What the outer terminal can do, asked once at attach and learnt whenever an answer comes: there is no deadline, because over a slow
 * link an answer may come at any time and must not be taken for typing.
 */
export type OuterTerminal = {
  /** What to ask at attach. */
  readonly probe: string;
  /** Draws frames at once between `?2026h` and `?2026l`. */
  readonly synchronized: boolean;
  /** Understands the kitty keyboard protocol; null until it is known. */
  readonly kitty: boolean | null;
  /** Its own words on what it is (XTVERSION). */
  readonly version: string | null;
  /** All answers that will come have come: it has answered the last question. */
  readonly answered: boolean;
  readonly features: OuterFeatures;
  /** Another object only when something in it has changed: then everything must be drawn again. */
  readonly look: SgrLook;
  /** For the programs in the panes. */
  readonly facts: OuterTerminalFacts;
  learn(reply: TerminalReply): Lesson;
};

/**
 * `nothing` new; `more`: facts that programs are to be told when all of this round are in; `all`: they are in; `colors`: the
 * terminal says that its colours have changed, and COLOR_PROBE is to be asked again.
 */
export type Lesson = 'nothing' | 'more' | 'all' | 'colors';

const PALETTE_SIZE = 16;
const DEVICE_ATTRIBUTES = '\x1b[c';

/** All colours; the device attributes come last and tell that the answers are in. */
export const COLOR_PROBE = [
  ...[10, 11, 12].map((number) => `\x1b]${number};?\x1b\\`),
  ...Array.from({ length: PALETTE_SIZE }, (_, index) => `\x1b]4;${index};?\x1b\\`),
  DEVICE_ATTRIBUTES,
].join('');

/** Dark or light, pixels of a cell and of the window, kitty keyboard, synchronized output. */
const MODE_PROBE = '\x1b[?996n\x1b[16t\x1b[14t\x1b[?u\x1b[?2026$p';
const CAPABILITIES = ['RGB', 'Smulx', 'Setulc'] as const;
/** XTVERSION, and XTGETTCAP for what terminfo cannot be trusted with over ssh. */
const IDENTITY_PROBE = `\x1b[>q${CAPABILITIES.map((name) => `\x1bP+q${hex(name)}\x1b\\`).join('')}`;

export type OuterTerminalOptions = { env: Environment; size(): { cols: number; rows: number } };

export function createOuterTerminal({ env, size }: OuterTerminalOptions): OuterTerminal {
  const colors = new Map<'foreground' | 'background' | 'cursor' | number, string>();
  const capabilities = new Set<string>();
  let synchronized = false;
  let kitty: boolean | null = null;
  let version: string | null = null;
  let answered = false;
  let scheme: 'dark' | 'light' | null = null;
  let cell: OuterTerminalFacts['cell'] = null;
  let cellIsExact = false;
  let features = outerFeatures(null, env);
  let look = findLook();

  function findLook(): SgrLook {
    const plain = isPlainTerminal(env);
    const rgb = features.rgb || capabilities.has('RGB');
    const modern = !plain && (features.underlines || kitty === true);
    return {
      depth: rgb && !plain ? 'rgb' : depthFromEnvironment(env),
      underlineStyles: modern || capabilities.has('Smulx'),
      underlineColors: modern || capabilities.has('Setulc'),
    };
  }

  function updateLook(): void {
    features = outerFeatures(version, env);
    const next = findLook();
    const same =
      next.depth === look.depth &&
      next.underlineStyles === look.underlineStyles &&
      next.underlineColors === look.underlineColors;
    if (!same) look = next;
  }

  function learnColor({ what, rgb }: Extract<TerminalReply, { kind: 'color' }>): Lesson {
    if (typeof what === 'number' && what >= PALETTE_SIZE) return 'nothing';
    const text = `#${[rgb.r, rgb.g, rgb.b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    if (colors.get(what) === text) return 'nothing';
    colors.set(what, text);
    return 'more';
  }

  function learnScheme(next: 'dark' | 'light'): Lesson {
    // After the answer to the probe, reports come when the colours have changed, perhaps from dark to dark.
    const first = scheme === null;
    scheme = next;
    return first ? 'more' : 'colors';
  }

  /** `CSI 6 ; height ; width t` is one cell; `CSI 4 ; height ; width t` the window, from which it follows about. */
  function learnPixels([what, height, width]: number[]): Lesson {
    if (!height || !width || (what !== 6 && (what !== 4 || cellIsExact))) return 'nothing';
    const { cols, rows } = size();
    const next =
      what === 6 ? { width, height } : { width: Math.floor(width / cols), height: Math.floor(height / rows) };
    const valid = [next.width, next.height].every((pixels) => pixels >= 1 && pixels <= 1000);
    if (!valid || (cell?.width === next.width && cell.height === next.height)) return 'nothing';
    cellIsExact = what === 6;
    cell = next;
    return 'more';
  }

  return {
    probe: isPlainTerminal(env)
      ? DEVICE_ATTRIBUTES
      : // Terminal.app prints what it does not know of these.
        `${env['TERM_PROGRAM'] === 'Apple_Terminal' || env['TERM'] === 'linux' ? '' : IDENTITY_PROBE}${MODE_PROBE}${COLOR_PROBE}`,
    get synchronized() {
      return synchronized;
    },
    get kitty() {
      return kitty;
    },
    get version() {
      return version;
    },
    get answered() {
      return answered;
    },
    get features() {
      return features;
    },
    get look() {
      return look;
    },
    get facts() {
      const of = (what: 'foreground' | 'background' | 'cursor' | number): string | null => colors.get(what) ?? null;
      const palette = Array.from({ length: PALETTE_SIZE }, (_, index) => of(index));
      return {
        foreground: of('foreground'),
        background: of('background'),
        cursor: of('cursor'),
        palette: palette.slice(0, palette.findLastIndex((color) => color !== null) + 1),
        scheme,
        cell,
      };
    },
    learn(reply) {
      switch (reply.kind) {
        case 'mode':
          // DECRPM: 1 set, 2 reset, 3 permanently set; 0 and 4 mean it will not happen.
          if (reply.mode === 2026) synchronized = reply.value >= 1 && reply.value <= 3;
          return 'nothing';
        case 'kitty-flags':
          kitty = true;
          updateLook();
          return 'nothing';
        case 'version':
          version = reply.text;
          updateLook();
          return 'nothing';
        case 'capability':
          if (reply.known) capabilities.add(reply.name);
          updateLook();
          return 'nothing';
        case 'device-attributes':
          kitty ??= false;
          answered = true;
          return 'all';
        case 'color':
          return learnColor(reply);
        case 'color-scheme':
          return learnScheme(reply.scheme);
        case 'window-size':
          return learnPixels(reply.params);
        default:
          return 'nothing';
      }
    },
  };
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}

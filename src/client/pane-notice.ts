import type { KeyCommandName } from '../core/commands.ts';
import { cutText, displayWidth, sanitizeText, wrapText } from '../core/display-text.ts';
import { formatCountdown } from '../core/format-values.ts';
import type { Keymap } from '../core/keymap.ts';
import { type Exit, type PaneStateName, type PaneView, STATE_MARKS } from '../core/session.ts';

/** What to say about a pane in which nothing runs: the words, the command that helps, and what that does. */
type NoticeRow = {
  words(pane: PaneView): string;
  command: KeyCommandName;
  does: string;
  unless?(pane: PaneView): boolean;
  /** Pressed in the pane itself it does the same; null for none. */
  key?(pane: PaneView): string | null;
};

/** Stands for the countdown while lines are broken, so that their number does not depend on the time of day. */
const COUNTDOWN = '\u{f0000}'.repeat(5);

const noticeTable: Record<PaneStateName, NoticeRow | null> = {
  starting: {
    words: (pane) => withReason('starting', pane.reason),
    command: 'stop',
    does: 'calls it off',
    // Over before anybody could read it.
    unless: (pane) => pane.reason === '',
  },
  running: null,
  stopping: null,
  stopped: {
    words: (pane) => withReason('stopped', pane.reason),
    command: 'start',
    does: 'starts it',
    key: (pane) => (pane.asks ? 'enter' : null),
  },
  exited: { words: (pane) => withReason(exitWords(pane.exit), pane.reason), command: 'restart', does: 'restarts it' },
  fatal: {
    words: (pane) => withRepeats(withReason('fatal', pane.reason), pane),
    command: 'start',
    does: 'starts it again',
  },
  backoff: {
    words: (pane) => {
      const when = pane.nextRestartAt === null ? 'restarting' : `restarting in ${COUNTDOWN}`;
      const count = pane.restarts > 0 ? ` (restart ${pane.restarts})` : '';
      return `${withRepeats(withReason(when, pane.reason), pane)}${count}`;
    },
    command: 'restart',
    does: 'restarts it now',
  },
};

/**
 * The lines at the bottom of a pane that does not run: why, and which key helps. None for one that does. Their number depends
 * on the pane and the width, never on `nowMs`.
 */
export function paneNotice(pane: PaneView, keymap: Keymap, width: number, nowMs: number, maxRows: number): string[] {
  const row = noticeTable[pane.state];
  if (!row || row.unless?.(pane) || width <= 0 || maxRows <= 0) return [];
  const head = `${STATE_MARKS[pane.state]} ${row.words(pane)}`;
  const help = `${row.key?.(pane) ?? remedy(pane, keymap, row.command)} ${row.does}`;
  const hint = wrapText(sanitizeText(pane.hint), width);
  const countdown = formatCountdown((pane.nextRestartAt ?? nowMs) - nowMs);
  // Before anything is cut: half of what stands for it stands for nothing.
  const timed = (line: string): string => line.replace(COUNTDOWN, countdown);
  const oneLine = `${head} — ${help}`;
  if (hint.length === 0 && displayWidth(oneLine) <= width) return [timed(oneLine)];
  const words = [...wrapText(head, width), ...hint].map(timed);
  return fitRows(words, wrapText(help, width), width, maxRows);
}

/** What to do about a key typed into a pane where nothing reads it; for the status bar. */
export function typingNotice(pane: PaneView, keymap: Keymap): string {
  const row = noticeTable[pane.state];
  const name = `${pane.pane} ${sanitizeText(pane.name)}`;
  return row
    ? `${name} does not run (${pane.state}): ${row.key?.(pane) ?? remedy(pane, keymap, row.command)} ${row.does}`
    : `${name} cannot be typed into`;
}

/** For somebody who has never seen this, in so many cells: where keys go, and how to find out the rest. Empty where no key shows help. */
export function welcomeText(keymap: Keymap, focused: number, cells: number): string {
  const help = keymap.pressFor('help');
  const leave = keymap.pressFor('detach');
  if (!help) return '';
  const keys = `${help} shows all keys`;
  const all = leave ? `${keys}, ${leave} leaves` : keys;
  const forms = [`typing goes to pane ${focused}; ${all}`, all, keys];
  return forms.find((text) => displayWidth(text) <= cells) ?? `${help} help`;
}

/** How it ended, as the title and the notice say it. */
export function exitWords(exit: Exit | null): string {
  if (!exit) return 'exited';
  return exit.signal ? `exited ${exit.signal}` : `exited ${exit.code ?? '?'}`;
}

/** A program that always ends in the same way is not cured by another restart. The way it ends is said but once, by the reason. */
function withRepeats(words: string, { reason, repeats }: PaneView): string {
  if (repeats === '') return words;
  return `${words}; ${sanitizeText(reason === '' ? repeats : repeats.split(': ', 1)[0]!)}`;
}

function withReason(words: string, reason: string): string {
  const clean = sanitizeText(reason).trim();
  if (clean === '') return words;
  // “exited with code 1” says all that “exited 1” does.
  const firstWord = words.split(' ', 1)[0]!;
  return clean.startsWith(firstWord) ? clean : `${words}: ${clean}`;
}

/** The key that helps, or the command line when the layout has unbound the key. */
function remedy(pane: PaneView, keymap: Keymap, command: KeyCommandName): string {
  return keymap.pressFor(command) ?? `nonet ${command} ${pane.pane}`;
}

/** The key stays, with half of the rows if it needs them; the words above it are cut. */
function fitRows(words: string[], help: string[], width: number, maxRows: number): string[] {
  const helpRows = help.slice(0, Math.max(1, maxRows >> 1, maxRows - words.length));
  const room = maxRows - helpRows.length;
  if (words.length <= room) return [...words, ...helpRows];
  if (room === 0) return helpRows;
  const kept = words.slice(0, room);
  kept[room - 1] = cutText(`${kept[room - 1]} ${words[room]}…`, width);
  return [...kept, ...helpRows];
}

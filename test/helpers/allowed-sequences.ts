/**
 * What may reach the outer terminal, and nothing else: everything is taken apart, a sequence that is not on this list and a control
 * character outside of one are reported. The first list is what frames are made of, the second what the client says for itself.
 */
const FRAME_SEQUENCES: readonly RegExp[] = [
  // SGR, cursor, erasing to the right, cursor's shape, synchronized output.
  /^\x1b\[[\d;:]*m$/,
  /^\x1b\[\d+;\d+H$/,
  /^\x1b\[\d*[CGKX]$/,
  /^\x1b\[[0-6] q$/,
  /^\x1b\[\?(25|2026)[hl]$/,
  // A link's id is ours; its address may hold anything but what a terminal could take for the string's end or beginning.
  /^\x1b\]8;(id=[\w.-]+)?;[^\x00-\x1f\x7f-\x9f]{0,4096}\x1b\\$/,
];

const CLIENT_SEQUENCES: readonly RegExp[] = [
  // Modes the client switches, clearing at the start, title stack.
  /^\x1b\[\?(7|25|1000|1002|1003|1004|1006|1049|2004|2026|2031)[hl]$/,
  /^\x1b\[(2J|H|0 q)$/,
  /^\x1b\[2[23];\d(;\d)?t$/,
  // Keyboard protocols: kitty's, modifyOtherKeys.
  /^\x1b\[[<>=]?\d*(;\d)?u$/,
  /^\x1b\[>4(;\d)?m$/,
  /^\x1b\[>4n$/,
  // Questions to the terminal.
  /^\x1b\[(c|>q|>c|\?u|\?4m|\?996n|6n|1[468]t|\?\d+\$p)$/,
  /^\x1b\](1[012]|4;\d+);\?(\x1b\\|\x07)$/,
  /^\x1bP(\+q[0-9A-Fa-f;]+|\$q[\w "]+)\x1b\\$/,
  // Title, cursor's colour, clipboard (never a question), notifications, progress: clean text only.
  /^\x1b\][02];[^\x00-\x1f\x7f-\x9f]*(\x1b\\|\x07)$/,
  /^\x1b\](12;(#[0-9a-f]{6}|rgb:[0-9a-f/]+)|112)(\x1b\\|\x07)$/,
  /^\x1b\]52;[a-z0-9]*;[A-Za-z0-9+/=]*(\x1b\\|\x07)$/,
  /^\x1b\](9|777;notify|99);[^\x00-\x1f\x7f-\x9f]*(\x1b\\|\x07)$/,
];

/** In the order they stand; empty when all is well. Sequences the text ends in the middle of are reported, too. */
export function findForbidden(text: string, from: 'frame' | 'client'): string[] {
  const allowed = from === 'frame' ? FRAME_SEQUENCES : [...FRAME_SEQUENCES, ...CLIENT_SEQUENCES];
  const found: string[] = [];
  // Strings end at ST alone: BEL inside of one is then reported as part of it, unless the list knows it as its end.
  const pieces =
    /\x1b[\]P_^X](?:(?!\x1b\\|\x07)[\s\S])*(?:\x1b\\|\x07|$)|\x1b\[[\x20-\x3f]*[\x40-\x7e]?|\x1b[\s\S]?|[\x00-\x1f\x7f-\x9f]/g;
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === '\x07' && from === 'client') continue;
    if (!allowed.some((pattern) => pattern.test(piece))) found.push(piece);
  }
  return found;
}

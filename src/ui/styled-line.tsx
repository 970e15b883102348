import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import { cutText, displayWidth } from '../core/display-text.ts';
import { useChrome } from './chrome-context.ts';

/** A piece of a line with one look. Colours only repeat what words, marks or weight say already. */
export type Segment = {
  text: string;
  color?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  inverse?: boolean;
  underline?: boolean;
};

/**
 * One line of a region; its text is sanitized and cut to what fits before it comes here. Each piece is a Text of its own: Ink measures
 * plain ASCII at a tenth of the cost of a text with a single other character in it.
 */
export const StyledLine = memo(function StyledLine({
  width,
  segments,
}: {
  width: number;
  segments: readonly Segment[];
}): ReactNode {
  return (
    <Box width={width} height={1}>
      {segments.map((segment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other identity, and no state.
        <Piece key={index} {...segment} />
      ))}
    </Box>
  );
});

/** A memo, because of a line with many pieces usually one has changed. */
const Piece = memo(function Piece({ text, color, background, bold, dim, inverse, underline }: Segment): ReactNode {
  const chrome = useChrome();
  return (
    <Text
      color={chrome.color ? color : undefined}
      backgroundColor={chrome.color ? background : undefined}
      bold={bold}
      dimColor={dim}
      inverse={inverse}
      underline={underline}
      wrap="truncate-end"
    >
      {text}
    </Text>
  );
});

export function segmentsWidth(segments: readonly Segment[]): number {
  return segments.reduce((width, { text }) => width + displayWidth(text), 0);
}

/** At most `width` cells of a line. */
export function cutSegments(segments: readonly Segment[], width: number): Segment[] {
  const kept: Segment[] = [];
  let room = width;
  for (const segment of segments) {
    if (room <= 0) break;
    const text = cutText(segment.text, room);
    kept.push({ ...segment, text });
    room -= displayWidth(text);
    if (text !== segment.text) break;
  }
  return kept;
}

/** The same line in fewer pieces, where neighbours look the same. What is not plain ASCII stays by itself. */
export function joinSegments(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const before = joined.at(-1);
    const alike =
      before &&
      before.color === segment.color &&
      before.background === segment.background &&
      !before.bold === !segment.bold &&
      !before.dim === !segment.dim &&
      !before.inverse === !segment.inverse &&
      !before.underline === !segment.underline;
    if (alike && plainText.test(before.text) && plainText.test(segment.text)) before.text += segment.text;
    else joined.push({ ...segment });
  }
  return joined;
}

const plainText = /^[ -~]*$/;

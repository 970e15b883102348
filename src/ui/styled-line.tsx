import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { cutText, displayWidth } from '../core/display-text.ts';
import { useChrome } from './chrome-context.ts';

/** A piece of a line with one look. Colours only repeat what words, marks or weight say already. */
export type Segment = { text: string; color?: string; bold?: boolean; dim?: boolean; inverse?: boolean };

/**
 * One line at a place on the screen; its text is sanitized and cut to what fits before it comes here. Each piece is a Text of its
 * own: Ink measures plain ASCII at a tenth of the cost of a text with a single other character in it.
 */
export function StyledLine({
  x,
  y,
  width,
  segments,
}: {
  x: number;
  y: number;
  width: number;
  segments: Segment[];
}): ReactNode {
  const { color } = useChrome();
  return (
    <Box position="absolute" left={x} top={y} width={width} height={1}>
      {segments.map((segment, index) => (
        <Text
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other identity, and no state.
          key={index}
          color={color ? segment.color : undefined}
          bold={segment.bold}
          dimColor={segment.dim}
          inverse={segment.inverse}
          wrap="truncate-end"
        >
          {segment.text}
        </Text>
      ))}
    </Box>
  );
}

/** A straight line of one character, drawn as the edge of an empty box: Ink repeats it without measuring it. */
export function Rule(props: {
  x: number;
  y: number;
  length: number;
  vertical?: boolean;
  character: string;
  color: string;
}): ReactNode {
  const { x, y, length, vertical = false, character } = props;
  const { color } = useChrome();
  if (length <= 0) return null;
  return (
    <Box
      position="absolute"
      left={x}
      top={y}
      width={vertical ? 1 : length}
      height={vertical ? length : 1}
      borderStyle={{ ...noBorder, top: character, left: character }}
      borderTop={!vertical}
      borderLeft={vertical}
      borderBottom={false}
      borderRight={false}
      borderColor={color ? props.color : undefined}
    />
  );
}

const noBorder = {
  topLeft: '',
  top: '',
  topRight: '',
  right: '',
  bottomRight: '',
  bottom: '',
  bottomLeft: '',
  left: '',
};

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

import { z } from 'zod';
import { DURATION_PATTERN, parseDuration } from './duration.ts';
import { parseSize, SIZE_PATTERN } from './size.ts';

/** The smallest parts of a layout, which its larger ones are made of. */
export const text = z.string();
export const filledText = text.refine((value) => value.trim() !== '' && !value.includes('\0'), 'must not be empty');
export const textWithoutNul = text.refine((value) => !value.includes('\0'), 'must not hold a NUL');

/** In ms. */
export const duration = z
  .union([z.number().min(0), text.regex(DURATION_PATTERN, { error: (issue) => durationMessage(issue.input) })])
  .transform((value, context) => {
    const parsed = parseDuration(value);
    if (parsed.ok) return parsed.ms;
    context.addIssue({ code: 'custom', message: parsed.message });
    return z.NEVER;
  })
  .meta({ id: 'duration', description: '500ms, 10s, 5m, 1h, 1h30m, or a number of seconds.' });

/** Under a name of PM2's, where a number without a unit is of ms. */
export const pm2Duration = z
  .union([
    z.number().min(0),
    text.regex(/^(\d+|(\d+(\.\d+)?(ms|s|m|h))+)$/, { error: (issue) => durationMessage(issue.input) }),
  ])
  .transform((value, context) => {
    const parsed = parseDuration(/^\d+(\.\d+)?$/.test(String(value)) ? `${value}ms` : value);
    if (parsed.ok) return parsed.ms;
    context.addIssue({ code: 'custom', message: parsed.message });
    return z.NEVER;
  })
  .meta({ id: 'pm2Duration', description: '500ms, 10s, 5m, or, as in PM2, a number of milliseconds.' });

function durationMessage(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const parsed = parseDuration(input);
  return parsed.ok ? undefined : parsed.message;
}

/** In bytes, at least 1. */
export const size = z
  .union([z.number().min(1), text.regex(SIZE_PATTERN, { error: (issue) => sizeMessage(issue.input) })])
  .transform((value, context) => {
    const parsed = parseSize(value);
    if (parsed.ok) return parsed.bytes;
    context.addIssue({ code: 'custom', message: parsed.message });
    return z.NEVER;
  })
  .meta({ id: 'size', description: '500M, 1.5G, 800 MiB (1024 to the power of 1, 2, 3), 10MB (1000), or bytes.' });

function sizeMessage(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const parsed = parseSize(input);
  return parsed.ok ? undefined : parsed.message;
}

/** Text that is split like a shell would, or a list of arguments. */
export const command = z.union([filledText, z.array(z.union([textWithoutNul, z.number()])).min(1)]);

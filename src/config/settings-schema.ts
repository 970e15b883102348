import { z } from 'zod';
import { BORDER_CHOICES, COPY_KEYS, STATUS_PARTS, THEME_CHOICES } from '../core/settings.ts';
import { MAX_SCROLLBACK } from './layout-limits.ts';
import { keys, prefix } from './layout-schema.ts';
import { command } from './schema-scalars.ts';

/** A person's configuration file: THE table of its keys, strict like that of a layout. */
export const settingsSchema = z.strictObject({
  version: z.literal(1).optional().describe('Version of this format.'),
  prefix: prefix.optional(),
  keys: keys.optional(),
  mouse: z.boolean().optional().describe('Use the mouse where a layout does not say. Default true.'),
  theme: z
    .enum(THEME_CHOICES)
    .optional()
    .describe('Colours of titles, lines and status bar: after the terminal’s own (auto, default), dark, or light.'),
  borders: z
    .enum(BORDER_CHOICES)
    .optional()
    .describe('Lines and marks: Unicode where the locale has it (auto, default), unicode, or ascii.'),
  scrollback: z
    .int()
    .min(0)
    .max(MAX_SCROLLBACK)
    .optional()
    .describe('Lines kept above a screen where a layout does not say. Default 10000.'),
  copy_command: command
    .nullable()
    .optional()
    .describe(
      'A program that is given what is copied, like wl-copy. Text that is split like a shell would, or a list.',
    ),
  copy_keys: z.enum(COPY_KEYS).optional().describe('Keys of copy mode. Default vi.'),
  status: z
    .array(z.enum(STATUS_PARTS))
    .optional()
    .describe('Parts of the status bar, in this order. Modes and notices are always shown. Default: all.'),
  lines: z.boolean().optional().describe('Attach with sentences, line by line, in place of a picture. Default false.'),
});

export type SettingsInput = z.output<typeof settingsSchema>;

import { z } from 'zod';
import { layoutSchema } from './layout-schema.ts';
import { settingsSchema } from './settings-schema.ts';

/**
 * JSON Schemas of the files that people write, for their editors: shipped in `layouts/`. Regenerate them after a change of a schema with
 * `UPDATE_GENERATED=1 npx vitest run test/config/json-schemas.test.ts`.
 */
export const JSON_SCHEMAS = {
  'layout.schema.json': {
    schema: layoutSchema,
    title: 'nonet layout',
    description: `Panes of a nonet session. Texts may hold \${VAR} and \${VAR:-default}.`,
  },
  'config.schema.json': {
    schema: settingsSchema,
    title: 'nonet configuration',
    description: 'How nonet is for one person: $XDG_CONFIG_HOME/nonet/config.yaml.',
  },
} as const;

/** As the formatter of this repository writes JSON: a list stays on its line where it fits. */
export function jsonSchemaText(name: keyof typeof JSON_SCHEMAS): string {
  const { schema, title, description } = JSON_SCHEMAS[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${print({ $schema, title, description, ...rest }, '', 0)}\n`;
}

const LINE_WIDTH = 120;

function print(value: unknown, indent: string, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const short = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const scalars = value.every((item) => typeof item !== 'object' || item === null);
    // One more column for the comma that may follow.
    if (scalars && indent.length + used + short.length + 1 <= LINE_WIDTH) return short;
    return `[\n${value.map((item) => inner + print(item, inner, 0)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + print(item, inner, name.length);
  });
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${indent}}`;
}

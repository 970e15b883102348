import { z } from 'zod';
import { layoutSchema } from './layout-schema.ts';

/**
 * JSON Schema of the layout file, for editors: shipped as `layouts/layout.schema.json`. Regenerate it after a change of the schema with
 * `UPDATE_GENERATED=1 npx vitest run test/config/layout-json-schema.test.ts`.
 */
export function layoutJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(layoutSchema, { io: 'input' });
  return {
    $schema,
    title: 'nonet layout',
    description: `Panes of a nonet session. Texts may hold \${VAR} and \${VAR:-default}.`,
    ...rest,
  };
}

/** As the formatter of this repository writes JSON: a list stays on its line where it fits. */
export function layoutJsonSchemaText(): string {
  return `${print(layoutJsonSchema(), '', 0)}\n`;
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

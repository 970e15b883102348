import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { layoutJsonSchemaText } from '../../src/config/layout-json-schema.ts';
import { layoutsDirectory } from '../../src/config/presets.ts';

const file = path.join(layoutsDirectory(), 'layout.schema.json');

test('the shipped JSON Schema is the one made from the layout schema (UPDATE_GENERATED=1 writes it)', () => {
  if (process.env['UPDATE_GENERATED']) writeFileSync(file, layoutJsonSchemaText());
  expect(readFileSync(file, 'utf8')).toBe(layoutJsonSchemaText());
});

type Schema = {
  additionalProperties?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
};

test('it knows every key of a pane, requires panes, and refuses unknown keys', () => {
  const schema = JSON.parse(layoutJsonSchemaText()) as Schema;
  expect(schema.required).toEqual(['panes']);
  expect(schema.additionalProperties).toBe(false);
  const pane = schema.properties?.['panes']?.items;
  expect(pane?.additionalProperties).toBe(false);
  expect(Object.keys(pane?.properties ?? {}).sort()).toEqual([
    ...['agent', 'autostart', 'command', 'cron_restart', 'cwd', 'depends_on', 'env', 'env_file', 'hang', 'health'],
    ...['instances', 'limits', 'listen_timeout', 'log', 'max_memory_restart', 'memory', 'name', 'on_fatal', 'ready'],
    ...['restart', 'restart_delay', 'resurrect', 'scrollback', 'shell', 'stop', 'stop_exit_codes', 'wait_ready'],
    'watch',
  ]);
});

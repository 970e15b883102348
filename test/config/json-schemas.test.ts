import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { JSON_SCHEMAS, jsonSchemaText } from '../../src/config/json-schemas.ts';
import { layoutsDirectory } from '../../src/config/presets.ts';

const names = Object.keys(JSON_SCHEMAS) as (keyof typeof JSON_SCHEMAS)[];

test.each(names)('the shipped %s is the one made from its schema (UPDATE_GENERATED=1 writes it)', (name) => {
  const file = path.join(layoutsDirectory(), name);
  if (process.env['UPDATE_GENERATED']) writeFileSync(file, jsonSchemaText(name));
  expect(readFileSync(file, 'utf8')).toBe(jsonSchemaText(name));
});

type Schema = {
  description?: string;
  additionalProperties?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
};

test('that of a layout knows every key of a pane, requires panes, and refuses unknown keys', () => {
  const schema = JSON.parse(jsonSchemaText('layout.schema.json')) as Schema;
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

test('that of a configuration knows its keys, with a description each, and refuses others', () => {
  const schema = JSON.parse(jsonSchemaText('config.schema.json')) as Schema;
  expect(schema.required).toBeUndefined();
  expect(schema.additionalProperties).toBe(false);
  expect(Object.keys(schema.properties ?? {}).sort()).toEqual([
    ...['borders', 'copy_command', 'copy_keys', 'keys', 'lines', 'mouse', 'prefix', 'scrollback', 'status', 'theme'],
    'version',
  ]);
  for (const [key, value] of Object.entries(schema.properties ?? {})) expect(value.description, key).toBeTruthy();
});

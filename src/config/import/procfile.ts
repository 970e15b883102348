import path from 'node:path';
import type { ForeignSource } from './foreign-options.ts';
import { createImportedLayout, type ImportedLayout, notMapped, type Settings } from './imported-layout.ts';
import { createPaneNames } from './pane-names.ts';

/** foreman, overmind and hivemind count ports from here, each process type a hundred on. */
const FIRST_PORT = 5000;
const PORT_STEP = 100;

/** A Procfile: `NAME: command` lines (ddollar.github.io/foreman, devcenter.heroku.com/articles/procfile). */
export function importProcfile({ text, directory, machine, fail }: ForeignSource): ImportedLayout {
  const layout = createImportedLayout();
  const envFile = machine.readEnvFile(path.join(directory, '.env'));
  layout.head['defaults'] = { restart: 'no', stop: { timeout: '5s' }, env_file: envFile ? '.env' : undefined };
  layout.headNotes['defaults'] = ['foreman starts nothing again, and kills what is left after 5 seconds'];
  const firstPort = Number(envFile?.['PORT'] ?? FIRST_PORT) || FIRST_PORT;
  const names = createPaneNames();
  const lines = new Map<string, number>();

  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, command] = /^([A-Za-z0-9_-]+):\s*(.*\S)\s*$/.exec(line) ?? [];
    if (name === undefined || command === undefined) {
      layout.notes.push(notMapped(`line ${index + 1}`, 'it is not "NAME: command"'));
      continue;
    }
    const first = lines.get(name);
    if (first !== undefined) fail([index], `process ${JSON.stringify(name)} is already on line ${first}`);
    lines.set(name, index + 1);
    const notes: string[] = [];
    const settings: Settings = { shell: command };
    if (/\$(PORT\b|\{PORT\b)/.test(command)) {
      settings['env'] = { PORT: String(firstPort + (lines.size - 1) * PORT_STEP) };
      notes.push('PORT is the one that foreman gives it');
    }
    if (name === 'release') {
      settings['autostart'] = false;
      notes.push('Heroku runs this once before each release');
    }
    layout.panes.push({ name: names.add(name, notes), settings, notes });
  }
  if (layout.panes.length === 0) fail([0], 'there is no line "NAME: command"');
  layout.notes.push('foreman ends all processes when one ends; in nonet the others go on');
  return layout;
}

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NODE, PROJECT } from '../helpers/fixture.ts';
import { processesWithMarker } from '../helpers/process-list.ts';
import type { ReferenceTerminal } from '../helpers/reference-terminal.ts';
import { baseEnvironment, openTerminal } from '../helpers/terminal-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { drawSvg } from './svg.ts';

/** What is to be on the screen, after which keys. */
export type Picture = {
  name: string;
  /** For those who cannot see it. */
  title: string;
  keys: readonly string[];
  /** Text instead of true says what is still missing. */
  ready(screen: ReferenceTerminal): boolean | string;
};

export type Scene = {
  /** A preset or a file; the session has this name. */
  layout: string;
  session: string;
  cols: number;
  rows: number;
  env?: Record<string, string>;
  pictures: readonly Picture[];
};

const PATIENCE_MS = 60_000;

/** Runs the built program in the reference terminal and writes one `NAME.svg` for each picture; nothing of the session is left. */
export async function takePictures(scene: Scene, directory: string): Promise<string[]> {
  const { layout, session, cols, rows, pictures } = scene;
  // Short, because socket paths may not be long.
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'np-'));
  const id = randomUUID();
  const env: Record<string, string> = { ...baseEnvironment(), ...scene.env, HOME: root, HISTFILE: '', PICTURES: id };
  for (const base of ['RUNTIME_DIR', 'STATE_HOME', 'CONFIG_HOME', 'CACHE_HOME']) {
    env[`XDG_${base}`] = path.join(root, base.toLowerCase());
  }
  fs.mkdirSync(env['XDG_RUNTIME_DIR']!, { mode: 0o700 });
  const nonet: [string, string] = [NODE, path.join(PROJECT, 'dist/cli/bin.js')];
  const terminal = openTerminal({ argv: [...nonet, 'up', layout, '-s', session], cols, rows, cwd: root, env });
  try {
    const files: string[] = [];
    for (const { name, title, keys, ready } of pictures) {
      terminal.press(...keys);
      await terminal.waitFor(`the picture ${name}`, ready, { timeoutMs: PATIENCE_MS });
      const file = path.join(directory, `${name}.svg`);
      fs.writeFileSync(file, drawSvg(terminal.screen, title));
      files.push(file);
    }
    return files;
  } finally {
    await terminal.close();
    await runToEnd([...nonet, 'down', '-s', session, '--timeout', '3'], env, root);
    await waitUntil('the session to be gone', () => processesWithMarker(`PICTURES=${id}`).length === 0);
    fs.rmSync(root, { recursive: true, force: true });
  }
}

function runToEnd([command, ...args]: readonly string[], env: Record<string, string>, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command!, args, { env, cwd, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

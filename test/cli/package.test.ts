import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VERSION } from '../../src/core/version.ts';
import { NODE, PROJECT } from '../helpers/fixture.ts';

/** What `npm pack` makes, unpacked as an installation would have it: without its packages until they are linked in. */
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'nonet-package-'));
const installed = path.join(root, 'package');
const bin = path.join(installed, 'dist/cli/bin.js');
let files: string[] = [];

beforeAll(() => {
  const packed = spawnSync('npm', ['pack', '--pack-destination', root, '--ignore-scripts', '--json'], {
    cwd: PROJECT,
    encoding: 'utf8',
    env: { ...process.env, npm_config_update_notifier: 'false' },
  });
  expect(packed.status, packed.stderr).toBe(0);
  const tarball = path.join(root, `nonet-${VERSION}.tgz`);
  const listed = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  files = listed.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace('package/', ''));
  expect(spawnSync('tar', ['-xzf', tarball, '-C', root]).status).toBe(0);
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe('the package', () => {
  test('has the built program, the layouts and the words about it, and nothing else', () => {
    const rest = files.filter((file) => !/^(dist\/(cli|daemon|host|chunks)\/[\w-]+\.js|layouts\/[\w.-]+)$/.test(file));
    expect(rest.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    for (const entry of ['dist/cli/bin.js', 'dist/daemon/main.js', 'dist/host/main.js']) expect(files).toContain(entry);
    const layouts = files.filter((file) => file.startsWith('layouts/')).sort();
    expect(layouts).toEqual(
      fs
        .readdirSync(path.join(PROJECT, 'layouts'))
        .map((file) => `layouts/${file}`)
        .sort(),
    );
    expect(layouts).toEqual(
      expect.arrayContaining(['layouts/demo-agent.mjs', 'layouts/demo-kinds.mjs', 'layouts/layout.schema.json']),
    );
  });

  test('brings no directory of the machine that built it along', () => {
    const own = PROJECT.replace(/\/$/, '');
    for (const file of files.filter((name) => name.startsWith('dist/'))) {
      expect(fs.readFileSync(path.join(installed, file), 'utf8').includes(`${own}/`), file).toBe(false);
    }
  });

  test('can be run by its bin', () => {
    expect(fs.readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    linkPackages();
    const version = run(NODE, [bin, '--version']);
    expect(version).toMatchObject({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
    // What is found by its path: the presets.
    const layouts = run(NODE, [bin, 'layouts', '--json']);
    expect(JSON.parse(layouts.stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'demo', file: path.join(installed, 'layouts/demo.yaml') }),
      ]),
    );
  });
});

const old = findOldNode();
const why = old === null ? ' (skipped: this machine has no Node older than 22.13)' : '';

describe.skipIf(old === null)(`run by a Node that is too old${why}`, () => {
  test('it says so in one sentence, and nothing else', () => {
    unlinkPackages();
    const { status, stdout, stderr } = run(old!, [bin, 'list']);
    expect(stderr).toMatch(/^nonet needs Node 22\.13 or newer; this is \d+\.\d+\.\d+\.\n$/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  test('it goes on with the Node of its checkout, and passes on how that ended', () => {
    unlinkPackages();
    linkPackages();
    expect(run(old!, [bin, '--version'])).toMatchObject({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
    expect(run(old!, [bin, 'no-such-command']).status).toBe(2);
    expect(run(old!, [bin, 'list', '-s', 'none']).status).toBe(3);
  });
});

function linkPackages(): void {
  const link = path.join(installed, 'node_modules');
  if (!fs.existsSync(link)) fs.symlinkSync(path.join(PROJECT, 'node_modules'), link);
}

function unlinkPackages(): void {
  fs.rmSync(path.join(installed, 'node_modules'), { force: true });
}

function run(node: string, args: string[]) {
  return spawnSync(node, args, {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      XDG_RUNTIME_DIR: path.join(root, 'run'),
      XDG_CACHE_HOME: path.join(root, 'cache'),
    },
  });
}

/** A Node on this machine that is older than the package wants, or null. npm puts the project's own first on the PATH. */
function findOldNode(): string | null {
  const directories = (process.env['PATH'] ?? '').split(path.delimiter);
  for (const directory of directories.filter((entry) => path.isAbsolute(entry) && !entry.includes('node_modules'))) {
    const found = spawnSync(path.join(directory, 'node'), ['--version'], { encoding: 'utf8' });
    const [major = 0, minor = 0] = (found.stdout ?? '').replace('v', '').split('.').map(Number);
    if (major > 0 && (major < 22 || (major === 22 && minor < 13))) return path.join(directory, 'node');
  }
  return null;
}

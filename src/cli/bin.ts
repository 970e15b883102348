#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The package's bin. Imports nothing that an old Node cannot read: there it says so in one sentence, or, in a checkout, goes on with the
 * Node that the checkout brings (devDependency `node`).
 */
const REQUIRED = [22, 13] as const;
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > REQUIRED[0] || (major === REQUIRED[0] && minor >= REQUIRED[1])) start();
else {
  const own = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
  if (existsSync(own)) runWith(own);
  else {
    process.stderr.write(`nonet needs Node ${REQUIRED.join('.')} or newer; this is ${process.versions.node}.\n`);
    process.exitCode = 1;
  }
}

function start(): void {
  hideWarnings();
  nameRemovedDirectory();
  enableCompileCache();
  import('./main.ts').then(({ main }) => main(process.argv.slice(2)));
}

/** This process only waits: the terminal and its signals are the child's. */
function runWith(node: string): void {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`nonet: cannot run ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (!signal) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const name of PASSED_ON) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** A shell may stand in a directory that is gone; what needs none works there too, and the session keeps the directory's name. */
function nameRemovedDirectory(): void {
  try {
    process.cwd();
  } catch {
    const { PWD } = process.env;
    process.chdir('/');
    process.cwd = () => PWD ?? '/';
  }
}

/** Node's own notes on features still called experimental (type stripping, SQLite) are not for users; everything else is. */
function hideWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`nonet: ${warning.name}: ${warning.message}\n`);
  });
}

/** In a directory of our own: the default is in /tmp, where others could leave code for us to run. */
function enableCompileCache(): void {
  const { XDG_CACHE_HOME } = process.env;
  const cache = XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : path.join(os.homedir(), '.cache');
  const directory = path.join(cache, 'nonet', 'compiled');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    module.enableCompileCache(directory);
  } catch {
    // A home that cannot be written to: slower, not worse.
  }
}

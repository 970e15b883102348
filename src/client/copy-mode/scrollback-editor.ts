import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Gives the terminal to the person's editor with a text in a private file, and takes it back when the editor ends. */
export type ScrollbackEditor = {
  /** The terminal is the editor's, or about to be: signals of its keyboard are not for us. */
  readonly active: boolean;
  /** `line`: where to begin, from 1. */
  open(text: string, line: number): void;
  /** On the way out: no editor and no file are left. */
  dispose(): void;
};

export type ScrollbackEditorDeps = {
  env: Readonly<Record<string, string | undefined>>;
  /** Leaves the terminal as it was found, then calls back. */
  suspend(then: () => void): void;
  resume(): void;
  onFailed(reason: string): void;
};

/** Those that take `+LINE`. */
const TAKES_LINE =
  /^(?:vi|vim|nvim|view|gvim|nano|pico|emacs|emacsclient|micro|kak|joe|jed|mg|less|more|most|ne|hx|helix)$/;

export function createScrollbackEditor({ env, suspend, resume, onFailed }: ScrollbackEditorDeps): ScrollbackEditor {
  let active = false;
  let child: ChildProcess | null = null;
  let directory: string | null = null;

  function run(file: string, line: number): void {
    const command = editorCommand(env);
    const at = TAKES_LINE.test(path.basename(command.split(/\s/, 1)[0] ?? '')) ? [`+${line}`] : [];
    // A shell, because EDITOR is a command with arguments to everyone who reads it.
    process.on('SIGQUIT', ignore);
    child = spawn('/bin/sh', ['-c', `exec ${command} "$@"`, 'sh', ...at, file], { stdio: 'inherit' });
    let problem = '';
    child.on('error', (error) => {
      problem = error.message;
      end(problem);
    });
    child.on('exit', (code, signal) => {
      if (code !== 0) problem = signal ? `ended by ${signal}` : `ended with ${code}`;
      end(problem === '' ? '' : `${command}: ${problem}`);
    });
  }

  function end(problem: string): void {
    if (!active) return;
    child = null;
    active = false;
    process.off('SIGQUIT', ignore);
    removeFile();
    resume();
    if (problem !== '') onFailed(problem);
  }

  function removeFile(): void {
    if (directory) fs.rmSync(directory, { recursive: true, force: true });
    directory = null;
  }

  return {
    get active() {
      return active;
    },
    open(text, line) {
      if (active) return;
      try {
        // Made with mode 0700: what programs have shown is nobody else's.
        directory = fs.mkdtempSync(path.join(env['TMPDIR'] || os.tmpdir(), 'nonet-'));
        const file = path.join(directory, 'scrollback.txt');
        fs.writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
        active = true;
        suspend(() => {
          if (!active) return;
          try {
            run(file, line);
          } catch (error) {
            // No process could be made.
            end((error as Error).message);
          }
        });
      } catch (error) {
        removeFile();
        onFailed(`no file for the editor: ${(error as Error).message}`);
      }
    },
    dispose() {
      active = false;
      process.off('SIGQUIT', ignore);
      child?.kill('SIGHUP');
      child = null;
      removeFile();
    },
  };
}

/** The terminal's keyboard signals everyone in the foreground: those that the editor takes for keys must not end us. */
function ignore(): void {}

/** As git and less choose: VISUAL, EDITOR, vi. */
function editorCommand(env: ScrollbackEditorDeps['env']): string {
  return [env['VISUAL'], env['EDITOR']].find((command) => command && command.trim() !== '')?.trim() ?? 'vi';
}

/**
 * The error table: code → exit code and hint. Expected failures travel as replies with one of these codes; `message` says what was
 * wrong and where, `hint` what to do next.
 */
export const errorTable = {
  failed: { exitCode: 1, hint: '' },
  usage: { exitCode: 2, hint: 'see `nonet --help`' },
  'bad-layout': { exitCode: 2, hint: 'fix the layout and run `nonet check FILE`' },
  'unknown-preset': { exitCode: 2, hint: 'see `nonet layouts`' },
  'no-such-session': { exitCode: 3, hint: 'see `nonet sessions`, or start it with `nonet up`' },
  'no-such-pane': { exitCode: 1, hint: 'see `nonet list`' },
  'bad-key': { exitCode: 2, hint: 'keys are named like: enter esc ctrl+c shift+enter up f5' },
  'not-running': { exitCode: 1, hint: 'start it with `nonet start PANE`' },
  'not-a-terminal': { exitCode: 1, hint: 'run it in a terminal, or start without attaching: `nonet up -d`' },
  nested: { exitCode: 1, hint: 'detach first, or name another session with --session' },
  'timed-out': { exitCode: 124, hint: '' },
  'socket-path-too-long': {
    exitCode: 1,
    hint: 'set XDG_RUNTIME_DIR to a shorter directory, or use a shorter session name',
  },
  'unsafe-directory': {
    exitCode: 1,
    hint: 'remove it, or set XDG_RUNTIME_DIR and XDG_STATE_HOME to directories of your own',
  },
  'version-mismatch': { exitCode: 1, hint: 'run `nonet down` with the old version, then start again' },
  'host-unavailable': { exitCode: 1, hint: 'see the daemon’s log' },
  'bad-request': {
    exitCode: 1,
    hint: 'client and daemon may be of different versions: run `nonet down`, then start again',
  },
  disconnected: { exitCode: 1, hint: 'run the command again' },
  internal: { exitCode: 1, hint: 'see the daemon’s log' },
} as const satisfies Record<string, { exitCode: number; hint: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An expected failure. Anything else that is thrown is a broken invariant. */
export class NonetError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'NonetError';
    this.code = code;
    this.hint = options.hint ?? errorTable[code].hint;
  }
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

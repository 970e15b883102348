import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { NonetError } from '../../src/core/errors.ts';

function refusal(...argv: string[]): string {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof NonetError && error.code === 'usage') return error.message;
    throw error;
  }
  throw new Error(`nonet ${argv.join(' ')} is taken`);
}

describe('a command line', () => {
  test.each<[argv: string[], command: string, args: Record<string, unknown>]>([
    [[], 'up', {}],
    [['-d'], 'up', { detached: true }],
    [['-s', 'list'], 'up', { session: 'list' }],
    [['--env', 'production', '-d'], 'up', { env: 'production', detached: true }],
    [['up', 'demo', '--dry-run'], 'up', { layout: 'demo', 'dry-run': true }],
    [['-s', 'a', 'list', '--json'], 'list', { session: 'a', json: true }],
    [['--session=a', 'ps'], 'list', { session: 'a' }],
    [['list', '-sa'], 'list', { session: 'a' }],
    [['-s=a', 'list'], 'list', { session: 'a' }],
    [['-dsteam'], 'up', { detached: true, session: 'team' }],
    [['logs', '-fn5', 'web'], 'logs', { follow: true, lines: 5, pane: ['web'] }],
    [['send', '3', '--', '-sa'], 'send', { pane: '3', text: ['-sa'] }],
    [['a'], 'attach', {}],
    [['stop', '1', 'test-*'], 'stop', { pane: ['1', 'test-*'], wait: true }],
    [['stop', '1', '--no-wait'], 'stop', { pane: ['1'], wait: false }],
    [['show', '007'], 'show', { pane: '007' }],
    [['send', '3', '42', '1e3'], 'send', { pane: '3', text: ['42', '1e3'], enter: true }],
    [['send', '3', '-5'], 'send', { text: ['-5'] }],
    [['send', '3', '--', '--verbose', '-h'], 'send', { pane: '3', text: ['--verbose', '-h'] }],
    [['send', '3', '--no-enter', '--', '--'], 'send', { text: ['--'], enter: false }],
    [['capture', '2', '--scrollback', '100'], 'capture', { pane: '2', scrollback: 100 }],
  ])('%j runs %s', (argv, command, args) => {
    expect(parseArguments(argv)).toMatchObject({ kind: 'run', command, args });
  });

  test.each<[argv: string[], about: string | null]>([
    [['--help'], null],
    [['-h'], null],
    [['help'], null],
    [['help', 'ls'], 'list'],
    [['up', '-h'], 'up'],
    [['stop', '--help'], 'stop'],
    [['-s', 'x', 'send', '--help'], 'send'],
  ])('%j asks for help on %s', (argv, about) => {
    expect(parseArguments(argv)).toEqual({ kind: 'help', about });
  });

  test.each([[['--version']], [['-V']], [['list', '-V']]])('%j asks for the version', (argv) => {
    expect(parseArguments(argv)).toEqual({ kind: 'version' });
  });
});

describe('a mistake is told in plain words:', () => {
  test.each<[argv: string[], message: string]>([
    [['lst'], 'unknown command "lst"; did you mean "list"?'],
    [['-s', 'x', 'frobnicate'], 'unknown command "frobnicate"'],
    [['help', 'retsart'], 'unknown command "retsart"; did you mean "restart"?'],
    [['list', '--jsn'], 'unknown option --jsn; did you mean "--json"?'],
    [['up', '--dry-rnu'], 'unknown option --dry-rnu; did you mean "--dry-run"?'],
    [['stop', '1', '--no-wiat'], 'unknown option --no-wiat; did you mean "--no-wait"?'],
    [['list', '-x'], 'unknown option -x'],
    [['up', '-dx'], 'unknown option -x'],
    [['list', '--jsn=yes'], 'unknown option --jsn; did you mean "--json"?'],
    [['list', '-s'], '--session needs a value'],
    [['up', '--env'], '--env needs a value'],
    [['show'], 'an argument is missing: nonet show PANE'],
    [['send', '1'], 'an argument is missing: nonet send PANE TEXT…'],
    [['list', 'extra'], 'unexpected argument "extra": nonet list'],
    [['show', '1', '2'], 'unexpected argument "2": nonet show PANE'],
    [['list', '--', '-x'], 'unexpected argument "-x": nonet list'],
    [['list', '-s', 'a', '-s', 'b'], '--session is given more than once'],
  ])('%j: %s', (argv, message) => {
    expect(refusal(...argv)).toBe(message);
  });
});

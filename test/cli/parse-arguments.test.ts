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
    [['--json', 'list'], 'list', { json: true }],
    [['-s', 'list', '--json', 'list'], 'list', { session: 'list', json: true }],
    [['--json', 'show', 'list'], 'show', { json: true, pane: 'list' }],
    [['--ansi', 'capture', '3'], 'capture', { ansi: true, pane: '3' }],
    [['-f', '-n', '5', 'logs', 'web'], 'logs', { follow: true, lines: 5, pane: ['web'] }],
    [['--lines', '5', 'logs'], 'logs', { lines: 5, pane: [] }],
    [['--lines', 'attach'], 'attach', { lines: true }],
    [['-d', 'up', 'team.yaml'], 'up', { detached: true, layout: 'team.yaml' }],
    [['-ds', 'team', 'up', 'demo'], 'up', { detached: true, session: 'team', layout: 'demo' }],
    [['logs', '-f', 'true'], 'logs', { follow: true, pane: ['true'] }],
    [['stop', '1', '--wait=false'], 'stop', { wait: false }],
    [['logs', '--grep=-x', '-n0'], 'logs', { grep: '-x', lines: 0 }],
    [['logs', '--grep="a b"'], 'logs', { grep: '"a b"' }],
    [['down', '--timeout', '0.5'], 'down', { timeout: 0.5 }],
    [['send', '2', 'x', '-', 'y'], 'send', { pane: '2', text: ['x', '-', 'y'] }],
    [['send', '2', '-'], 'send', { text: ['-'] }],
    [['send-keys', '2', 'a', '-', 'b'], 'send-keys', { keys: ['a', '-', 'b'] }],
    [['check', '-'], 'check', { file: '-' }],
    [['list', '-s', '-'], 'list', { session: '-' }],
    [['send', '2', '', 'true'], 'send', { text: ['', 'true'] }],
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
    [['-', 'list'], 'unknown command "-"'],
    [['list', '-'], 'unexpected argument "-": nonet list'],
    [['show', '1', 'a,b'], 'unexpected argument "a,b": nonet show PANE'],
    [['list', '--json', 'false'], 'unexpected argument "false": nonet list'],
    [['list', '--json=maybe'], '--json takes no value'],
    [['list', '-s', '--json'], '--session needs a value'],
    [['show', '-x'], 'unknown option -x'],
    [['capture', '-x', '-s', 't'], 'unknown option -x'],
    [['send', '2', '--x=1'], 'unknown option --x'],
    [['send', '2', '-x', 'text'], 'unknown option -x'],
    [['show', '--pane', '1'], 'unknown option --pane'],
    [['--jsn', 'list'], 'unknown option --jsn; did you mean "--json"?'],
    [['-f', 'list'], 'unknown option -f'],
    [['--sesion', 'work', 'list'], 'unknown option --sesion; did you mean "--session"?'],
    [['down', '--timeout', '2147484'], '--timeout cannot be more than 24 days'],
    [['down', '--timeout', '9'.repeat(400)], '--timeout cannot be more than 24 days'],
  ])('%j: %s', (argv, message) => {
    expect(refusal(...argv)).toBe(message);
  });

  test.each(['', ' ', ' 5 ', '-3', '0x10', '1e3', 'Infinity', 'NaN', 'soon', '5s', '.5', '5.', '٣'])(
    '%j is no number to an option',
    (text) => {
      const given = `0 or more, not ${JSON.stringify(text)}`;
      for (const argv of [
        ['down', '--timeout', text],
        [`--timeout=${text}`, 'down'],
      ]) {
        expect(refusal(...argv)).toBe(`--timeout takes a number of seconds, ${given}`);
      }
      for (const half of [text, '0.5']) {
        const message = `takes a number of lines, 0 or more, not ${JSON.stringify(half)}`;
        expect(refusal('logs', 'o', '-n', half)).toBe(`--lines ${message}`);
        expect(refusal('capture', '1', '--scrollback', half)).toBe(`--scrollback ${message}`);
      }
    },
  );
});

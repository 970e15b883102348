import { describe, expect, it } from 'vitest';
import { readClientEvent } from '../../src/protocol/data.ts';

const key = { type: 'key', key: 'a', modifiers: 0, action: 'press', text: 'a' };

const terminal = {
  foreground: '#aabbcc',
  background: null,
  cursor: null,
  palette: ['#000000', null],
  scheme: 'dark',
  cell: { width: 9, height: 18 },
};

describe('what a client says', () => {
  it.each([
    [{ event: 'ack', frame: 7 }],
    [{ event: 'input', pane: 1, input: [key] }],
    [{ event: 'view', panes: [{ pane: 1, cols: 80, rows: 24 }] }],
    [{ event: 'refresh' }],
    [{ event: 'focus', pane: null }],
    [{ event: 'terminal', ...terminal }],
    [{ event: 'search', id: 1, text: 'x', regex: true }],
    [{ event: 'search-end', id: 1 }],
    [{ event: 'turn-to', pane: 3 }],
    [{ event: 'copied', text: 'x' }],
  ])('is taken as it is: %j', (event) => {
    expect(readClientEvent(event)).toEqual(event);
  });

  it.each([
    [{ event: 'ack', frame: 'x' }],
    [{ event: 'ack' }],
    [{ event: 'input', pane: 'x', input: [key] }],
    [{ event: 'input', pane: 1, input: 'abc' }],
    [{ event: 'input', pane: 1, input: [null] }],
    [{ event: 'input', pane: 1, input: [{ type: 'constructor' }] }],
    [{ event: 'view', panes: [{ pane: 1, cols: 1e9, rows: 24 }] }],
    [{ event: 'terminal', ...terminal, foreground: '\x1b]0;x' }],
    [{ event: 'focus', pane: 0 }],
    [{ event: 'search', id: 1, text: '', regex: false }],
    [{ event: 'search', id: 1, text: 'x'.repeat(501), regex: false }],
    [{ event: 'search', id: -1, text: 'x', regex: false }],
    [{ event: 'turn-to', pane: null }],
    [{ event: 'copied', text: '' }],
    [{ event: 'copied', text: 'x'.repeat(1024 * 1024 + 1) }],
    [{ event: 'from-the-future' }],
  ])('is ignored when it is broken or unknown: %j', (event) => {
    expect(readClientEvent(event)).toBeNull();
  });
});

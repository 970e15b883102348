import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadChrome } from '../../src/ui/load-chrome.ts';
import { pane } from '../client/sample-session.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { openChrome } from './chrome-harness.ts';

afterEach(() => vi.restoreAllMocks());

/** What a process looks like to those who would hook into it. */
function hooks() {
  const { reallyExit } = process as unknown as { reallyExit: unknown };
  const counts = process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
  return { listeners: Object.fromEntries(counts), emit: process.emit, reallyExit, raw: process.stdin.isRaw };
}

describe('Ink in our process', () => {
  it('leaves environment, signals, exit, stdin, stdout and stderr alone', async () => {
    const env = { ...process.env };
    const before = hooks();
    const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const chrome = await openChrome({ cols: 80, rows: 24 });
    expect(await chrome.text()).toContain('ctrl+b ? help');
    expect(hooks()).toEqual(before);
    expect(process.env).toEqual(env);
    chrome.store.dispatch({ type: 'resized', cols: 100, rows: 30 });
    await chrome.text();
    chrome.close();
    process.stdout.emit('resize');
    expect(hooks()).toEqual(before);
    for (const write of writes) expect(write).not.toHaveBeenCalled();
  });

  it('can be mounted again after it was unmounted', async () => {
    const first = await openChrome({ cols: 80, rows: 24 });
    await first.text();
    first.close();
    const second = await openChrome({ cols: 80, rows: 24 });
    expect(await second.text()).toContain('ctrl+b ? help');
    second.close();
  });

  it('draws with React’s production build', async () => {
    await loadChrome();
    // Only the development build has it.
    expect((await import('react')).act).toBeUndefined();
  });

  it('tells when a component throws, and stays out of the console', async () => {
    const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write'), vi.spyOn(console, 'error')];
    const chrome = await openChrome({ cols: 80, rows: 24 });
    await chrome.text();
    chrome.store.applyEvent({ event: 'panes', panes: [{ ...pane(1), name: null as unknown as string }] });
    await waitUntil('the error', () => chrome.errors.length > 0);
    expect(chrome.errors).toHaveLength(1);
    chrome.close();
    for (const write of writes) expect(write).not.toHaveBeenCalled();
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installStartup, planStartup, removeStartup, type StartupMachine } from '../../src/cli/startup.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'nonet-startup-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function machine(over: Partial<StartupMachine> = {}): StartupMachine {
  return {
    platform: 'linux',
    home,
    user: 'me',
    env: { PATH: '/usr/bin:/opt/100%/bin', SECRET: 'hidden', XDG_STATE_HOME: '/var/state "x"' },
    execPath: '/usr/bin/node',
    entry: '/opt/my tools/nonet/bin.js',
    ...over,
  };
}

describe('the start-up unit', () => {
  it('runs the very command that was asked, with what places its files and no other variable', () => {
    const { content, file } = planStartup(machine());
    expect(file).toBe(path.join(home, '.config/systemd/user/nonet.service'));
    expect(content).toContain('ExecStart="/usr/bin/node" "/opt/my tools/nonet/bin.js" "resurrect" "--all"\n');
    expect(content).toContain('Environment="PATH=/usr/bin:/opt/100%%/bin"\n');
    expect(content).toContain('Environment="XDG_STATE_HOME=/var/state \\"x\\""\n');
    expect(content).not.toContain('hidden');
  });

  it('is a property list on macOS', () => {
    const { content, file } = planStartup(machine({ platform: 'darwin', entry: '/a&b/bin.js' }));
    expect(file).toBe(path.join(home, 'Library/LaunchAgents/org.nonet.resurrect.plist'));
    expect(content).toContain('<string>/a&amp;b/bin.js</string><string>resurrect</string>');
  });

  it('is written, enabled, and gone again, and says which command did not work', () => {
    const plan = planStartup(machine());
    const ran: string[] = [];
    const { failed } = installStartup(plan, (argv) => {
      ran.push(argv.join(' '));
      return !argv.includes('enable');
    });
    expect(readFileSync(plan.file, 'utf8')).toBe(plan.content);
    expect(ran).toEqual(['systemctl --user daemon-reload', 'systemctl --user enable nonet.service']);
    expect(failed).toEqual([['systemctl', '--user', 'enable', 'nonet.service']]);
    expect(removeStartup(plan, () => true)).toBe(true);
    expect(existsSync(plan.file)).toBe(false);
    expect(removeStartup(plan, () => true)).toBe(false);
  });

  it('is refused in plain words where no manager is known', () => {
    expect(() => planStartup(machine({ platform: 'freebsd' }))).toThrow('no start-up unit for freebsd');
  });
});

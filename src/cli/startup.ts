import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NonetError } from '../core/errors.ts';

/**
 * Sessions that come back after a reboot: a unit of the user's own service manager that runs `nonet resurrect --all` at log-in or boot. Nothing
 * here needs root; what would (lingering, so that the manager starts without a log-in) is shown, not done.
 */
export type StartupPlan = {
  manager: 'systemd' | 'launchd';
  file: string;
  content: string;
  /** Run after the file is written, and before it is removed. */
  enable: string[][];
  disable: string[][];
  /** What a person may want to run as well. */
  advice: string;
};

export type StartupMachine = {
  platform: NodeJS.Platform;
  home: string;
  user: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Node and the entry of the command line. */
  execPath: string;
  entry: string;
};

const UNIT = 'nonet.service';
const LABEL = 'org.nonet.resurrect';
/** What isolates or places a run of nonet; the manager's own environment knows nothing of it. */
const KEPT_VARIABLES = ['PATH', 'SHELL', 'LANG', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR'];

export function planStartup(machine: StartupMachine): StartupPlan {
  if (machine.platform === 'darwin') return planLaunchd(machine);
  if (machine.platform === 'linux') return planSystemd(machine);
  throw new NonetError('failed', `there is no start-up unit for ${machine.platform}`, {
    hint: 'run `nonet resurrect --all` from whatever starts programs there',
  });
}

function planSystemd({ home, user, env, execPath, entry }: StartupMachine): StartupPlan {
  const config = env['XDG_CONFIG_HOME'] && path.isAbsolute(env['XDG_CONFIG_HOME']) ? env['XDG_CONFIG_HOME'] : null;
  const file = path.join(config ?? path.join(home, '.config'), 'systemd', 'user', UNIT);
  const variables = keptVariables(env).map(([name, value]) => `Environment=${quoteSystemd(`${name}=${value}`)}`);
  // Daemons and hosts outlast the command that starts them, and are none of the manager's business.
  const content = `[Unit]
Description=nonet sessions of ${user}

[Service]
Type=oneshot
RemainAfterExit=yes
KillMode=process
${variables.join('\n')}
ExecStart=${[execPath, entry, 'resurrect', '--all'].map(quoteSystemd).join(' ')}

[Install]
WantedBy=default.target
`;
  return {
    manager: 'systemd',
    file,
    content,
    enable: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', UNIT],
    ],
    disable: [['systemctl', '--user', 'disable', UNIT]],
    advice: `to start at boot, before you log in: sudo loginctl enable-linger ${user}`,
  };
}

function planLaunchd({ home, env, execPath, entry }: StartupMachine): StartupPlan {
  const file = path.join(home, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const string = (text: string): string => `<string>${escapeXml(text)}</string>`;
  const variables = keptVariables(env).map(([name, value]) => `    <key>${escapeXml(name)}</key>${string(value)}`);
  const content = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>${string(LABEL)}
  <key>ProgramArguments</key>
  <array>${[execPath, entry, 'resurrect', '--all'].map(string).join('')}</array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join('\n')}
  </dict>
  <key>RunAtLoad</key><true/>
  <key>AbandonProcessGroup</key><true/>
</dict>
</plist>
`;
  return {
    manager: 'launchd',
    file,
    content,
    enable: [['launchctl', 'load', '-w', file]],
    disable: [['launchctl', 'unload', '-w', file]],
    advice: 'it runs when you log in',
  };
}

/** Writes the unit and enables it; `run` is told each command and says whether it worked. */
export function installStartup(plan: StartupPlan, run: (argv: string[]) => boolean): { failed: string[][] } {
  mkdirSync(path.dirname(plan.file), { recursive: true });
  writeFileSync(plan.file, plan.content, { mode: 0o644 });
  return { failed: plan.enable.filter((argv) => !run(argv)) };
}

/** False when there is no unit. */
export function removeStartup(plan: StartupPlan, run: (argv: string[]) => boolean): boolean {
  if (!existsSync(plan.file)) return false;
  for (const argv of plan.disable) run(argv);
  rmSync(plan.file);
  return true;
}

export function thisMachine(entry: string): StartupMachine {
  const { username, homedir } = os.userInfo();
  return {
    platform: process.platform,
    home: process.env['HOME'] ?? homedir,
    user: username,
    env: process.env,
    execPath: process.execPath,
    entry,
  };
}

/** Runs a command of the service manager without a word; false when it failed or is not there. */
export function runQuietly([program = '', ...args]: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

function keptVariables(env: StartupMachine['env']): [string, string][] {
  return KEPT_VARIABLES.flatMap((name) => {
    const value = env[name];
    return value ? [[name, value] as [string, string]] : [];
  });
}

/** systemd.syntax(7): double quotes, with backslash, quote and percent escaped. */
function quoteSystemd(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${escaped.replaceAll('\n', '\\n')}"`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

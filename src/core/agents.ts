import type { AgentName } from './layout.ts';

/** The agent CLIs that nonet knows by name: what runs them, and what to tell a person who lacks one. */
export type AgentRow = {
  title: string;
  /** The program's name on PATH. */
  command: string;
  npmPackage: string;
};

export const agentTable = {
  claude: { title: 'Claude Code', command: 'claude', npmPackage: '@anthropic-ai/claude-code' },
  codex: { title: 'Codex CLI', command: 'codex', npmPackage: '@openai/codex' },
  gemini: { title: 'Gemini CLI', command: 'gemini', npmPackage: '@google/gemini-cli' },
  opencode: { title: 'opencode', command: 'opencode', npmPackage: 'opencode-ai' },
} as const satisfies Record<Exclude<AgentName, 'none'>, AgentRow>;

export type KnownAgentName = keyof typeof agentTable;

export const knownAgentNames = Object.keys(agentTable) as KnownAgentName[];
export const agentNames: AgentName[] = [...knownAgentNames, 'none'];

/** Which agent a program is, by its base name: `/usr/local/bin/claude` is claude, `bash` is none. */
export function agentOfCommand(argv0: string): AgentName {
  const baseName = argv0.slice(argv0.lastIndexOf('/') + 1);
  return knownAgentNames.find((name) => agentTable[name].command === baseName) ?? 'none';
}

export function installCommand(agent: KnownAgentName): string {
  return `npm install -g ${agentTable[agent].npmPackage}`;
}

/** One sentence for a pane whose agent is not installed; empty for `none`. */
export function installHint(agent: AgentName): string {
  return agent === 'none' ? '' : `${agentTable[agent].title} is not installed: ${installCommand(agent)}`;
}

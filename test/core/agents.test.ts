import { expect, test } from 'vitest';
import { agentOfCommand, agentTable, installCommand, installHint, knownAgentNames } from '../../src/core/agents.ts';

test.each([
  ['claude', 'claude'],
  ['/usr/local/bin/codex', 'codex'],
  ['./gemini', 'gemini'],
  ['opencode', 'opencode'],
  ['bash', 'none'],
  ['claude-helper', 'none'],
  ['none', 'none'],
  ['', 'none'],
])('%j is the agent %s', (argv0, agent) => {
  expect(agentOfCommand(argv0)).toBe(agent);
});

test('every agent says how to install it', () => {
  expect(knownAgentNames.map(installCommand)).toEqual([
    'npm install -g @anthropic-ai/claude-code',
    'npm install -g @openai/codex',
    'npm install -g @google/gemini-cli',
    'npm install -g opencode-ai',
  ]);
  expect(installHint('claude')).toBe('Claude Code is not installed: npm install -g @anthropic-ai/claude-code');
  expect(installHint('none')).toBe('');
  for (const name of knownAgentNames) expect(agentOfCommand(agentTable[name].command)).toBe(name);
});

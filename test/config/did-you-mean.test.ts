import { expect, test } from 'vitest';
import { closestName, didYouMean } from '../../src/config/did-you-mean.ts';

const known = ['command', 'shell', 'cwd', 'env', 'env_file', 'restart', 'z'];

test.each([
  ['comand', 'command'],
  ['Command', 'command'],
  ['commnad', 'command'],
  ['shel', 'shell'],
  ['cdw', 'cwd'],
  ['envfile', 'env_file'],
  ['restrat', 'restart'],
])('%s is close to %s', (text, name) => {
  expect(closestName(text, known)).toBe(name);
  expect(didYouMean(text, known)).toBe(`; did you mean "${name}"?`);
});

test.each(['memory', 'xyz', '', 'a'.repeat(10_000)])('nothing is close to %.10s', (text) => {
  expect(closestName(text, ['command', 'restart'])).toBeNull();
  expect(didYouMean(text, ['command', 'restart'])).toBe('');
});

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { NODE, PROJECT } from '../helpers/fixture.ts';

const NAMESPACE = ['--pid', '--fork', '--mount-proc'];
/** ns_last_pid: pid_namespaces(7). */
const TRIAL = 'echo 100 > /proc/sys/kernel/ns_last_pid';
const canTry = spawnSync('unshare', [...NAMESPACE, 'sh', '-c', TRIAL], { stdio: 'ignore' }).status === 0;

test.skipIf(!canTry)(
  `a stranger that got the number of a process of before gets none of its signals${canTry ? '' : ' (skipped: needs a pid namespace)'}`,
  () => {
    const program = path.join(PROJECT, 'test/fixtures/pid-reuse.ts');
    const { stdout, stderr } = spawnSync('unshare', [...NAMESPACE, NODE, program], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const expected = { sameNumber: true, takenForAlive: false, signalled: false, strangerLives: true };
    expect(JSON.parse(stdout)).toEqual(expected);
  },
);

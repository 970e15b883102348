import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Short files that wait for long: begun last, they would keep one worker busy while the other has nothing left. */
const LONG_WAITS = ['test/e2e/soak.test.ts', 'test/daemon/host-stuck.test.ts'];

class LongWaitsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification): boolean => LONG_WAITS.some((name) => moduleId.endsWith(name));
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

// Real ptys and processes on small machines: two files at a time, and room for a slow start.
export default defineConfig({
  // As tsc compiles it: the chrome loads React's production build, which has no development JSX.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongWaitsFirst },
    // Longer than any wait in a test, which says what it waited for.
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});

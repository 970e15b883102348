import { defineConfig } from 'vitest/config';

// Real ptys and processes on small machines: two files at a time, and room for a slow start.
export default defineConfig({
  // As tsc compiles it: the chrome loads React's production build, which has no development JSX.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
    maxWorkers: 2,
    // Longer than any wait in a test, which says what it waited for.
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});

import { defineConfig } from 'rolldown';

/**
 * The package's dist/: one file for each process and a few shared ones. Ink alone is 550 modules, which take 300 ms to find and load one by one
 * and 110 ms as part of a bundle; start-up is felt at every attach. Native code and what is found by its path stays outside.
 */
export default defineConfig({
  input: {
    'cli/bin': 'src/cli/bin.ts',
    'daemon/main': 'src/daemon/main.ts',
    'host/main': 'src/host/main.ts',
  },
  platform: 'node',
  external: ['node-pty', /^@xterm\//, 'pidusage', 'pino', 'react-devtools-core'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  output: {
    dir: 'dist',
    cleanDir: true,
    // As deep as the sources, so that paths relative to a module hold in both.
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});

import { defineConfig } from 'vitest/config';

/** Builds the Debian package and tries it in a root file system: `npm run test:package`, as root. */
export default defineConfig({
  test: {
    include: ['test/packaging/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 1,
    pool: 'forks',
  },
});

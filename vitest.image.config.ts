import { defineConfig } from 'vitest/config';

/** Builds the image, boots it in QEMU, pulls its plug and boots it again: `npm run test:image`, as root. */
export default defineConfig({
  test: {
    include: ['test/image/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 3_600_000,
    maxWorkers: 1,
    pool: 'forks',
    // What is under way is told as it goes.
    disableConsoleIntercept: true,
  },
});

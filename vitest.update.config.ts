import { defineConfig } from 'vitest/config';

/** Builds images and updates, and tries them in QEMU: `npm run test:update`, as root. */
export default defineConfig({
  test: {
    include: ['test/update/**/*.test.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    maxWorkers: 1,
    pool: 'forks',
  },
});

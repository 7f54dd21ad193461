import { defineConfig } from 'vitest/config';

/**
 * Files run one after the other: most tests start a real server, a real worker or real listeners, and two of
 * them at once on two cores would measure each other.
 */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'runs/**'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './tests/closing-line.ts'],
  },
});

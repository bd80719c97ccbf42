import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '**/.baton/**'];

/** Three suites by cost: `unit` (pure, on every save), `int` (real PostgreSQL), `e2e` (real browser, real clients, crashes). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // property tests take a second on a quiet machine, and machines are shared
          testTimeout: 30_000,
          include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'scripts/**/*.test.ts', '*.test.ts'],
          exclude: [...exclude, '**/*.int.test.ts'],
        },
      },
      {
        test: {
          name: 'int',
          globalSetup: ['apps/server/src/database/testCluster.ts'],
          include: ['apps/**/*.int.test.ts', 'scripts/**/*.int.test.ts'],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          globalSetup: ['apps/server/src/database/testCluster.ts'],
          include: ['e2e/**/*.e2e.ts'],
          exclude,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});

import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { readConfig } from '../../apps/server/src/config.ts';
import type { TestDatabase } from '../../apps/server/src/database/testDatabase.ts';
import { type RunningServer, startServer } from '../../apps/server/src/startServer.ts';
import { ensureWebBuilt } from '../../scripts/buildWeb.mjs';
import { type Visit, type VisitChoice, visit } from './browser.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Builds the web client where its sources changed. */
export const buildWeb = (): Promise<void> => ensureWebBuilt(ROOT, process.execPath, () => undefined);

/** The real server on a free port (or this one), over a test's database. */
export const start = (database: TestDatabase, port = '0'): Promise<RunningServer> =>
  startServer({ config: readConfig({ BATON_PORT: port }), connection: database.connection });

/** Opens a page, runs the test, and expects that the page had nothing to complain of. */
export const onPage = async (
  browser: Browser,
  server: RunningServer,
  path: string,
  choice: VisitChoice,
  run: (page: Page, visited: Visit) => Promise<void>,
): Promise<void> => {
  const visited = await visit(browser, server, path, choice);
  try {
    await run(visited.page, visited);
    expect(visited.complaints).toEqual([]);
  } finally {
    await visited.context.close();
  }
};

/** The row of a person. */
export const rowOf = (page: Page, name: string): Locator => page.locator('[data-row]', { hasText: name });

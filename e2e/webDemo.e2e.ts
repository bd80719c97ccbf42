/** The demo button: from an empty company to a page full of handoffs, each of which can be opened, and back. In a real browser. */
import { makeClient } from '@baton/contract/client.ts';
import { countHandoffs, listHandoffs, readHandoff } from '@baton/contract/handoffs.ts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { expectNoAxeFindings, launch } from './web/browser.ts';
import { buildWeb, onPage, start } from './web/onPage.ts';

let browser: Browser;
let database: TestDatabase;
let server: RunningServer;

beforeAll(async () => {
  await buildWeb();
  browser = await launch();
  database = await createTestDatabase();
  server = await start(database);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await database.drop();
});

test('one press fills the page, and the API keeps its contract for every handoff of the demo', async () => {
  await onPage(browser, server, '/', {}, async (page, { context }) => {
    await page.getByRole('button', { name: 'Load demo company' }).click();
    await expect.poll(() => page.locator('[data-row]').count(), { timeout: 90_000 }).toBeGreaterThan(5);
    const cookie = (await context.cookies()).find(({ name }) => name === 'baton_session');
    const call = makeClient(fetch, server.url, { 'x-baton': '1', cookie: `${cookie?.name}=${cookie?.value}` });
    const count = async () => (await call(countHandoffs, {})).views;
    await expect.poll(async () => (await count()).all, { timeout: 90_000 }).toBeGreaterThan(100);
    await expect.poll(async () => (await count()).closed, { timeout: 90_000 }).toBeGreaterThan(0);

    const { rows } = await call(listHandoffs, { query: { limit: 200 } });
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) {
      expect(row.why, `handoff ${row.id}`).not.toBe('');
      expect(row.owner === null, `handoff ${row.id}`).toBe(row.queue !== null);
    }
    for (const row of rows.filter((_, index) => index % 5 === 0)) {
      const detail = await call(readHandoff, { params: { id: row.id } });
      expect(detail.decision?.trace, `handoff ${row.id}`).not.toBeNull();
      expect(detail.timeline.length, `handoff ${row.id}`).toBeGreaterThan(0);
    }

    await page.reload();
    await page.locator('[data-row]').first().click();
    await page.getByRole('heading', { name: 'Why qualified' }).waitFor();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await expectNoAxeFindings(page);

    await page.getByRole('button', { name: 'Remove demo' }).click();
    await page.getByRole('heading', { name: 'Nobody has qualified yet.' }).waitFor();
    expect(await count()).toMatchObject({ all: 0, closed: 0 });
    await page.getByRole('button', { name: 'Load demo company' }).waitFor();
    expect(await page.getByRole('button', { name: 'Remove demo' }).count()).toBe(0);
  });
});

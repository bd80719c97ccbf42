/** The way between the screens, in a real browser: by pointer, by keys, by roles, on a phone. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../apps/server/src/access/accountFixture.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { expectNoAxeFindings, expectNoSidewaysScroll, launch } from './web/browser.ts';
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

test('each screen is a click or two keys away, and the one that is open is marked', async () => {
  await onPage(browser, server, '/', {}, async (page) => {
    const rail = page.getByRole('navigation', { name: 'Screens' });
    const current = () => rail.locator('[aria-current=page]').innerText();
    await rail.getByRole('link', { name: 'People and roles' }).click();
    await page.getByRole('heading', { name: 'People and roles', level: 1 }).waitFor();
    expect(await current()).toContain('People and roles');
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
    expect(await current()).toContain('Inbox');
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.waitForURL('**/accounts');
    await page.getByLabel('E-mail').fill('gi');
    expect(page.url()).toContain('/accounts');
  });
});

test('nothing moves when the navigation arrives', async () => {
  await onPage(browser, server, '/', {}, async (page) => {
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const at = window as unknown as { shift?: number };
          at.shift = (at.shift ?? 0) + (entry as unknown as { value: number }).value;
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.reload();
    await page.getByRole('link', { name: 'Inbox' }).waitFor();
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => (window as unknown as { shift?: number }).shift ?? 0)).toBeLessThan(0.02);
  });
});

test('who may not see a screen sees no way there, and no key leads there', async () => {
  const { headers } = await signIn(database, ['rep'], { email: 'rita@acme.example' });
  const [name = '', value = ''] = ((headers['cookie'] ?? '').split(';')[0] ?? '').split('=');
  const context = await browser.newContext();
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  await page.goto(server.url);
  const rail = page.getByRole('navigation', { name: 'Screens' });
  await rail.getByRole('link', { name: 'Inbox' }).waitFor();
  expect(await rail.getByRole('link', { name: 'People and roles' }).count()).toBe(0);
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.keyboard.press('Shift+?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  expect(await page.getByText('Go to people and roles').count()).toBe(0);
  expect(page.url()).toBe(`${server.url}/`);
  await context.close();
});

for (const theme of ['light', 'dark'] as const) {
  for (const width of [320, 768, 1440]) {
    test(`axe finds nothing, ${theme}, ${width} px wide; on a phone the tabs are under the page and large`, async () => {
      await onPage(browser, server, '/accounts', { theme, width, height: 640 }, async (page) => {
        const link = page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Inbox' });
        await link.waitFor();
        await page.getByRole('button', { name: 'Invite' }).waitFor();
        await expectNoAxeFindings(page);
        await expectNoSidewaysScroll(page);
        const box = await link.boundingBox();
        const phone = width < 640;
        expect((box?.y ?? 0) + (box?.height ?? 0) > 600).toBe(phone);
        if (phone) expect(box?.height).toBeGreaterThanOrEqual(44);
      });
    });
  }
}

/** The leaks in a real browser, over the whole server: bugs planted in the rows are found, mended, and proved mended. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { signIn } from '../apps/server/src/access/accountFixture.ts';
import type { TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { startCompany } from '../apps/server/src/intake/companyFixture.ts';
import { makeDemoRequest, offeringPolicy } from '../apps/server/src/intake/intakeFixture.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { expectNoAxeFindings, expectNoSidewaysScroll, launch } from './web/browser.ts';
import { buildWeb, onPage, start } from './web/onPage.ts';

let browser: Browser;
let database: TestDatabase;
let server: RunningServer;

beforeAll(async () => {
  await buildWeb();
  browser = await launch();
});
afterAll(() => browser.close());

beforeEach(async () => {
  const company = await startCompany(offeringPolicy());
  database = company.database;
  await company.node.intake.submit([makeDemoRequest('ann@a.example'), makeDemoRequest('bob@b.example')]);
  await company.node.intake.stop();
  server = await start(database);
});
afterEach(async () => {
  await server.stop();
  await database.drop();
});

/** What each bug does to the rows: behind the back of everything that writes them. */
const BUGS = {
  clocks: `delete from handoff_clock where kind = 'response'`,
  owner: 'update rep set active = false where id = (select min(owner_id) from handoff)',
  query: 'alter table clock_step rename to clock_step_lost',
} as const;
const plant = (bug: keyof typeof BUGS) => database.pool.query(BUGS[bug]);

const verdict = (page: Page) => page.locator('[data-verdict]').innerText();
const kind = (page: Page, id: string) => page.locator(`[data-kind="${id}"]`);
const looked = async (page: Page): Promise<void> => {
  const answer = page.waitForResponse((response) => response.url().endsWith('/leaks/check'));
  await page.getByRole('button', { name: /^Check now/ }).click();
  await answer;
};

/** Opens the leaks as somebody with these roles. */
const openAs = async (role: 'rep' | 'marketing'): Promise<Page> => {
  const { headers } = await signIn(database, [role], { email: `${role}@acme.example` });
  const [name = '', value = ''] = (headers['cookie'] ?? '').split('=');
  const context = await browser.newContext();
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/leaks`);
  return page;
};

test('before any look nothing is said to be well; after one it is all clear, with what was asked of how many rows', async () => {
  await onPage(browser, server, '/', {}, async (page) => {
    await page.getByRole('link', { name: 'Leaks' }).click();
    await expect.poll(() => verdict(page)).toBe('Not checked yet');
    await page.keyboard.press('r');
    await expect.poll(() => verdict(page)).toBe('All 2 accounted for');
    await page.getByText(/^Checked \d+\ss ago$/).waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'A clock for every open status' });
    expect(await row.getByLabel('Kept').count()).toBe(1);
    await row.getByText('Query', { exact: true }).click();
    await row.getByText('from handoff_clock where stopped_at is null').waitFor();
    expect(await page.title()).toBe('Leaks · Baton');
  });
});

test('a planted leak is shown with count, age and cause, mended by pointer, and gone at the look after it', async () => {
  await plant('clocks');
  await onPage(browser, server, '/leaks', {}, async (page) => {
    await looked(page);
    await expect.poll(() => verdict(page)).toMatch(/^2 leaks, the oldest \d+\s(s|min)$/);
    const clockless = kind(page, 'clockless');
    await clockless.getByText('2 leaks').waitFor();
    await clockless.getByText('running: accept').first().waitFor();
    await page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('link', { name: /Leaks\s*2/ })
      .waitFor();
    await clockless.getByRole('button', { name: 'Restore the clocks: Name of ann@a.example' }).click();
    await page.locator('[data-mend=gone]').waitFor();
    await clockless.getByText('1 leak').waitFor();
    expect(await clockless.getByRole('link', { name: 'Name of ann@a.example' }).count()).toBe(0);
    const { rows } = await database.pool.query(
      `select from handoff_clock k join contact c on c.id = k.contact_id where c.email = 'ann@a.example' and k.kind = 'response'`,
    );
    expect(rows).toHaveLength(1);
    await clockless.getByRole('link', { name: 'Name of bob@b.example' }).click();
    await page.waitForURL('**/handoffs/*');
  });
});

test('by keyboard alone: go there, look, choose, mend, open the handoff', async () => {
  await plant('clocks');
  await onPage(browser, server, '/', {}, async (page) => {
    await page.getByRole('link', { name: 'Leaks' }).waitFor();
    for (const key of ['g', 'l']) await page.keyboard.press(key);
    await page.locator('[data-verdict]').waitFor();
    await page.keyboard.press('r');
    await page.locator('[data-leak]').nth(1).waitFor();
    const chosen = () => page.evaluate(() => document.activeElement?.textContent);
    for (const key of ['j', 'j', 'k']) await page.keyboard.press(key);
    const first = await page.locator('[data-leak]').first().innerText();
    expect(await chosen()).toBe(first);
    await page.keyboard.press('1');
    await page.locator('[data-mend=gone]', { hasText: first }).waitFor();
    await expect.poll(() => page.locator('[data-leak]').count()).toBe(1);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/handoffs/*');
  });
});

test('a step that does not help is not called a mend', async () => {
  await plant('clocks');
  await database.pool.query(
    `create function lose() returns trigger language plpgsql as 'begin return null; end';
     create trigger lose before insert on handoff_clock for each row execute function lose()`,
  );
  await onPage(browser, server, '/leaks', {}, async (page) => {
    await looked(page);
    await page
      .getByRole('button', { name: /^Restore the clocks/ })
      .first()
      .click();
    await page.locator('[data-mend=still]').waitFor();
    await kind(page, 'clockless').getByText('2 leaks').waitFor();
  });
});

test('a check that could not be asked is a leak and says why', async () => {
  await plant('query');
  await onPage(browser, server, '/leaks', {}, async (page) => {
    await looked(page);
    await expect.poll(() => verdict(page)).toMatch(/^1 leak/);
    await page.getByText('1 of them could not be asked, which counts as a leak.').waitFor();
    await kind(page, 'step-doubled').getByText('relation "clock_step" does not exist').waitFor();
  });
});

test('a look that is old is no all clear', async () => {
  await onPage(browser, server, '/leaks', {}, async (page) => {
    await looked(page);
    await expect.poll(() => verdict(page)).toBe('All 2 accounted for');
    await database.pool.query('update leak_check set checked_at = checked_at - 3600000');
    await page.reload();
    await expect.poll(() => verdict(page)).toMatch(/^Not checked since \d\d:\d\d$/);
  });
});

test('who may not see leaks is told who can change that; who may not mend sees them without buttons', async () => {
  await plant('owner');
  const rep = await openAs('rep');
  await rep.getByText('Your roles do not reach here.').waitFor();
  expect(await rep.getByRole('link', { name: 'Leaks' }).count()).toBe(0);
  await rep.context().close();
  const marketing = await openAs('marketing');
  await looked(marketing);
  await kind(marketing, 'owner-gone')
    .getByText(/^Rep \d is not active$/)
    .waitFor();
  await marketing.getByText('To mend leaks you have to be').waitFor();
  expect(await marketing.getByRole('button', { name: /^Route anew/ }).count()).toBe(0);
  await marketing.context().close();
});

test('what can’t be read is said, and is read again on demand', async () => {
  await onPage(browser, server, '/', {}, async (page, { complaints }) => {
    await page.route('**/api/v1/leaks*', (route) => route.fulfill({ status: 400, body: '{}' }));
    await page.getByRole('link', { name: 'Leaks' }).click();
    await page.getByText('The leaks could not be read.').waitFor();
    await page.unroute('**/api/v1/leaks*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => verdict(page)).toBe('Not checked yet');
    // the browser itself complains of the answer that was refused on purpose
    (complaints as string[]).length = 0;
  });
});

for (const theme of ['light', 'dark'] as const) {
  for (const width of [320, 768, 1440]) {
    test(`axe finds nothing with and without leaks, ${theme}, ${width} px wide, and nothing sticks out`, async () => {
      await onPage(browser, server, '/leaks', { theme, width }, async (page) => {
        await looked(page);
        await expect.poll(() => verdict(page)).toBe('All 2 accounted for');
        await expectNoAxeFindings(page);
        await expectNoSidewaysScroll(page);
        for (const bug of ['clocks', 'owner', 'query'] as const) await plant(bug);
        await looked(page);
        await kind(page, 'clockless').waitFor();
        await page.keyboard.press('j');
        await page.getByText('Query', { exact: true }).first().click();
        await expectNoAxeFindings(page);
        await expectNoSidewaysScroll(page);
      });
    });
  }
}

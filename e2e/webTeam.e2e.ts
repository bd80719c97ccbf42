/** The team's page: who is next and why, away and back, weights, simulation. In a real browser over the real server. */
import { randomUUID } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { expectNoAxeFindings, expectNoSidewaysScroll, launch, type Visit, type VisitChoice } from './web/browser.ts';
import { enterAs } from './web/enterAs.ts';
import { buildWeb, start } from './web/onPage.ts';
import { seedTeam } from './web/seedTeam.ts';

const BEN = 'Ben Okafor';
const DANA = 'Dana Lindqvist';

let browser: Browser;
let database: TestDatabase;
let server: RunningServer;

beforeAll(async () => {
  await buildWeb();
  browser = await launch();
  database = await createTestDatabase();
  await seedTeam(database.pool);
  server = await start(database);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await database.drop();
});

type Who = 'manager' | 'rep' | 'marketing';
const on = async (
  who: Who,
  path: string,
  run: (page: Page, visited: Visit) => Promise<void>,
  choice: VisitChoice = {},
): Promise<void> => {
  const email = who === 'rep' ? 'ben@baton.example' : `${who}.${randomUUID()}@people.example`;
  if (who === 'rep') await database.pool.query('delete from account where email = $1', [email]);
  const roles = { manager: ['sales-manager'], rep: ['rep'], marketing: ['marketing'] } as const;
  const visited = await enterAs(browser, server, roles[who], path, { ...choice, email });
  try {
    await run(visited.page, visited);
    expect(visited.complaints).toEqual([]);
  } finally {
    await visited.context.close();
  }
};
const member = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name }) });
/** A day to come, as a date field takes it. */
const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const press = (where: Page | Locator, name: string) => where.getByRole('button', { name, exact: true }).click();

test('a manager and a rep read the same: who is next and why, who is away and who covers, why the others wait', async () => {
  for (const who of ['manager', 'rep'] as const) {
    await on(who, '/team', async (page) => {
      await page.getByRole('heading', { name: `${DANA} gets the next high-intent lead` }).waitFor();
      await page.getByText('5 of 6 can take one now.').waitFor();
      expect(await member(page, DANA).innerText()).toContain('+0.35');
      expect(await member(page, DANA).innerText()).toContain('Next');
      const cy = await member(page, 'Cy Duarte').innerText();
      expect(cy).toContain('Time off until');
      expect(cy).toContain(`${DANA} covers`);
      expect(await member(page, 'Eli Brandt').innerText()).toContain('9 %');
      const others = page.getByRole('region', { name: 'Why not the others' });
      expect(await others.innerText()).toContain('Skipped: Cy Duarte has time off until');
      expect(await others.innerText()).toContain(`Waits: ${BEN}, 0.55 leads ahead of their share`);
      await page.getByText('The balances add up to 0.00').waitFor();
    });
  }
});

test('a manager names a cover and sets somebody away with it, by keyboard alone, and back again', async () => {
  const { pool } = database;
  await on('manager', '/team', async (page) => {
    await member(page, 'Eli Brandt').waitFor();
    for (const key of ['j', 'j', 'j', 'Enter']) await page.keyboard.press(key);
    const panel = page.getByRole('article', { name: 'Eli Brandt' });
    await panel.waitFor();
    await page.waitForURL('**/team?rep=3');
    const tabTo = async (isThere: () => Promise<boolean>): Promise<void> => {
      for (let i = 0; i < 30 && !(await isThere()); i++) await page.keyboard.press('Tab');
      expect(await isThere()).toBe(true);
    };
    const has = (role: 'button' | 'combobox' | 'radio', name: string) => () =>
      panel.getByRole(role, { name, exact: true }).evaluate((each) => each === document.activeElement);
    await tabTo(has('combobox', 'Cover'));
    await page.keyboard.type('Grace');
    await expect.poll(async () => (await pool.query('select cover_id from rep where id = 3')).rows[0].cover_id).toBe(5);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Eli Brandt');
    await page.keyboard.press('Enter');
    await tabTo(has('button', 'Set away…'));
    await page.keyboard.press('Enter');
    await tabTo(has('radio', 'They keep them; their clocks run on'));
    await page.keyboard.press('ArrowDown');
    expect(await has('radio', 'Grace Kim takes them')()).toBe(true);
    await tabTo(has('button', 'Set away'));
    await page.keyboard.press('Enter');
    await panel.getByRole('status').getByText('Away until further notice.').waitFor();
    await page.getByText('Skipped: Eli Brandt is away').waitFor();
    await press(panel, 'Back now');
    await panel.getByRole('status').getByText('Back.').waitFor();
  });
});

test('a weight is changed in place and the promise follows; caps and time off too; what is refused says why', async () => {
  const { pool } = database;
  await on('manager', '/team?rep=3', async (page, { complaints }) => {
    const panel = page.getByRole('article', { name: 'Eli Brandt' });
    await panel.getByText('Promised 9 % of the team’s leads.').waitFor();
    await panel.getByLabel('Weight, 100 is a full share').fill('100');
    await press(panel, 'Save weight');
    await panel.getByText('Promised 17 % of the team’s leads.').waitFor();
    expect((await pool.query('select weight from team_member where rep_id = 3')).rows[0].weight).toBe(100);
    await panel.getByLabel('Open at once').fill('3');
    await panel.getByLabel('New a week').fill('25');
    await press(panel, 'Save caps');
    await page.getByText('Skipped: Eli Brandt has 3 of at most 3 open leads').waitFor();
    expect(await member(page, 'Eli Brandt').innerText()).toContain('Full');
    expect(JSON.parse((await pool.query('select caps from rep where id = 3')).rows[0].caps)).toEqual({
      open: 3,
      perWeek: 25,
    });
    await panel.getByLabel('First day').fill('2031-03-03');
    await panel.getByLabel('Last day', { exact: true }).fill('2031-03-07');
    await press(panel, 'Enter');
    await press(panel, 'Take back 3 Mar 2031 to 7 Mar 2031');
    await panel.getByText('None entered.').waitFor();
    await panel.getByLabel('First day').fill('2031-03-07');
    await panel.getByLabel('Last day', { exact: true }).fill('2031-03-03');
    await press(panel, 'Enter');
    await panel.getByText('Time off ends after it begins').waitFor();
    expect(complaints.length).toBe(1);
    (complaints as string[]).length = 0;
  });
});

test('a rep changes their own availability and nothing else; marketing changes nothing', async () => {
  await on('rep', '/team?rep=6', async (page) => {
    const own = page.getByRole('article', { name: BEN });
    await press(own, 'Set away…');
    await own.getByLabel('Last day away').fill(dayIn(40));
    await press(own, 'Set away');
    await own.getByRole('status').getByText('Away until ').waitFor();
    await press(own, 'I am back');
    await own.getByText('You are not away.').waitFor();
    expect(await own.getByRole('button', { name: /^Save/ }).count()).toBe(0);
    expect(await own.getByRole('combobox').count()).toBe(0);
    await page.getByRole('link', { name: DANA }).click();
    const other = page.getByRole('article', { name: DANA });
    await other.waitFor();
    expect(await other.getByRole('button').allInnerTexts()).toEqual(['']);
  });
  await on('marketing', '/team?rep=6', async (page) => {
    const other = page.getByRole('article', { name: BEN });
    await other.waitFor();
    expect(await other.getByRole('button').allInnerTexts()).toEqual(['']);
  });
});

test('the next 20 leads are played as a picture and, lead by lead, as a table that says the same; nothing is assigned', async () => {
  const { pool } = database;
  const ledger = () => pool.query('select * from ledger order by team_id, intent').then(({ rows }) => rows);
  const before = await ledger();
  await on('manager', '/team', async (page) => {
    await press(page, 'Simulate next 20');
    await page.waitForURL('**/team?simulate=true');
    const panel = page.getByRole('article', { name: 'Simulate the next 20 leads' });
    const names = await panel.locator('tbody td:nth-child(2)').allInnerTexts();
    expect(names).toHaveLength(20);
    expect(names[0]).toBe(DANA);
    const list = panel.getByRole('list', { name: 'Leads by rep' }).getByRole('listitem');
    expect(await list.count()).toBe(6);
    for (const row of await list.all()) {
      const text = await row.innerText();
      const name = text.split('\n')[0] ?? '';
      const got = names.filter((each) => each === name).length;
      expect(await row.locator('rect').count()).toBe(got);
      expect(text).toMatch(new RegExp(`\\b${got}\\b`));
    }
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Standard intent' }).click();
    await page.waitForURL('**/team?intent=standard');
    await page.getByRole('heading', { name: /next standard-intent lead/ }).waitFor();
  });
  expect(await ledger()).toEqual(before);
});

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1440, 320]) {
    test(`axe finds nothing on the team, a rep and the simulation, ${theme}, ${width} px wide, and nothing sticks out`, async () => {
      await on(
        'manager',
        '/team',
        async (page) => {
          for (const [path, text] of [
            ['/team', 'Why not the others'],
            ['/team?rep=4', 'Availability'],
            ['/team?simulate=true', 'Simulate the next 20 leads'],
          ] as const) {
            await page.goto(`${server.url}${path}`);
            await page.getByRole('heading', { name: text }).waitFor();
            if (path.includes('rep='))
              await page.getByRole('list', { name: 'Time off' }).getByRole('listitem').waitFor();
            await expectNoAxeFindings(page);
            await expectNoSidewaysScroll(page);
          }
        },
        { theme, width },
      );
    });
  }
}

/** The team's page: who is next and why, away and back, weights, simulation. In a real browser over the real server. */
import { randomUUID } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
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
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
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

test('the page follows the leads that come in, and somebody away with a cover hands over what they have', async () => {
  const company = await createTestDatabase();
  const running = await start(company);
  const { pool } = company;
  try {
    const { key } = await prepareCompany(company.connection);
    const { page, context } = await enterAs(browser, running, ['sales-manager'], '/team');
    await page.getByRole('heading', { name: 'Ana gets the next high-intent lead' }).waitFor();
    const lead = { userId: 'u1', traits: { email: 'priya@northwind.example', name: 'Priya Nair' } };
    const batch = [
      { type: 'identify', messageId: 'i1', ...lead },
      { type: 'track', event: 'Demo Requested', messageId: 't1', userId: 'u1', properties: { form: '/demo' } },
    ];
    const answer = await fetch(`${running.url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ batch }),
    });
    expect(answer.status).toBe(200);
    await page.getByRole('heading', { name: 'Ben gets the next high-intent lead' }).waitFor({ timeout: 10_000 });
    expect(await member(page, 'Ana').innerText()).toContain('−0.80');

    await page.getByRole('link', { name: 'Ana', exact: true }).click();
    const panel = page.getByRole('article', { name: 'Ana' });
    await panel.getByText('Available, 0.80 leads ahead of their share, 1 open').waitFor();
    await press(panel, 'Set away…');
    expect(await panel.getByRole('radio', { name: /nobody is named as cover/ }).isDisabled()).toBe(true);
    await panel.getByRole('combobox', { name: 'Cover' }).selectOption('Eli');
    await panel.getByLabel('Eli takes them').check();
    await press(panel, 'Set away');
    await panel.getByRole('status').getByText('1 open handoff decided anew.').waitFor();
    await panel.getByText(/0 open$/).waitFor();
    await expect.poll(() => member(page, 'Eli').innerText()).toMatch(/\b1\b/);
    const owner = await pool.query('select rep.name from handoff join rep on rep.id = owner_id');
    expect(owner.rows).toEqual([{ name: 'Eli' }]);
    await context.close();
  } finally {
    await running.stop();
    await company.drop();
  }
});

test('without a team the page says what one is for; what fails says what is safe and is tried again', async () => {
  const company = await createTestDatabase();
  const running = await start(company);
  try {
    for (const [roles, text] of [
      [['sales-manager'], 'baton team add inbound'],
      [['marketing'], 'An admin or a sales manager can make one.'],
    ] as const) {
      const { page, context, complaints } = await enterAs(browser, running, roles, '/team');
      await page.getByRole('heading', { name: 'There is no team yet.' }).waitFor();
      await page.getByText(text).waitFor();
      await expectNoAxeFindings(page);
      expect(complaints).toEqual([]);
      await context.close();
    }
  } finally {
    await running.stop();
    await company.drop();
  }
  await on('manager', '/team?team=nowhere', async (page, { complaints }) => {
    await page.getByText('There is no team “nowhere”.').waitFor();
    await page.getByLabel('Team', { exact: true }).selectOption('DACH');
    await page.waitForURL('**/team?team=dach');
    await page.getByRole('list', { name: 'Members' }).waitFor();

    let status = 403;
    const code = { 403: 'forbidden', 404: 'not_found' };
    await page.route('**/api/v1/teams?*', (route) =>
      route.fulfill({
        status,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: 'about:blank',
          title: 'No',
          status,
          code: code[status as 403],
          detail: 'No.',
          requestId: 'r1',
        }),
      }),
    );
    await page.reload();
    await page.getByRole('heading', { name: 'Your roles do not reach here.' }).waitFor();
    await expectNoAxeFindings(page);
    status = 404;
    await page.reload();
    await page.getByText('The team could not be read.').waitFor();
    await expectNoAxeFindings(page);
    await page.unroute('**/api/v1/teams?*');
    await press(page, 'Try again');
    await page.getByRole('list', { name: 'Members' }).waitFor();
    expect(complaints.every((each) => /status of 40[34]/.test(each))).toBe(true);
    (complaints as string[]).length = 0;
  });
});

test('while the team is read the page says so, and shows what it will look like', async () => {
  await on('manager', '/team', async (page) => {
    await page.getByRole('list', { name: 'Members' }).waitFor();
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.route('**/api/v1/teams?*', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await page.getByRole('status').getByText('Reading the team').waitFor({ state: 'attached' });
    expect(await page.getByRole('main').getAttribute('aria-busy')).toBe('true');
    go();
    await page.getByRole('list', { name: 'Members' }).waitFor();
  });
});

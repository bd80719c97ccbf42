/** What reps do with a handoff on the page: each verb by its key, undone, refused, and told honestly. In a real browser. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signIn } from '../apps/server/src/access/accountFixture.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { expectNoAxeFindings, expectNoSidewaysScroll, launch } from './web/browser.ts';
import { buildWeb, rowOf, start } from './web/onPage.ts';

/** Leads are offered first; bad fit asks which part, unreachable only after two attempts. */
const POLICY = readFileSync(new URL('../policies/demo-request-only.yaml', import.meta.url), 'utf8')
  .replace('to: { team: inbound } }', 'to: { team: inbound }, accept: { by: rep, within: 30m, max-offers: 3 } }')
  .replace(
    'bad-fit:     { status: unqualified, back-to: lead }',
    'bad-fit: { status: unqualified, back-to: lead, ask: [size, industry] }\n    unreachable: { status: unqualified, back-to: lead, after-attempts: 2 }',
  );

let browser: Browser;
let database: TestDatabase;
let server: RunningServer;
let key: string;
let sent = 0;

beforeAll(async () => {
  await buildWeb();
  browser = await launch();
  database = await createTestDatabase();
  server = await start(database);
  ({ key } = await prepareCompany(database.connection, POLICY));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await database.drop();
});

type Lead = { readonly id: number; readonly ownerId: number; readonly name: string };
let lead: Lead;

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Each test has a lead of its own, offered to somebody. */
beforeEach(async () => {
  sent += 1;
  const [userId, name] = [`u${sent}`, `Priya Nair ${sent}`];
  const traits = { email: `priya@lead${sent}.example`, name, title: 'VP Operations' };
  const batch = [
    { type: 'identify', userId, messageId: `i${sent}`, traits },
    { type: 'track', event: 'Demo Requested', userId, messageId: `t${sent}`, properties: { form: '/demo' } },
  ];
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
  const find = async () =>
    (
      await database.pool.query<{ id: number; owner_id: number; name: string }>(
        `select h.id, h.owner_id, $2 as name from handoff h join identity_key k on k.contact_id = h.contact_id
         where k.kind = 'email' and k.value = $1 and h.status = 'offered'`,
        [traits.email, name],
      )
    ).rows[0];
  await expect.poll(find, { timeout: 15_000 }).toBeDefined();
  const found = await find();
  lead = { id: Number(found?.id), ownerId: Number(found?.owner_id), name };
});

const statusOf = async (id: number): Promise<string | undefined> =>
  (await database.pool.query<{ status: string }>('select status from handoff where id = $1', [id])).rows[0]?.status;

const ownerOf = async (id: number): Promise<number> =>
  Number(
    (await database.pool.query<{ id: number }>('select owner_id as id from handoff where id = $1', [id])).rows[0]?.id,
  );

const REPS = ['ana', 'ben', 'cy', 'dana', 'eli'];

type Choice = { readonly width?: number; readonly theme?: 'light' | 'dark'; readonly as?: 'owner' | 'other' };

/** Opens the lead as its owner, or as a colleague; expects that the page has nothing to complain of but `allows`. */
const onLead = async (
  choice: Choice,
  run: (page: Page, context: BrowserContext) => Promise<void>,
  allows: RegExp = /^$/,
): Promise<void> => {
  const { rows } = await database.pool.query<{ id: number; email: string; account: string | null }>(
    `select r.id, r.email, a.id as account from rep r left join account a on a.email = r.email order by r.id`,
  );
  const rep = rows.find(({ id }) => (Number(id) === lead.ownerId) === (choice.as !== 'other'));
  if (rep?.account != null) await database.pool.query('delete from account where id = $1', [rep.account]);
  const { headers } = await signIn(database, choice.as === 'other' ? ['rep', 'sales-manager'] : ['rep'], {
    email: rep?.email ?? '',
    name: REPS[Number(rep?.id) - 1] ?? '',
  });
  const [name = '', value = ''] = (headers['cookie'] ?? '').split('=');
  const context = await browser.newContext({
    viewport: { width: choice.width ?? 1440, height: 900 },
    colorScheme: choice.theme ?? 'light',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !allows.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${server.url}/handoffs/${lead.id}`);
  await bar(page).waitFor();
  try {
    await run(page, context);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
};

const bar = (page: Page) => page.getByRole('region', { name: 'What you can do' });
const button = (page: Page, name: string) => bar(page).getByRole('button', { name });
const toasts = (page: Page) => page.getByRole('region', { name: 'What was just done' }).getByRole('listitem');

test('1 accepts, the row and the pane say so, and Z takes it back', async () => {
  await onLead({}, async (page) => {
    await page.keyboard.press('1');
    await toasts(page).filter({ hasText: 'Accepted' }).waitFor();
    expect(await statusOf(lead.id)).toBe('open');
    await expect.poll(() => rowOf(page, lead.name).innerText()).toContain('Accepted');
    await expect.poll(() => button(page, 'Accept').getAttribute('aria-disabled')).toBe('true');
    expect(await button(page, 'Accept').getAttribute('title')).toMatch(/accepted/);
    await page.keyboard.press('1');
    await bar(page)
      .getByRole('status')
      .filter({ hasText: /accepted/ })
      .waitFor();
    await page.keyboard.press('z');
    await toasts(page).filter({ hasText: 'Undone' }).waitFor();
    expect(await statusOf(lead.id)).toBe('offered');
    await expect.poll(() => rowOf(page, lead.name).innerText()).toContain('Offered');
    await expect.poll(() => button(page, 'Accept').getAttribute('aria-disabled')).toBe('false');
  });
});

test('2 and two digits log a contact, by keyboard alone, with a note and a next step', async () => {
  await onLead({}, async (page) => {
    await page.keyboard.press('2');
    const dialog = page.getByRole('dialog', { name: /Log a contact/ });
    await dialog.waitFor();
    await expectNoAxeFindings(page);
    await page.keyboard.press('1');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('outcome');
    await page.keyboard.press('2');
    await expect.poll(() => dialog.getByRole('button', { name: 'Log voicemail' }).isEnabled()).toBe(true);
    await dialog.getByLabel(/^Note/).fill('asked for Friday');
    await dialog.getByLabel(/^Next step/).fill('Call again');
    await dialog.getByLabel('Due').fill('2027-01-15T10:00');
    await page.keyboard.press('Enter');
    await toasts(page).filter({ hasText: 'Logged call, voicemail' }).waitFor();
    expect(await statusOf(lead.id)).toBe('working');
    const { rows } = await database.pool.query<{ title: string; due_at: number }>(
      'select title, due_at from task where handoff_id = $1 and how is null',
      [lead.id],
    );
    expect(rows).toEqual([{ title: 'Call again', due_at: Date.parse('2027-01-15T09:00:00Z') }]);
    await expect.poll(() => rowOf(page, lead.name).innerText()).toContain('Tried');
  });
});

test('3 asks for a reason of the policy and its parts; what can’t be given yet says why', async () => {
  await onLead({}, async (page) => {
    await page.keyboard.press('3');
    const dialog = page.getByRole('dialog', { name: /Reject/ });
    await dialog.waitFor();
    expect(await dialog.getByRole('button', { name: 'Choose a reason' }).isDisabled()).toBe(true);
    expect(await dialog.getByRole('radio', { name: /Unreachable/ }).isDisabled()).toBe(true);
    await dialog.getByText('unreachable asks for 2 attempts; there were 0').waitFor();
    await page.keyboard.press('2');
    await dialog.getByLabel('Industry').check();
    await dialog.getByLabel(/What marketing should know/).fill('two people');
    await expectNoAxeFindings(page);
    await dialog.getByRole('button', { name: 'Reject: bad fit' }).click();
    await toasts(page).filter({ hasText: 'Rejected for bad fit' }).waitFor();
    expect(await statusOf(lead.id)).toBe('rejected');
    await page.getByText('bad-fit (industry: two people)').first().waitFor();
    await expect.poll(() => rowOf(page, lead.name).innerText()).toContain('Returned');
    await toasts(page).getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => statusOf(lead.id)).toBe('offered');
  });
});

test('H puts it off until a date; Esc leaves all as it was and the focus where it was', async () => {
  await onLead({}, async (page) => {
    await button(page, 'Bad timing').focus();
    await page.keyboard.press('h');
    const dialog = page.getByRole('dialog', { name: /Bad timing/ });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await statusOf(lead.id)).toBe('offered');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Bad timing');
    await page.keyboard.press('h');
    await page.keyboard.press('1');
    await expect.poll(() => dialog.getByRole('button', { name: /^Put off until Mon/ }).isEnabled()).toBe(true);
    await page.keyboard.press('Enter');
    await toasts(page).filter({ hasText: 'Put off until Mon' }).waitFor();
    expect(await statusOf(lead.id)).toBe('parked');
    await expect.poll(() => rowOf(page, lead.name).innerText()).toContain('Bad timing');
  });
});

test('B hands it back to the next with a reason; A and part of a name give it to somebody, and Z takes that back', async () => {
  await onLead(
    {},
    async (page) => {
      await page.keyboard.press('a');
      await bar(page).getByRole('status').filter({ hasText: 'Your roles may not assign' }).waitFor();
      await page.keyboard.press('b');
      await page.getByRole('dialog', { name: /Hand back/ }).waitFor();
      await page.keyboard.type('in a workshop');
      await expectNoAxeFindings(page);
      await page.keyboard.press('Enter');
      await toasts(page).filter({ hasText: 'Handed back' }).waitFor();
      expect(await ownerOf(lead.id)).not.toBe(lead.ownerId);
      await page.getByText('is not among yours any more').waitFor();
      expect(await rowOf(page, lead.name).count()).toBe(0);
      await expect.poll(() => toasts(page).getByRole('button', { name: /^Undo/ }).count()).toBe(0);
    },
    /404/,
  );
  const given = await ownerOf(lead.id);
  await onLead({ as: 'other' }, async (page) => {
    const to = REPS.findIndex((_, index) => index + 1 !== given && index + 1 !== lead.ownerId);
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: /Assign/ });
    await dialog.waitFor();
    await page.keyboard.type(REPS[to] ?? '');
    await dialog.getByRole('button', { name: new RegExp(`Assign to ${REPS[to]}`, 'i') }).waitFor();
    await expectNoAxeFindings(page);
    await page.keyboard.press('Enter');
    await toasts(page).filter({ hasText: 'Assigned to' }).waitFor();
    expect(await ownerOf(lead.id)).toBe(to + 1);
    await page.keyboard.press('z');
    await toasts(page).filter({ hasText: 'Undone' }).waitFor();
    expect(await ownerOf(lead.id)).toBe(given);
  });
});

test('a race is lost honestly: the row goes back to the truth, and who was first is named', async () => {
  await onLead(
    {},
    async (page) => {
      // what the page shows is old by the time that one presses
      await page.route(`**/api/v1/handoffs/${lead.id}/accept`, async (route) => {
        expect((await post(`/api/v1/handoffs/${lead.id}/accept`, { as: lead.ownerId })).status).toBe(200);
        await route.continue();
      });
      await page.keyboard.press('1');
      const told = toasts(page).filter({ hasText: 'Not accepted' });
      await told.waitFor();
      const owner = REPS[lead.ownerId - 1] ?? '';
      expect((await told.innerText()).toLowerCase()).toContain(`accepted by ${owner}`);
      expect(await told.getByRole('button', { name: 'Retry' }).count()).toBe(0);
      await expect.poll(() => rowOf(page, lead.name).innerText()).toContain('Accepted');
    },
    /409/,
  );
});

test('with no answer the page takes it back, says that it can’t know, and a retry does it once', async () => {
  await onLead(
    {},
    async (page) => {
      let tries = 0;
      await page.route(`**/api/v1/handoffs/${lead.id}/accept`, async (route) => {
        tries += 1;
        if (tries > 1) return route.continue();
        // it happens, but its answer is lost
        await route.fetch();
        return route.abort();
      });
      await page.keyboard.press('1');
      const told = toasts(page).filter({ hasText: 'may or may not have happened' });
      await told.waitFor();
      await told.getByRole('button', { name: 'Retry' }).click();
      await toasts(page)
        .filter({ hasText: /^Accepted/ })
        .waitFor();
      expect(await statusOf(lead.id)).toBe('open');
      const { rows } = await database.pool.query(
        `select 1 from decision where outcome = 'accepted' and by like 'rep:%'
        and contact_id = (select contact_id from handoff where id = $1)`,
        [lead.id],
      );
      expect(rows.length).toBeLessThanOrEqual(1);
    },
    /ERR_FAILED/,
  );
});

test('a dot says that it is not confirmed yet, and a second press does nothing', async () => {
  await onLead({}, async (page) => {
    let asked = 0;
    let go = (): void => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.route(`**/api/v1/handoffs/${lead.id}/accept`, async (route) => {
      asked += 1;
      await held;
      await route.continue();
    });
    await page.keyboard.press('1');
    await rowOf(page, lead.name).locator('[data-pending]').waitFor();
    expect(await rowOf(page, lead.name).innerText()).toContain('Accepted');
    await page.keyboard.press('1');
    expect(asked).toBe(1);
    expect(await statusOf(lead.id)).toBe('offered');
    go();
    await toasts(page).filter({ hasText: 'Accepted' }).waitFor();
    expect(await page.locator('[data-pending]').count()).toBe(0);
    expect(asked).toBe(1);
  });
});

test('whose it is not, is told why not and by name; keys do nothing but say so', async () => {
  await onLead({ as: 'other' }, async (page) => {
    const owner = REPS[lead.ownerId - 1] ?? '';
    await expect.poll(async () => (await bar(page).innerText()).toLowerCase()).toContain(`it is ${owner}’s`);
    for (const name of ['Accept', 'Log contact', 'Reject', 'Bad timing'])
      expect(await button(page, name).getAttribute('aria-disabled'), name).toBe('true');
    await page.keyboard.press('3');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await bar(page).getByRole('status').filter({ hasText: 'Reject: it is' }).waitFor();
    await expectNoAxeFindings(page);
  });
});

test.each(['light', 'dark'] as const)('at 320 px in %s it fits, is clean, and works by pointer', async (theme) => {
  await onLead({ width: 320, theme }, async (page) => {
    await expectNoSidewaysScroll(page);
    await expectNoAxeFindings(page);
    for (const [verb, title] of [
      ['Log contact', /Log a contact/],
      ['Reject', /Reject/],
      ['Bad timing', /Bad timing/],
    ] as const) {
      await button(page, verb).click();
      const dialog = page.getByRole('dialog', { name: title });
      await dialog.waitFor();
      await expectNoAxeFindings(page);
      await expectNoSidewaysScroll(page);
      if (process.env['SHOTS'] !== undefined)
        await page.screenshot({ path: `${process.env['SHOTS']}/320-${theme}-${verb.replace(' ', '-')}.png` });
      await dialog.getByRole('button', { name: 'Close, change nothing' }).click();
      await dialog.waitFor({ state: 'hidden' });
    }
    await button(page, 'Accept').click();
    await toasts(page).filter({ hasText: 'Accepted' }).waitFor();
    await expectNoAxeFindings(page);
    await expectNoSidewaysScroll(page);
    if (process.env['SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['SHOTS']}/320-${theme}-done.png` });
  });
});

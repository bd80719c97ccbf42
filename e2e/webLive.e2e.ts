/** Leads arrive on the live page: in a real browser, over the real server and a real PostgreSQL. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSignInLink } from '../apps/server/src/access/signIn.ts';
import { publishPolicy } from '../apps/server/src/agreement/publishPolicy.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { expectNoAxeFindings, launch, visit } from './web/browser.ts';
import { buildWeb, onPage, rowOf, start } from './web/onPage.ts';

const LIVE_MS = 2_000;

let browser: Browser;
beforeAll(async () => {
  await buildWeb();
  browser = await launch();
});
afterAll(() => browser.close());

describe('a company whose leads arrive', () => {
  let database: TestDatabase;
  let server: RunningServer;
  let key: string;
  let sent = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await start(database);
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  /** Somebody of a company of their own asks for a demo, by the same call as any SDK sends. */
  const askForDemo = async (name: string): Promise<void> => {
    sent += 1;
    const [userId, at] = [`u${sent}`, `lead${sent}.example`];
    const traits = {
      email: `${name.split(' ')[0]?.toLowerCase()}@${at}`,
      name,
      title: 'VP Operations',
      phone: '+49405550142',
    };
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
  };

  test('its first page teaches: why it is empty, the demo, and an event to send, which shows up when it arrives', async () => {
    await onPage(browser, server, '/', {}, async (page) => {
      await page.getByRole('heading', { name: 'Nobody has qualified yet.' }).waitFor();
      await page.getByRole('button', { name: 'Load demo company' }).waitFor();
      await page.getByText('No policy is in force').waitFor();
      await page.getByText('Nothing yet.').waitFor();
      await page.getByRole('button', { name: 'Make a write key' }).click();
      const call = page.getByRole('region', { name: 'A call that sends two events' });
      await expect.poll(() => call.innerText()).toMatch(/-u baton_wk_\w+:/);
      await expectNoAxeFindings(page);

      const text = await call.innerText();
      const body = /-d '([\s\S]*)'/.exec(text)?.[1] ?? '';
      const answer = await fetch(`${server.url}/v1/batch`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(/-u (\S+)/.exec(text)?.[1] ?? '')}`,
          'content-type': 'application/json',
        },
        body,
      });
      expect(await answer.json()).toMatchObject({ success: true });
      await page.getByText('jo@northwind.example').last().waitFor({ timeout: 5_000 });
    });
    ({ key } = await prepareCompany(database.connection));
  });

  test('a handoff is on the page within two seconds of its event, and opens with its reasons', async () => {
    await onPage(browser, server, '/', {}, async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      const began = performance.now();
      await askForDemo('Priya Nair');
      await rowOf(page, 'Priya Nair').waitFor({ timeout: LIVE_MS });
      expect(performance.now() - began).toBeLessThan(LIVE_MS);
      const text = await rowOf(page, 'Priya Nair').innerText();
      expect(text).toContain('due ');
      expect(text).toMatch(/Asked for a demo/);
      expect(text).toMatch(/Ana|Ben|Cy|Dana|Eli/);

      await rowOf(page, 'Priya Nair').click();
      const detail = page.getByRole('article', { name: 'Handoff of Priya Nair' });
      await detail.getByRole('heading', { name: 'Why qualified' }).waitFor();
      const criterion = detail.getByRole('row', { name: /asked for a demo/i });
      expect(await criterion.innerText()).toMatch(/Met/);
      expect(await criterion.innerText()).toMatch(/Demo requested/);
      await detail.getByRole('heading', { name: /and why not the others/ }).waitFor();
      for (const rep of ['Ana', 'Ben', 'Cy', 'Dana', 'Eli'])
        await detail.getByText(rep, { exact: true }).first().waitFor();
      await detail.getByRole('heading', { name: 'Facts' }).waitFor();
      await detail.getByText('VP Operations').first().waitFor();
      await detail.getByRole('heading', { name: 'Timeline' }).waitFor();
      await page.keyboard.press('w');
      const trace = detail.getByRole('region', { name: 'The trace as JSON' });
      expect(JSON.parse(await trace.innerText())).toMatchObject({ evaluation: { verdict: 'met' } });
    });
  });

  test('rows never move under the pointer: new ones wait behind a pill until they are asked for', async () => {
    await onPage(browser, server, '/', {}, async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      const first = rowOf(page, 'Priya Nair');
      await first.hover();
      const before = await first.boundingBox();
      await askForDemo('Tom Ek');
      await askForDemo('Lea Roth');
      const pill = page.getByRole('button', { name: '2 new' });
      await pill.waitFor({ timeout: LIVE_MS });
      expect(await first.boundingBox()).toEqual(before);
      expect(await rowOf(page, 'Tom Ek').count()).toBe(0);
      await pill.click();
      await rowOf(page, 'Tom Ek').waitFor();
      await rowOf(page, 'Lea Roth').waitFor();
      expect(await page.locator('[data-row]').first().innerText()).toContain('Lea Roth');
    });
  });

  test('an open detail follows what happens to it, in a second tab that shares the stream', async () => {
    await onPage(browser, server, '/', {}, async (page, { context }) => {
      await rowOf(page, 'Tom Ek').click();
      await page.getByText('Promise ends: first contact').waitFor();
      const second = await context.newPage();
      await second.goto(page.url());
      await second.getByText('Promise ends: first contact').waitFor();
      const id = Number(/handoffs\/(\d+)/.exec(page.url())?.[1]);
      const answer = await fetch(`${server.url}/api/v1/handoffs/${id}/log-contact`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ as: await ownerOf(id), channel: 'call', outcome: 'connected' }),
      });
      expect(answer.status, await answer.text()).toBe(200);
      for (const tab of [page, second]) {
        await tab.getByText('Next step is owed').waitFor({ timeout: LIVE_MS });
        await expect.poll(() => rowOf(tab, 'Tom Ek').innerText()).toMatch(/Connected|In progress/);
      }
    });
  });

  const ownerOf = async (id: number): Promise<number | undefined> =>
    (await database.pool.query<{ owner_id: number }>('select owner_id from handoff where id = $1', [id])).rows[0]
      ?.owner_id;

  test('a lost link says since when, and what happened meanwhile is told when it is back', async () => {
    const visited = await visit(browser, server, '/', {});
    const { page } = visited;
    await page.getByText('Live', { exact: true }).waitFor();
    const port = new URL(server.url).port;
    await server.stop();
    await page.getByText(/Live paused \d\d:\d\d/).waitFor({ timeout: 15_000 });
    expect(await page.getByText('retrying').count()).toBe(1);
    expect(await rowOf(page, 'Priya Nair').count()).toBe(1);
    server = await start(database, port);
    await askForDemo('Hanna Vogt');
    await rowOf(page, 'Hanna Vogt').waitFor({ timeout: 15_000 });
    await page.getByText('Live', { exact: true }).waitFor();
    await visited.context.close();
  });

  test('a read that fails says what is safe and can be tried again', async () => {
    const visited = await visit(browser, server, '/', {});
    const { page } = visited;
    await page.route('**/api/v1/handoffs?*', (route) => route.abort());
    await page.reload();
    const alert = page.getByRole('alert');
    await alert.waitFor({ timeout: 15_000 });
    expect(await alert.innerText()).toContain('The handoffs could not be read.');
    expect(await alert.innerText()).toContain('Nothing is lost');
    await expectNoAxeFindings(page);
    await page.unroute('**/api/v1/handoffs?*');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await rowOf(page, 'Priya Nair').waitFor();
    await visited.context.close();
  });

  test('a policy that one person signed for both teams is called so on the page, at any width', async () => {
    const { rows } = await database.pool.query<{ id: number }>('select max(version_id) as id from policy_active');
    const versionId = rows[0]?.id as number;
    const published = await publishPolicy(database.pool, { versionId, by: 'Mia', mode: 'single-signer' });
    expect(published.ok).toBe(true);
    await onPage(browser, server, '/', { width: 320 }, async (page) => {
      await page.getByText('one person signed').waitFor();
      await expectNoAxeFindings(page);
    });
    expect((await publishPolicy(database.pool, { versionId, by: 'Mia' })).ok).toBe(true);
    await onPage(browser, server, '/', {}, async (page) => {
      await rowOf(page, 'Priya Nair').waitFor();
      expect(await page.getByText('one person signed').count()).toBe(0);
    });
  });

  test('a link that was used opens the page for whoever is signed in, and for nobody else', async () => {
    const { page, context } = await visit(browser, server, '/', {});
    const { token } = await createSignInLink(server.pool);
    const link = `${server.url}/?key=${token}`;
    await page.goto(link);
    await page.goto(link);
    await rowOf(page, 'Priya Nair').waitFor();
    const stranger = await browser.newContext();
    const other = await stranger.newPage();
    await other.goto(link);
    await other.getByRole('heading', { name: 'Sign in to Baton' }).waitFor();
    await stranger.close();
    await context.close();
  });

  test('without a session the page says how to get one', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.url}/`);
    await page.getByRole('heading', { name: 'Sign in to Baton' }).waitFor();
    await expectNoAxeFindings(page);
    await context.close();
  });
});

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectSound, startTestServer, type TestServer } from './badInputs/testServer.ts';
import { launch } from './web/browser.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => expectSound(server));
afterAll(() => server.stop());

type Kept = {
  readonly type: string;
  readonly name: string;
  readonly trust: string;
  readonly properties: Record<string, unknown>;
};

/** The events of the person whom a key names, merged profiles included, in the order in which they were sent. */
const eventsOf = async (kind: 'user' | 'email', value: string): Promise<readonly Kept[]> => {
  const found = await server.database.pool.query<Kept & { properties: string }>(
    `with person as (
       select coalesce(r.survivor_id, k.contact_id) as id from identity_key k
       left join contact_redirect r on r.contact_id = k.contact_id where k.kind = $1 and k.value = $2
     )
     select type, name, trust, properties from event
     where contact_id in (select id from person union select contact_id from contact_redirect where survivor_id in (select id from person))
     order by effective_at, recorded_at, key`,
    [kind, value],
  );
  return found.rows.map((row) => ({ ...row, properties: JSON.parse(row.properties ?? '{}') }));
};

const handoffsOf = async (
  kind: 'user' | 'email',
  value: string,
): Promise<readonly { status: string; rule_id: string }[]> =>
  (
    await server.database.pool.query<{ status: string; rule_id: string }>(
      `select h.status, h.rule_id from handoff h where h.contact_id in (
         select coalesce(r.survivor_id, k.contact_id) from identity_key k
         left join contact_redirect r on r.contact_id = k.contact_id where k.kind = $1 and k.value = $2)`,
      [kind, value],
    )
  ).rows;

test('Segment’s Node client: every call arrives, and a demo request is handed off', async () => {
  const analytics = new Analytics({ writeKey: server.secretKey, host: server.url, flushAt: 20, maxRetries: 0 });
  const errors: unknown[] = [];
  analytics.on('error', (error) => errors.push(error));
  const userId = 'segment-node';
  const at = (second: number) => new Date(Date.now() - 60_000 + second * 1_000);
  analytics.page({ userId, name: 'Pricing', properties: { url: 'https://us.example/pricing' }, timestamp: at(0) });
  analytics.screen({ userId, name: 'Home', timestamp: at(1) });
  analytics.identify({
    userId,
    traits: { email: 'node@segment.example', firstName: 'Nora', company: { name: 'Segment Co' } },
    timestamp: at(2),
  });
  analytics.group({ userId, groupId: 'g-segment', traits: { name: 'Segment Co', employees: 250 }, timestamp: at(3) });
  analytics.alias({ userId, previousId: 'segment-node-before', timestamp: at(4) });
  analytics.track({ userId, event: 'Demo Requested', properties: { plan: 'team' }, timestamp: at(5) });
  await analytics.closeAndFlush();
  expect(errors).toEqual([]);
  const kept = await eventsOf('user', userId);
  expect(kept.map((event) => event.name)).toEqual(['page', 'screen', 'identify', 'group', 'alias', 'Demo Requested']);
  expect(kept[0]?.properties).toMatchObject({ path: '/pricing' });
  expect(await handoffsOf('user', userId)).toMatchObject([{ rule_id: 'hand-raiser' }]);
});

test('Rudder’s Node client: gzip under a wrong content type is read, and a demo request is handed off', async () => {
  const rudder = new RudderAnalytics(server.secretKey, {
    dataPlaneUrl: server.url,
    gzip: true,
    flushAt: 20,
    retryConfig: { maxRetries: 0 },
  } as never);
  const userId = 'rudder-node';
  rudder.identify({ userId, traits: { email: 'node@rudder.example' } });
  rudder.page({ userId, name: 'Docs', properties: { path: '/docs' } });
  rudder.group({ userId, groupId: 'g-rudder', traits: { name: 'Rudder Co' } });
  rudder.alias({ userId, previousId: 'rudder-node-before' });
  rudder.track({ userId, event: 'Demo Requested', properties: { from: 'rudder' } });
  await rudder.flush();
  await expect.poll(async () => (await eventsOf('user', userId)).length, { timeout: 15_000 }).toBe(5);
  const kept = await eventsOf('user', userId);
  expect(kept.map((event) => event.name).toSorted()).toEqual(['Demo Requested', 'alias', 'group', 'identify', 'page']);
  expect(await handoffsOf('user', userId)).toMatchObject([{ rule_id: 'hand-raiser' }]);
});

/** A site of its own origin that embeds Segment’s browser bundle as its customers do. */
const startSite = async (page: string): Promise<{ readonly url: string; readonly site: Server }> => {
  const bundle = join(import.meta.dirname, '../node_modules/@segment/analytics-next/dist/umd');
  const site = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    if (path.startsWith('/umd/')) {
      try {
        const file = readFileSync(join(bundle, path.slice('/umd/'.length).replaceAll('..', '')));
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(file);
      } catch {
        response.writeHead(404).end();
      }
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(site.address() as AddressInfo).port}`, site };
};

test.each(['single requests', 'batches'] as const)(
  'Segment’s browser bundle in Chromium, by %s, on a page of another origin',
  async (how) => {
    const email = `${how.replace(' ', '-')}@browser.example`;
    const batching = { deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 500 } } };
    const options = how === 'batches' ? { integrations: { 'Segment.io': batching } } : {};
    const { url, site } =
      await startSite(`<!doctype html><title>Pricing</title><script src="/umd/index.js"></script><script type="module">
    const { AnalyticsBrowser } = window.AnalyticsNext;
    const analytics = AnalyticsBrowser.load(
      { writeKey: '${server.writeKey}', cdnURL: '${server.url}' },
      ${JSON.stringify(options)},
    );
    window.analytics = analytics;
    await analytics.page('Pricing');
    await analytics.identify({ email: '${email}', firstName: 'Bea' });
    await analytics.track('Demo Requested', { plan: 'team' });
    await analytics.group('g-browser', { name: 'Browser Co' });
    document.title = 'sent';
  </script>`);
    let browser: Browser | undefined;
    try {
      browser = await launch();
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await page.goto(`${url}/pricing?utm_source=newsletter&utm_medium=email&utm_campaign=spring`);
      await page
        .waitForFunction(() => document.title === 'sent', undefined, { timeout: 15_000 })
        .catch((error: unknown) => {
          throw new Error(`${String(error)}\n${problems.join('\n')}`);
        });
      await expect.poll(async () => (await eventsOf('email', email)).length, { timeout: 15_000 }).toBe(4);
      expect(problems.filter((problem) => !problem.includes('favicon'))).toEqual([]);
    } finally {
      await browser?.close();
      site.close();
    }
    const kept = await eventsOf('email', email);
    expect(kept.map((event) => event.name).toSorted()).toEqual(['Demo Requested', 'group', 'identify', 'page']);
    expect(new Set(kept.map((event) => event.trust))).toEqual(new Set(['b']));
    expect(kept.find((event) => event.name === 'page')?.properties).toMatchObject({
      path: '/pricing',
      name: 'Pricing',
    });
    // a public key is not trusted enough for an action that hands off: the policy asks for `form`
    expect(await handoffsOf('email', email)).toEqual([]);
    const touches = await server.database.pool.query<{ touch: string }>(
      `select touch from event where touch like '%spring%'`,
    );
    expect(JSON.parse(touches.rows[0]?.touch ?? '{}')).toMatchObject({ source: 'email', campaign: 'spring' });
  },
  60_000,
);

test('a plain HTML form with our script, in Chromium: it is handed off and the visitor is sent on', async () => {
  const described = await fetch(`${server.url}/api/v1/forms`, {
    method: 'POST',
    headers: { cookie: server.cookie, 'x-baton': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'talk', name: 'Talk to us', settings: { event: 'Demo Requested' } }),
  });
  expect(described.status).toBe(200);
  const { url, site } = await startSite(`<!doctype html><title>Talk to us</title>
    <form action="${server.url}/forms/talk" method="post">
      <input name="email"><input name="first_name"><input type="hidden" name="redirect" value=""><button>Send</button>
    </form>
    <script>document.forms[0].elements.redirect.value = location.origin + '/thanks'</script>
    <script src="${server.url}/forms/talk/embed.js" defer></script>`);
  let browser: Browser | undefined;
  try {
    browser = await launch();
    const page = await browser.newPage();
    await page.goto(`${url}/talk?utm_source=x`);
    await page.waitForSelector('input[name=baton_token]', { state: 'attached' });
    await page.fill('input[name=email]', 'form@browser.example');
    await page.fill('input[name=first_name]', 'Fay');
    await page.waitForTimeout(2_100);
    await Promise.all([page.waitForURL(`${url}/thanks`), page.click('button')]);
  } finally {
    await browser?.close();
    site.close();
  }
  const aside = await server.database.pool.query('select code, detail from quarantine');
  expect(aside.rows).toEqual([]);
  expect(await eventsOf('email', 'form@browser.example')).toMatchObject([
    { name: 'Demo Requested', trust: 'f', properties: { form: 'talk' } },
  ]);
  expect(await handoffsOf('email', 'form@browser.example')).toMatchObject([{ rule_id: 'hand-raiser' }]);
}, 60_000);

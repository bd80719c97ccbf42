import { expect } from 'vitest';
import { type BadInput, variantsOf } from './catalogue.ts';
import { authOf, count, pathOf, sendCase } from './sendCase.ts';
import { ask, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

const latest = async (server: TestServer) => {
  const found = await server.database.pool.query<{ properties: string; touch: string | null; claims: string | null }>(
    `select properties, touch, claims from event where name = 'Form Submitted' order by recorded_at desc, received_at desc limit 1`,
  );
  const row = found.rows[0];
  return {
    properties: JSON.parse(row?.properties ?? '{}'),
    touch: JSON.parse(row?.touch ?? 'null'),
    claims: row?.claims ?? '',
  };
};

/** Each case of the area by its id. One address may send twenty at once, so the floods stand last. */
export const RUN_FORMS: { readonly [caseId: string]: Run } = {
  'FORM-01': async (server, bad) => {
    const { headers, text } = await sendCase(server, bad);
    expect(headers.get('content-type')).toContain('application/json');
    expect(text).not.toContain('<');
    expect((await latest(server)).properties).toMatchObject({ company: "<script>fetch('//evil')</script>" });
  },
  'FORM-02': async (server, bad) => {
    await sendCase(server, bad);
    const { properties, touch } = await latest(server);
    expect(properties.pageUrl).toBe('javascript:alert(document.domain)');
    expect(JSON.stringify(touch)).not.toContain('javascript:');
  },
  'FORM-04': async (server, bad) => {
    expect((await sendCase(server, bad)).json.code).toBe('invalid_email');
    await sendCase(server, bad, { body: JSON.stringify({ ...(bad.send.json as object), email: 'crlf@a.example' }) });
    expect((await latest(server)).claims).toContain('A Subject: hi');
  },
  'FORM-05': async (server, bad) => {
    for (const email of variantsOf(bad) as readonly string[]) {
      const { json } = await sendCase(server, bad, {
        body: JSON.stringify({ email }),
        headers: { 'content-type': 'application/json' },
      });
      expect(json.code).toBe('invalid_email');
    }
  },
  'FORM-08': async (server, bad) => {
    const before = [await count(server, 'event'), await count(server, 'quarantine'), await count(server, 'handoff')];
    expect((await sendCase(server, bad)).json.success).toBe(true);
    expect([await count(server, 'event'), await count(server, 'quarantine'), await count(server, 'handoff')]).toEqual([
      before[0],
      (before[1] ?? 0) + 1,
      before[2],
    ]);
    const shown = await ask(server, '/api/v1/quarantine?limit=1', { headers: { cookie: server.cookie } });
    expect(shown.json.rows[0]).toMatchObject({ code: 'spam_suspect', source: 'form demo' });
  },
  'FORM-11': async (server, bad) => {
    const extra = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, index) => [`extra${index}`, 'x']));
    const headers = { 'content-type': 'application/json' };
    const { json } = await sendCase(server, bad, {
      body: JSON.stringify({ email: 'x@a.example', ...extra(500) }),
      headers,
    });
    expect(json.code).toBe('too_many_fields');
    await sendCase(server, bad, { body: JSON.stringify({ email: 'x@a.example', ...extra(100) }), headers });
    expect(Object.keys((await latest(server)).properties)).toEqual(['form', 'email', 'consent']);
  },
  'FORM-13': async (server, bad) => {
    for (const visitor of ['1', '2', '0', '-1', 'x']) {
      const { text } = await sendCase(server, bad, { path: pathOf(bad, { '{visitor+1}': visitor }) });
      expect(JSON.parse(text)).toEqual({ id: 'demo', name: 'demo' });
    }
  },
  'FORM-14': async (server, bad) => {
    const answers: string[] = [];
    for (const consent of variantsOf(bad)) {
      await sendCase(server, bad, {
        body: JSON.stringify({ email: 'consent@a.example', ...(consent === null ? {} : { consent }) }),
        headers: { 'content-type': 'application/json' },
      });
      const record = (await latest(server)).properties.consent;
      expect(record).toMatchObject({
        form: 'demo',
        'form-version': expect.any(String),
        'wording-hash': expect.any(String),
        at: expect.any(Number),
      });
      answers.push(record.answer);
    }
    expect(answers).toEqual(['not-asked', 'refused', 'given']);
  },
  'FORM-10': async (server, bad) => {
    const statuses = new Map<number, number>();
    for (let sent = 0; sent < 1_000; sent += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          sendCase(server, bad, {
            body: JSON.stringify({ email: `flood${sent + index}@a.example` }),
            headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${index}` },
          }),
        ),
      );
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(statuses.get(200) ?? 0).toBeLessThanOrEqual(25);
    expect(statuses.get(429)).toBeGreaterThanOrEqual(975);
    const other = await ask(server, '/v1/track', {
      method: 'POST',
      headers: { ...authOf(server, { ...bad, as: 'ingest-key A' }) },
      body: JSON.stringify({ type: 'track', anonymousId: 'calm', event: 'Pricing Viewed' }),
    });
    expect(other.json.accepted).toBe(1);
  },
};

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { createKey } from '../../apps/server/src/access/keys.ts';
import { publishPolicy } from '../../apps/server/src/agreement/publishPolicy.ts';
import { readConfig } from '../../apps/server/src/config.ts';
import { readState } from '../../apps/server/src/handoff/storedState.ts';
import { startServer } from '../../apps/server/src/startServer.ts';
import { signVersion } from '../processes/signVersion.ts';
import { type BadInput, variantsOf } from './catalogue.ts';
import { count, sendCase } from './sendCase.ts';
import { ask, basic, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;
type Fields = Record<string, unknown>;

const POLICY = new URL('../../policies/demo-request-only.yaml', import.meta.url);
const json = { 'content-type': 'application/json' };

const send = (server: TestServer, path: string, body: unknown, key = server.secretKey, url = server.url) =>
  ask({ url }, path, {
    method: 'POST',
    headers: { authorization: basic(key) },
    body: JSON.stringify(body),
    limitMs: 15_000,
  });

/** Contacts that a key leads to, redirects followed. */
const contactOf = async (server: TestServer, kind: string, value: string): Promise<number | undefined> => {
  const found = await server.database.pool.query<{ id: number }>(
    `select coalesce(r.survivor_id, k.contact_id) as id from identity_key k
     left join contact_redirect r on r.contact_id = k.contact_id where k.kind = $1 and k.value = $2`,
    [kind, value],
  );
  return found.rows[0]?.id;
};

const stateOf = async (
  server: TestServer,
  contactId: number | undefined,
): Promise<{ facts: Fields; stage: string | null; leadStatus: string | null; ownerId: number | null }> => {
  const found = await server.database.pool.query<{ state: string }>('select state from contact where id = $1', [
    contactId,
  ]);
  return readState(found.rows[0]?.state ?? '{}');
};

const events = async (server: TestServer, where: string, values: unknown[]) =>
  (await server.database.pool.query<{ n: number }>(`select count(*) as n from event where ${where}`, values)).rows[0]
    ?.n ?? 0;

const permutationsOf = <T>(items: readonly T[]): T[][] =>
  items.length <= 1
    ? [[...items]]
    : items.flatMap((item, at) => permutationsOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));

/** Each case of the area by its id. */
export const RUN_EVENTS: { readonly [caseId: string]: Run } = {
  'EV-01': async (server, bad) => {
    const body = JSON.stringify({ messageId: 'm-dup', anonymousId: 'dup', event: 'Pricing Viewed' });
    expect((await sendCase(server, bad, { body, headers: json })).json.receipts[0].outcome).toBe('accepted');
    expect((await sendCase(server, bad, { body, headers: json })).json.receipts[0].outcome).toBe('duplicate');
    expect(await events(server, 'contact_id = $1', [await contactOf(server, 'anonymous', 'dup')])).toBe(1);
  },
  'EV-02': async (server, bad) => {
    const before = await count(server, 'quarantine');
    const body = (event: string) => JSON.stringify({ messageId: 'm-c', anonymousId: 'conflict', event });
    await sendCase(server, bad, { body: body('Pricing Viewed') });
    const second = await sendCase(server, bad, { body: body('Demo Requested') });
    expect(second.json.receipts[0]).toMatchObject({ outcome: 'quarantined', code: 'payload_conflict' });
    expect(await count(server, 'quarantine')).toBe(before + 1);
    const shown = await ask(server, '/api/v1/quarantine?limit=1', { headers: { cookie: server.cookie } });
    expect(shown.json.rows[0]).toMatchObject({ messageId: 'm-c' });
    expect(shown.json.rows[0].payload).toContain('Demo Requested');
  },
  'EV-04': async (server, bad) => {
    const { key } = await createKey(server.database.pool, { name: 'other site', kind: 'write', by: 'test' });
    const body = JSON.stringify({ messageId: 'm-x', anonymousId: 'two-sources', event: 'x' });
    for (const each of [server.writeKey, key]) {
      const { json } = await sendCase(server, bad, { body, headers: { authorization: basic(each) } });
      expect(json.accepted).toBe(1);
    }
  },
  'EV-05': async (server) => {
    const second = await startServer({
      config: readConfig({ BATON_PORT: '0' }),
      connection: server.database.connection,
    });
    try {
      const body = { messageId: 'm-race', userId: 'racer', event: 'x' };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          send(server, '/v1/track', body, server.writeKey, index % 2 === 0 ? server.url : second.url),
        ),
      );
      const outcomes = answers.map((answer) => answer.json.receipts[0].outcome as string);
      expect(outcomes.toSorted()).toEqual(['accepted', ...Array(49).fill('duplicate')]);
    } finally {
      await second.stop();
    }
  },
  'EV-07': async (server, bad) => {
    expect((await sendCase(server, bad)).json.code).toBe('identity_required');
  },
  'EV-08': async (server, bad) => {
    const { json } = await sendCase(server, bad);
    expect(json.receipts[0]).toMatchObject({ outcome: 'accepted', messageId: expect.stringMatching(/.+/) });
  },
  'EV-10': async (server, bad) => {
    for (const [index, id] of (variantsOf(bad) as readonly string[]).entries()) {
      const alone = await sendCase(server, bad, { body: JSON.stringify({ userId: id, traits: { plan: 'x' } }) });
      expect([alone.status, alone.json.code]).toEqual([422, 'identity_required']);
      const { json } = await sendCase(server, bad, {
        body: JSON.stringify({ userId: id, anonymousId: `person-${index}` }),
      });
      expect(json.receipts[0]).toMatchObject({ outcome: 'accepted', warnings: ['generic_id'] });
      expect(await contactOf(server, 'user', id)).toBeUndefined();
    }
    const people = new Set(
      await Promise.all(
        (variantsOf(bad) as readonly string[]).map((_, index) => contactOf(server, 'anonymous', `person-${index}`)),
      ),
    );
    expect(people.size).toBe(9);
  },
  'EV-11': async (server, bad) => {
    const { json } = await sendCase(server, bad);
    expect(json.receipts[0]).toMatchObject({ outcome: 'accepted', warnings: ['clock_skew'] });
    expect(await events(server, 'effective_at > received_at', [])).toBe(0);
    const due = await server.database.pool.query<{ latest: number | null }>(
      'select max(due_at) as latest from handoff_clock',
    );
    expect(due.rows[0]?.latest ?? 0).toBeLessThan(Date.parse('2030-01-01T00:00:00Z'));
  },
  'EV-13': async (server, bad) => {
    const sentAt = Date.now() + 3 * 3_600_000;
    const event = {
      ...(bad.send.json as Fields),
      anonymousId: 'skewed',
      timestamp: new Date(sentAt - 60_000).toISOString(),
      sentAt: new Date(sentAt).toISOString(),
    };
    await sendCase(server, bad, { body: JSON.stringify(event) });
    const found = await server.database.pool.query<{ late: number }>(
      'select received_at - effective_at as late from event where contact_id = $1',
      [await contactOf(server, 'anonymous', 'skewed')],
    );
    expect(Math.abs((found.rows[0]?.late ?? 0) - 60_000)).toBeLessThan(1_000);
  },
  'EV-14': async (server) => {
    const results = new Set<string>();
    for (const [index, order] of permutationsOf([0, 1, 2, 3]).entries()) {
      const anonymousId = `anon-${index}`;
      const userId = `user-${index}`;
      const at = new Date(Date.now() - 60_000).toISOString();
      const steps = [
        {
          type: 'page',
          anonymousId,
          messageId: `ev14-${index}-0`,
          timestamp: at,
          context: { page: { url: 'https://us.example/pricing' } },
        },
        { type: 'track', anonymousId, messageId: `ev14-${index}-1`, timestamp: at, event: 'Demo Requested' },
        {
          type: 'identify',
          userId,
          messageId: `ev14-${index}-2`,
          timestamp: at,
          traits: { email: `p${index}@order${index}.example`, firstName: 'P' },
        },
        { type: 'alias', userId, previousId: anonymousId, messageId: `ev14-${index}-3`, timestamp: at },
      ];
      const { json } = await send(server, '/v1/batch', { batch: order.map((at) => steps[at]) });
      expect(json.accepted).toBe(4);
      const contact = await contactOf(server, 'user', userId);
      expect(await contactOf(server, 'anonymous', anonymousId)).toBe(contact);
      const handoffs = await server.database.pool.query<{ status: string; rule_id: string }>(
        'select status, rule_id from handoff where contact_id = $1',
        [contact],
      );
      const { stage } = await stateOf(server, contact);
      results.add(JSON.stringify([stage, handoffs.rows]));
    }
    expect([...results]).toHaveLength(1);
    expect([...results][0]).toContain('hand-raiser');
  },
  'EV-16': async (server, bad) => {
    await send(server, '/v1/identify', { userId: 'mass', traits: { email: 'mass@corp16.example' } });
    const before = await stateOf(server, await contactOf(server, 'user', 'mass'));
    const { json } = await sendCase(server, bad, {
      body: JSON.stringify({ ...(bad.send.json as Fields), userId: 'mass' }),
    });
    expect(json.receipts[0].warnings).toContain('field_not_writable');
    const after = await stateOf(server, await contactOf(server, 'user', 'mass'));
    expect([after.ownerId, after.stage, after.leadStatus]).toEqual([before.ownerId, before.stage, before.leadStatus]);
    expect(Object.keys(after.facts).join()).not.toMatch(/owner|score|lifecycle|status|tenant/);
  },
  'EV-17': async (server, bad) => {
    const traits = { email: 'ceo@bigco.example', phone: '+49 30 1234567', company: { name: 'BigCo' } };
    await send(server, '/v1/identify', { userId: 'ceo', traits });
    await sendCase(server, bad);
    const { facts } = await stateOf(server, await contactOf(server, 'user', 'ceo'));
    expect(facts['contact.phone']).toMatchObject({ value: '+49 30 1234567', trust: 'server' });
    const claims = await server.database.pool.query<{ trust: string; claims: string }>(
      `select trust, claims from event where claims like '%900-EVIL%'`,
    );
    expect(claims.rows).toMatchObject([{ trust: 'b' }]);
  },
  'EV-19': async (server, bad) => {
    for (const [previousId, userId] of [
      ['cyc-a', 'cyc-b'],
      ['cyc-b', 'cyc-c'],
      ['cyc-c', 'cyc-a'],
    ]) {
      await sendCase(server, bad, {
        body: JSON.stringify({ previousId, userId }),
        headers: { authorization: basic(server.secretKey) },
      });
    }
    const ids = await Promise.all(['cyc-a', 'cyc-b', 'cyc-c'].map((id) => contactOf(server, 'user', id)));
    expect(ids.every((id) => id !== undefined)).toBe(true);
    const chained = await server.database.pool.query<{ n: number }>(
      `select count(*) as n from contact_redirect a join contact_redirect b on b.contact_id = a.survivor_id`,
    );
    expect(chained.rows[0]?.n).toBe(0);
  },
  'EV-20': async (server) => {
    const before = await count(server, 'handoff');
    const view = (index: number) => ({
      type: 'page',
      anonymousId: 'flood',
      messageId: `flood-${index}`,
      context: { page: { url: 'https://us.example/pricing' } },
    });
    const batches = Array.from({ length: 20 }, (_, batch) =>
      Array.from({ length: 500 }, (_, index) => view(batch * 500 + index)),
    );
    const answers = await Promise.all(batches.map((batch) => send(server, '/v1/batch', { batch }, server.writeKey)));
    expect(answers.reduce((sum, answer) => sum + answer.json.accepted, 0)).toBe(10_000);
    expect(await count(server, 'handoff')).toBe(before);
    const found = await server.database.pool.query<{ chars: number }>(
      'select length(state) as chars from contact where id = $1',
      [await contactOf(server, 'anonymous', 'flood')],
    );
    expect(found.rows[0]?.chars).toBeLessThan(20_000);
  },
  'EV-22': async (server, bad) => {
    const { json } = await sendCase(server, bad);
    expect(json.receipts[0].warnings).toContain('invalid_number');
    const stored = await server.database.pool.query<{ properties: string }>(
      `select properties from event where key in (select key from event where name = 'x') and properties like '%NaN%'`,
    );
    expect(stored.rows.map((row) => JSON.parse(row.properties))).toEqual([
      expect.objectContaining({ employees: null, n: 'NaN' }),
    ]);
    const asId = await sendCase(server, bad, { body: '{"userId":9007199254740993,"event":"x"}' });
    expect([asId.status, asId.json.code]).toEqual([422, 'invalid_field']);
  },
  'EV-23': async (server, bad) => {
    for (const [index, employees] of variantsOf(bad).entries()) {
      const { json } = await sendCase(server, bad, {
        body: JSON.stringify({
          userId: `drift-${index}`,
          traits: { email: `d@drift${index}.example`, company: { name: 'D', employees } },
        }),
      });
      expect(json.accepted).toBe(1);
    }
    const { json } = await send(server, '/v1/track', { userId: 'drift-2', event: 'Demo Requested' });
    expect(json.accepted).toBe(1);
  },
  'EV-25': async (server, bad) => {
    await send(server, '/v1/identify', { anonymousId: 'latin', traits: { email: 'ann@corp.example' } });
    expect((await sendCase(server, bad)).json.accepted).toBe(1);
    const homograph = await contactOf(server, 'anonymous', 'h1');
    expect(homograph).toBeDefined();
    expect(homograph).not.toBe(await contactOf(server, 'anonymous', 'latin'));
  },
  'EV-26': async (server) => {
    const { pool } = server.database;
    const source = readFileSync(POLICY, 'utf8');
    const version = await signVersion(pool, source.replace('name: Demo requests', 'name: Demo requests, again'));
    const lead = (index: number) => [
      {
        type: 'identify',
        userId: `pub-${index}`,
        messageId: `pub-i-${index}`,
        traits: { email: `p@pub${index}.example` },
      },
      { type: 'track', userId: `pub-${index}`, messageId: `pub-t-${index}`, event: 'Demo Requested' },
    ];
    const batches = Array.from({ length: 20 }, (_, batch) =>
      Array.from({ length: 50 }, (_, index) => lead(batch * 50 + index)).flat(),
    );
    let publishing: Promise<unknown> | undefined;
    for (const [index, batch] of batches.entries()) {
      if (index === 8) publishing = publishPolicy(pool, { versionId: version.id, by: 'Mia' });
      expect((await send(server, '/v1/batch', { batch })).json.accepted).toBe(100);
    }
    expect(await publishing).toMatchObject({ ok: true });
    const decided = await pool.query<{ hashes: number; decisions: number }>(
      `select count(distinct policy_hash) as hashes, count(*) as decisions from handoff
       where contact_id in (select contact_id from identity_key where kind = 'user' and value like 'pub-%')`,
    );
    expect(decided.rows[0]).toEqual({ hashes: 2, decisions: 1_000 });
    const apart = await pool.query<{ n: number }>(
      `select count(*) as n from handoff h join decision d on d.id = h.id where d.policy_hash <> h.policy_hash`,
    );
    expect(apart.rows[0]?.n).toBe(0);
  },
};

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { type AccessServer, startAccess } from '../http/accessFixture.ts';
import { furnish, offeringPolicy, putInForce } from '../intake/intakeFixture.ts';
import { type RunningServer, startServer } from '../startServer.ts';
import { signIn, type TestAccount } from './accountFixture.ts';
import { createKey } from './keys.ts';
import { companySight, contactSight, dealSight, handoffSight, taskSight } from './sight.ts';

describe('what a rep sees, on two nodes', () => {
  let one: RunningServer;
  let two: RunningServer;
  let site: AccessServer;
  const handoffs = new Map<number, number>();

  beforeAll(async () => {
    site = await startAccess();
    const { pool, connection } = site.database;
    await furnish(pool);
    await putInForce(pool, offeringPolicy());
    const config = readConfig({ BATON_PORT: '0' });
    one = await startServer({ config, connection });
    two = await startServer({ config, connection });
    const owner = await signIn(site.database, ['admin'], { email: 'boss@sales.example' });
    const { key } = await createKey(pool, { name: 'seed', kind: 'secret', by: 'test' });
    for (const rep of [1, 2]) {
      const email = `lead${rep}@firm${rep}.example`;
      await fetch(`${one.url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ batch: [{ type: 'identify', userId: email, traits: { email } }] }),
      });
      const { rows } = await pool.query<{ id: number }>('select id from contact where email = $1', [email]);
      const made = await fetch(`${one.url}/api/v1/contacts/${rows[0]?.id}/own-lead`, {
        method: 'POST',
        headers: { ...owner.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ as: rep, note: 'seed' }),
      });
      const { handoffId, contactId } = (await made.json()) as { handoffId: number; contactId: number };
      handoffs.set(rep, handoffId);
      handoffs.set(rep + 10, contactId);
    }
  });
  afterAll(async () => {
    await one.stop();
    await two.stop();
    await site.stop();
  });

  const ask = async (account: TestAccount, path: string, body?: object) => {
    const reply = await fetch(`${one.url}/api/v1${path}`, {
      headers: { ...account.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, text, json: text === '' ? null : JSON.parse(text) };
  };

  test('is what is theirs: no list, search, detail or act reaches a colleague’s, and nothing is written on the way', async () => {
    const rep = await signIn(site.database, ['rep'], { email: 'rep1@sales.example' });
    const [own, foreign] = [handoffs.get(1), handoffs.get(2)];
    const [ownContact, foreignContact] = [handoffs.get(11), handoffs.get(12)];
    expect((await ask(rep, `/handoffs/${own}`)).status).toBe(200);
    expect((await ask(rep, `/contacts/${ownContact}`)).status).toBe(200);
    const state = () =>
      site.database.pool.query(
        `select md5(string_agg(h::text, ',' order by h.id)) || md5((select string_agg(c::text, ',' order by c.id) from contact c)) as sum from handoff h`,
      );
    const before = (await state()).rows;
    const missing = await ask(rep, '/handoffs/99999999/accept', {});
    for (const path of ['accept', 'claim', 'hand-back', 'undo']) {
      const { status, json } = await ask(
        rep,
        `/handoffs/${foreign}/${path}`,
        path === 'hand-back' ? { reason: 'x' } : {},
      );
      expect([path, status, json.code]).toEqual([path, 404, missing.json.code]);
    }
    for (const path of [
      `/handoffs/${foreign}`,
      `/handoffs/${foreign}/actions`,
      `/handoffs/${foreign}/why-not/1`,
      `/contacts/${foreignContact}`,
    ])
      expect([path, (await ask(rep, path)).status]).toEqual([path, 404]);
    for (const [path, body] of [
      [`/contacts/${foreignContact}/stage`, { stage: 'mql' }],
      [`/contacts/${foreignContact}/own-lead`, { note: 'mine' }],
      ['/deals', { handoffId: foreign }],
      ['/deals', { contactId: foreignContact }],
    ] as const)
      expect([path, (await ask(rep, path, body)).status]).toEqual([path, 404]);
    expect((await state()).rows).toEqual(before);
    for (const path of [
      '/handoffs',
      '/handoffs?search=firm2',
      `/handoffs?ids=${foreign}`,
      '/contacts',
      '/tasks',
      '/handoffs?rep=2',
    ]) {
      const { status, text } = await ask(rep, path);
      expect([path, status, text.includes('firm2'), text.includes('lead2')]).toEqual([path, 200, false, false]);
    }
    expect((await ask(rep, '/handoffs')).text).toContain('lead1');
    expect((await ask(rep, '/handoffs/counts')).json.views.all).toBe(1);
    const named = await ask(rep, `/handoffs/${own}/hand-back`, { as: 2, reason: 'x' });
    expect([named.status, named.json.at]).toEqual([403, 'as']);
    const manager = await signIn(site.database, ['sales-manager']);
    expect((await ask(manager, '/handoffs')).text).toContain('lead2');
  });

  test('each kind of row is seen by the same rule: all by who sees everything, one’s own by a rep, none by nobody', async () => {
    const rows = [
      ['handoff', 'h', handoffSight],
      ['contact', 'c', contactSight],
      ['company', 'co', companySight],
      ['deal', 'd', dealSight],
      ['task', 't', taskSight],
    ] as const;
    const seen = async (sight: number | null): Promise<Record<string, number>> => {
      const counts: Record<string, number> = {};
      for (const [table, alias, condition] of rows) {
        const { rowCount } = await site.database.pool.query(
          `select 1 from ${table} ${alias} where ${condition(alias, '$1')}`,
          [sight],
        );
        counts[table] = rowCount ?? 0;
      }
      return counts;
    };
    const [all, one, two, none] = [await seen(null), await seen(1), await seen(2), await seen(0)];
    expect(all).toMatchObject({ handoff: 2, contact: 2, company: 2 });
    expect([one, two]).toMatchObject([
      { handoff: 1, contact: 1, company: 1 },
      { handoff: 1, contact: 1, company: 1 },
    ]);
    expect((one['task'] ?? 0) + (two['task'] ?? 0)).toBe(all['task']);
    expect(Object.values(none)).toEqual([0, 0, 0, 0, 0]);
  });

  test('a queue of their team is theirs to claim, and what they do is in the audit under their own name', async () => {
    const { pool } = site.database;
    await pool.query(`insert into rep (name, email) values ('Outsider', 'outsider@sales.example')`);
    const member = await signIn(site.database, ['rep'], { email: 'rep3@sales.example' });
    const outsider = await signIn(site.database, ['rep'], { email: 'outsider@sales.example' });
    await pool.query(`update handoff set status = 'queued', owner_id = null, queue_id = 'inbound' where id = $1`, [
      handoffs.get(2),
    ]);
    expect((await ask(member, `/handoffs/${handoffs.get(2)}`)).status).toBe(200);
    expect((await ask(outsider, `/handoffs/${handoffs.get(2)}`)).status).toBe(404);
    const rep = await signIn(site.database, ['rep'], { email: 'rep2@sales.example' });
    await pool.query(`update handoff set status = 'open', owner_id = 2, queue_id = null where id = $1`, [
      handoffs.get(2),
    ]);
    const logged = await ask(rep, `/handoffs/${handoffs.get(2)}/log-contact`, {
      channel: 'call',
      outcome: 'connected',
    });
    expect(logged.status).toBe(200);
    const { rows } = await pool.query<{ actor: string }>(
      `select trace::jsonb ->> 'by' as actor from decision where id = $1`,
      [logged.json.decisionId],
    );
    const shown = await ask(rep, `/handoffs/${handoffs.get(2)}`);
    expect(rows.length).toBe(1);
    expect(JSON.stringify(shown.json.timeline)).toContain('Rep 2');
  });

  test('what a manager does in a rep’s name has the manager’s name in the audit', async () => {
    const manager = await signIn(site.database, ['sales-manager'], { email: 'mana@sales.example' });
    const path = `/handoffs/${handoffs.get(1)}/log-contact`;
    expect((await ask(manager, path, { as: 1, channel: 'call', outcome: 'voicemail' })).status).toBe(200);
    const { rows } = await site.database.pool.query<{ subject: string; detail: string }>(
      `select subject, detail from audit where by = 'mana@sales.example' and action = 'acted-for-rep'`,
    );
    expect(rows.map(({ subject, detail }) => [subject, JSON.parse(detail)])).toEqual([
      ['rep:1', { operation: 'handoff-log-contact', id: handoffs.get(1) }],
    ]);
  });

  test('whoever is deactivated on one node is out of the other within five seconds, open pages too', async () => {
    const account = await signIn(site.database, ['rep'], { email: 'rep4@sales.example' });
    const boss = await signIn(site.database, ['admin'], { email: 'boss2@sales.example' });
    const stream = await fetch(`${two.url}/api/v1/live`, { headers: account.headers });
    expect(stream.status).toBe(200);
    const me = () => fetch(`${two.url}/api/v1/me`, { headers: account.headers });
    expect((await me()).status).toBe(200);
    const from = Date.now();
    const off = await fetch(`${one.url}/api/v1/accounts/${account.id}/deactivate`, {
      method: 'POST',
      headers: boss.headers,
    });
    expect(off.status).toBe(200);
    const read = async (): Promise<number> => {
      for await (const _ of stream.body ?? []);
      return Date.now() - from;
    };
    expect(await read()).toBeLessThan(5_000);
    await expect.poll(async () => (await me()).status, { timeout: 5_000 - (Date.now() - from) }).toBe(401);
  });
});

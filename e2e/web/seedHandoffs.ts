import type { Pool } from 'pg';
import type { SeedHandoff } from './morning.ts';
import { REPS, traceOf } from './seedTrace.ts';

const MINUTE = 60_000;

/** Reps 1 to 6 in the team `dach`, and a policy that is kept but not in force: nothing of this is decided again. */
export const seedPeople = async (pool: Pool): Promise<void> => {
  for (const [index, name] of REPS.entries()) {
    const email = `${name.split(' ')[0]?.toLowerCase()}@baton.example`;
    await pool.query('insert into rep (id, name, email) overriding system value values ($1, $2, $3)', [
      index + 1,
      name,
      email,
    ]);
  }
  await pool.query(`insert into team (id, name) values ('dach', 'DACH')`);
  await pool.query(
    `insert into source (id, name, kind, trust) overriding system value values (1, 'website', 'segment', 'form')`,
  );
  await pool.query(
    `insert into policy_version (name, hash, canonical, source, created_by) values ('Hand-raisers', 'a41c9d07', '', '', 'test')`,
  );
};

/** Writes one handoff with everything around it, in one transaction, and says so in the feed. Returns its id. */
export const seedHandoff = async (pool: Pool, id: number, seed: SeedHandoff): Promise<number> => {
  const now = (await pool.query<{ now: number }>('select now_ms() as now')).rows[0]?.now ?? 0;
  const at = now - seed.agoMin * MINUTE;
  const status = seed.status ?? 'open';
  const queued = status === 'queued';
  const rep = queued ? null : (seed.rep ?? 1 + (id % 3));
  const promise = (seed.promiseMin ?? 240) * MINUTE;
  const domain = `${seed.company.toLowerCase().replace(/[^a-z]+/g, '')}.example`;
  const email = `${seed.name.toLowerCase().replace(/[^a-z]+/g, '.')}@${domain}`;
  const fact = (value: unknown) => ({ value, trust: 'form', at, source: 'website', key: `demo${at}` });
  const closed = ['won', 'rejected'].includes(status) ? at + 200 * MINUTE : null;
  const touch = { at: at - 3 * 1440 * MINUTE, key: 't', source: seed.source ?? 'organic', landingPage: '/routing' };
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into company (id, domain, name, source_id, created_at, updated_at, facts) values ($1, $2, $3, 1, $4, $4, $5)`,
      [
        id,
        `${id}.${domain}`,
        seed.company,
        at,
        JSON.stringify({
          'company.name': fact(seed.company),
          'company.employees': fact(seed.size),
          'company.country': fact('DE'),
        }),
      ],
    );
    await client.query(
      `insert into contact (id, company_id, source_id, owner_id, created_at, updated_at, known, stage, lead_status, email, name, state)
       values ($1, $1, 1, $2, $3, $3, true, 'mql', $4, $5, $6, $7)`,
      [
        id,
        rep,
        at,
        seed.leadStatus ?? (status === 'open' ? 'new' : null),
        email,
        seed.name,
        JSON.stringify({
          facts: {
            'contact.email': fact(email),
            'contact.phone': fact('+49 40 5550 142'),
            'contact.title': fact(seed.title),
            'contact.country': fact('DE'),
            'contact.email-consent': fact(true),
          },
        }),
      ],
    );
    await client.query(
      `insert into decision (id, contact_id, at, recorded_at, evaluator_version, outcome, policy_hash, by, input, trace)
       values ($1, $1, $2, $2, 1, 'qualified', 'a41c9d07', '{"kind":"policy"}', '{}', $3)`,
      [id, at, JSON.stringify(traceOf(seed, at, rep ?? 1))],
    );
    await client.query(
      `insert into handoff (id, contact_id, company_id, group_id, owner_id, queue_id, qualified_at, accepted_at, closed_at, updated_at, due_at,
         episode, offers, breached, status, kind, intent, rule_id, route_id, team_id, policy_hash, reason, closed_reason, touches, source_first, source_latest)
       values ($1, $1, $1, $1, $2, $3, $4, null, $5, $4, $6, 1, 1, false, $7, 'inbound', $8, 'hand-raiser', 'dach', 'dach', 'a41c9d07', $9, $10, $11, $12, $12)`,
      [
        id,
        rep,
        queued ? 'triage' : null,
        at,
        closed,
        at + promise,
        status,
        seed.intent ?? 'high',
        seed.reason,
        status === 'rejected' ? 'Bad fit: company too small' : null,
        JSON.stringify({ first: touch, latest: { ...touch, at: at - MINUTE, landingPage: '/demo', form: 'demo' } }),
        seed.source ?? 'organic',
      ],
    );
    const clock = status === 'working' ? 'next-step' : status === 'parked' ? 'return' : 'response';
    await client.query(
      `insert into handoff_clock (handoff_id, contact_id, owner_id, started_at, due_at, next_at, stopped_at, kind, how) values ($1, $1, $2, $3, $4, $4, $5, $6, $7)`,
      [id, rep, at, at + promise, closed, clock, closed === null ? null : 'kept'],
    );
    if (rep !== null) {
      await client.query(`insert into handoff_offer values ($1, $2, $3, 'ledger', $1)`, [id, rep, at]);
      await client.query(
        `insert into task (contact_id, handoff_id, owner_id, due_at, created_at, type, title) values ($1, $1, $2, $3, $4, 'call', $5)`,
        [id, rep, at + promise, at, `Call ${seed.name.split(' ')[0]}: ${seed.reason.toLowerCase()}`],
      );
    }
    await client.query(
      `insert into event (contact_id, effective_at, received_at, recorded_at, source_id, trust, type, key, name, properties) values
         ($1, $2, $2, $2, 1, 'f', 't', $3, 'Demo Requested', '{"form":"/demo"}'),
         ($1, $4, $4, $4, 1, 'b', 'p', $5, 'page', '{"path":"/pricing"}')`,
      [id, at - 20_000, `demo${at}`, at - 8 * MINUTE, `page${at}`],
    );
    await client.query(
      `insert into timeline (contact_id, at, handoff_id, decision_id, kind, by, say) values
        ($1, $2, $1, $1, 'qualified', 'policy', $3), ($1, $2, $1, $1, 'assigned', 'policy', $4)`,
      [id, at, `Qualified: ${seed.reason}`, rep === null ? 'Put in the queue triage' : `Given to ${REPS[rep - 1]}`],
    );
    await client.query(`insert into feed (at, handoff_id, contact_id, kind) values ($1, $2, $2, 'handoff-opened')`, [
      now,
      id,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
  return id;
};

/** Many plain handoffs at once, for scrolling: `count` rows, a minute apart, all open. */
export const seedMany = async (pool: Pool, fromId: number, count: number): Promise<void> => {
  await pool.query(
    `with made as (select $1::bigint + n as id, now_ms() - 86400000 - n * 60000 as at from generate_series(0, $2::int - 1) n),
     people as (
       insert into contact (id, source_id, created_at, updated_at, known, email, name, state)
       select id, 1, at, at, true, 'p' || id || '@many.example', 'Person ' || id, '{"facts":{}}' from made
     ),
     handoffs as (
       insert into handoff (id, contact_id, group_id, owner_id, qualified_at, updated_at, due_at, episode, offers, status, kind, intent, rule_id, team_id, policy_hash, reason, touches)
       select id, id, id, 1 + id % 3, at, at, at + 14400000, 1, 1, 'open', 'inbound', 'high', 'hand-raiser', 'dach', 'a41c9d07', 'Asked for a demo', '{"first":null,"latest":null}' from made
     )
     insert into handoff_clock (handoff_id, contact_id, started_at, due_at, next_at, kind) select id, id, at, at + 14400000, at + 14400000, 'response' from made`,
    [fromId, count],
  );
};

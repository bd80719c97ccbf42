import type { DecisionTrace } from '@baton/contract/trace.ts';
import type { Pool } from 'pg';

const MINUTE = 60_000;
const LEAD = 1_000_000_000;

/** One made-up handoff, as the rows that the transaction would have written. Ages and spans in minutes. */
export type SeedHandoff = {
  readonly name: string;
  readonly title: string;
  readonly company: string;
  readonly size: number;
  readonly reason: string;
  readonly status?: 'offered' | 'queued' | 'open' | 'working' | 'parked' | 'deal' | 'won' | 'rejected';
  readonly agoMin: number;
  readonly promiseMin?: number;
  readonly rep?: number;
  readonly intent?: 'high' | 'standard';
  readonly source?: string;
  readonly leadStatus?: string;
};

const REPS = ['Ana Weber', 'Dana Lindqvist', 'Eli Brandt', 'Cy Duarte', 'Grace Kim', 'Ben Okafor'] as const;

/** Reps 1 to 6 in the team `dach`, and a policy in force. */
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
  await pool.query(`insert into policy_active (seq, version_id, mode, by) values (7, 1, 'single-signer', 'test')`);
};

const traceOf = (seed: SeedHandoff, at: number, rep: number): DecisionTrace => {
  const demo = seed.reason.startsWith('Asked');
  const name = (id: number): string => REPS[id - 1] ?? '';
  const others = [1, 2, 3].filter((id) => id !== rep);
  return {
    evaluation: {
      verdict: 'met',
      rule: { id: demo ? 'hand-raiser' : 'engaged-and-fits', intent: seed.intent ?? 'high', say: seed.reason },
      rules: [
        {
          id: 'hand-raiser',
          intent: 'high',
          verdict: demo ? 'met' : 'not-met',
          criterion: {
            id: 'demo',
            kind: 'action',
            say: 'asked for a demo',
            verdict: demo ? 'met' : 'not-met',
            value: demo ? 1 : 0,
            needs: 1,
            evidence: demo ? [{ at: at - 20_000, key: `demo${at}`, trust: 'form' }] : [],
            of: [],
          },
        },
        {
          id: 'engaged-and-fits',
          intent: 'standard',
          verdict: demo ? 'not-met' : 'met',
          criterion: {
            id: null,
            kind: 'all',
            say: 'all of',
            verdict: demo ? 'not-met' : 'met',
            evidence: [],
            of: [
              {
                id: null,
                kind: 'fit',
                say: 'fit of at least 60',
                verdict: 'met',
                value: 75,
                needs: 60,
                evidence: [],
                of: [],
              },
              {
                id: null,
                kind: 'engagement',
                say: 'engagement of at least 40',
                verdict: demo ? 'not-met' : 'met',
                value: demo ? 31 : 44,
                needs: 40,
                evidence: [],
                of: [],
              },
            ],
          },
        },
      ],
      fit: {
        known: 75,
        possible: 75,
        parts: [
          { id: 'size', say: 'size', verdict: 'met', points: 30, value: seed.size },
          { id: 'role', say: 'role', verdict: 'met', points: 25, value: seed.title },
          { id: 'region', say: 'region', verdict: 'met', points: 20, value: 'DE' },
        ],
      },
      engagement: {
        points: demo ? 31 : 44,
        parts: [
          { id: 'pricing', say: 'pricing pages', points: 15, count: 2, latestAt: at - 8 * MINUTE },
          { id: 'webinar', say: 'webinar', points: demo ? 16 : 29, count: 1, latestAt: at - 90 * MINUTE },
        ],
      },
      missing: [],
      reevaluateAt: null,
    },
    assignment: {
      routes: [{ routeId: 'dach', verdict: 'met', say: 'Company in Germany, Austria or Switzerland: team DACH' }],
      routeId: 'dach',
      how: seed.status === 'queued' ? 'queue' : 'ledger',
      say: seed.status === 'queued' ? 'Nobody of DACH could take it' : 'Next by credit in DACH, at +0.75',
      step: {
        key: `dach/${seed.intent ?? 'high'}`,
        seq: 41,
        kind: 'assigned',
        at,
        winner: rep,
        lines: [
          {
            repId: rep,
            weight: 100,
            before: String(0.35 * LEAD),
            accrued: String(0.4 * LEAD),
            after: String(-0.25 * LEAD),
          },
          {
            repId: others[0] ?? 2,
            weight: 100,
            before: String(-0.05 * LEAD),
            accrued: String(0.4 * LEAD),
            after: String(0.35 * LEAD),
          },
          { repId: others[1] ?? 3, weight: 50, before: '0', accrued: String(0.2 * LEAD), after: String(0.2 * LEAD) },
        ],
        excluded: [
          { repId: 4, code: 'cap-open', say: 'Full: 12 of 12 open leads' },
          { repId: 5, code: 'condition', say: 'Speaks no German' },
          { repId: 6, code: 'inactive', say: 'Switched off since Monday' },
        ],
      },
    },
    transition: 'qualify',
    say: `${seed.name} qualified: ${seed.reason}. ${name(rep)} is next by credit.`,
    otherwise: [
      { if: 'Without the demo request', then: 'not qualified; engagement 31 of 40' },
      { if: `${name(others[0] ?? 2)} with 0.40 more credit`, then: name(others[0] ?? 2) },
      { if: `${seed.company} with an owner in sales`, then: 'that owner, no rotation' },
    ],
  };
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
      `insert into handoff_clock (handoff_id, contact_id, owner_id, started_at, due_at, stopped_at, kind, how) values ($1, $1, $2, $3, $4, $5, $6, $7)`,
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

/** A believable morning: late, close, running, parked, queued, won and returned ones. */
export const MORNING: readonly SeedHandoff[] = [
  {
    name: 'Omar Haddad',
    title: 'COO',
    company: 'Kestrel Freight',
    size: 900,
    reason: 'Asked for a demo',
    agoMin: 258,
    source: 'paid',
  },
  {
    name: 'Priya Nair',
    title: 'VP Operations',
    company: 'Northwind',
    size: 420,
    reason: 'Asked for a demo',
    agoMin: 198,
    status: 'offered',
  },
  {
    name: 'Jonas Lindahl',
    title: 'IT Director',
    company: 'Halden Power',
    size: 2100,
    reason: 'Fit 75 and engagement 44',
    agoMin: 189,
    status: 'working',
    leadStatus: 'attempted-to-contact',
    source: 'event',
    intent: 'standard',
  },
  {
    name: 'Tom Ek',
    title: 'CTO',
    company: 'Fjord AS',
    size: 85,
    reason: 'Started a trial',
    agoMin: 110,
    source: 'referral',
  },
  {
    name: 'Lea Roth',
    title: 'Head of Procurement',
    company: 'Kanto',
    size: 1200,
    reason: 'Fit 80 and engagement 44',
    agoMin: 98,
    intent: 'standard',
  },
  {
    name: 'Ines Prat',
    title: 'Head of IT',
    company: 'Solera',
    size: 340,
    reason: 'Asked for a demo',
    agoMin: 68,
    status: 'working',
    leadStatus: 'attempted-to-contact',
  },
  {
    name: 'Marek Novák',
    title: 'CFO',
    company: 'Brno Tools',
    size: 160,
    reason: 'Asked for a demo',
    agoMin: 48,
    status: 'working',
    leadStatus: 'connected',
    source: 'event',
  },
  {
    name: 'Hanna Vogt',
    title: 'Director Digital',
    company: 'Alster Bank',
    size: 3400,
    reason: 'Asked for a demo',
    agoMin: 38,
  },
  {
    name: 'Sam Diaz',
    title: 'Head of RevOps',
    company: 'Orbit',
    size: 210,
    reason: 'Asked for pricing twice',
    agoMin: 30,
    status: 'parked',
    promiseMin: 4000,
  },
  {
    name: 'Yuki Tanaka',
    title: 'Operations Manager',
    company: 'Kobe Marine',
    size: 510,
    reason: 'Asked for a demo',
    agoMin: 22,
    status: 'queued',
    source: 'paid',
  },
  {
    name: 'Aoife Byrne',
    title: 'Head of Logistics',
    company: 'Liffey Foods',
    size: 260,
    reason: 'Asked for a demo',
    agoMin: 12,
    source: 'partner',
  },
  {
    name: 'Rosa Marín',
    title: 'Fleet Manager',
    company: 'Transportes Ebro',
    size: 75,
    reason: 'Fit 75 and engagement 51',
    agoMin: 1500,
    status: 'won',
    intent: 'standard',
  },
  {
    name: 'Karl Stein',
    title: 'Owner',
    company: 'Stein und Sohn',
    size: 8,
    reason: 'Asked for a demo',
    agoMin: 1560,
    status: 'rejected',
  },
  {
    name: 'Nadia Petrova',
    title: 'VP Supply Chain',
    company: 'Volga Steel',
    size: 5200,
    reason: 'Asked for a demo',
    agoMin: 1620,
    status: 'deal',
    source: 'social',
  },
];

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
     insert into handoff_clock (handoff_id, contact_id, started_at, due_at, kind) select id, id, at, at + 14400000, 'response' from made`,
    [fromId, count],
  );
};

import { CLOCK_ORACLES } from './clockOracles.ts';
import { DELIVERY_ORACLES } from './deliveryOracles.ts';
import { LEAK_CHECKS } from './leakChecks.ts';

/**
 * The promises of docs/architecture.md as questions to the database: each answers no rows while it is kept. They look at
 * the tables alone and share no code with what writes them, so that a bug there can't hide here. Tests and benchmarks ask
 * them; those that read every event say so.
 */
export type Oracle = {
  readonly id: string;
  /** The promise, as a sentence. */
  readonly promise: string;
  /** Each row is one breach; its columns name it. */
  readonly sql: string;
  /** What it can't read from the database: public holidays as `holidayRows` gives them, in `$1`. */
  readonly given?: 'holidays';
  /** `events`: reads all events. `open`: reads what is open, cheap enough for every minute. */
  readonly cost: 'open' | 'all' | 'events';
};

const EVENT_KEY = `substr(translate(encode(sha256(convert_to(s.source_id || ':' || s.message_key, 'UTF8')), 'base64'), '+/', '-_'), 1, 12)`;

/** The leak checks that ask for the same: a promise has one question. */
const anyOf = (...ids: readonly string[]): string => {
  const checks = LEAK_CHECKS.filter(({ id }) => ids.includes(id));
  return checks.map(({ sql }) => `select * from (${sql}) as leak`).join(' union all ');
};

const TRUST_RANK = (column: string) => `array_position(array['b', 'f', 's', 'p'], ${column}::text)`;
const TRUST_WORD_RANK = (column: string) => `array_position(array['browser', 'form', 'server', 'person'], ${column})`;

/** What Baton promises of its data, each as a query that answers no rows while the promise is kept. */
export const ORACLES: readonly Oracle[] = [
  {
    id: 'D1',
    promise: 'what was acknowledged is stored: each message id leads to its event or to the quarantine',
    cost: 'events',
    sql: `select s.source_id, s.message_key from message_seen s
      where not exists (select from event e where e.source_id = s.source_id and e.key = ${EVENT_KEY})
        and not exists (select from quarantine q where q.source_id = s.source_id and q.message_key = s.message_key)`,
  },
  {
    id: 'D2',
    promise: 'one message id of a source counts once',
    cost: 'events',
    sql: `select source_id, key, count(*) from event group by source_id, key having count(*) > 1`,
  },
  {
    id: 'D3',
    promise: 'nothing is dropped in silence: every event belongs to a contact that exists',
    cost: 'events',
    sql: `select e.contact_id, e.key from event e where not exists (select from contact c where c.id = e.contact_id)`,
  },
  {
    id: 'D4',
    promise: 'what is known of a contact is never weaker than what any of its events said, whatever came first',
    cost: 'events',
    sql: `select c.id, claim->>'path' as path, e.key
      from event e
      cross join lateral jsonb_array_elements(e.claims::jsonb) claim
      left join contact_redirect r on r.contact_id = e.contact_id
      join contact c on c.id = coalesce(r.survivor_id, e.contact_id)
      left join lateral (select (c.state::jsonb)->'facts'->(claim->>'path') as fact) known on true
      where c.erased_at is null and (
        known.fact is null
        or (${TRUST_WORD_RANK("known.fact->>'trust'")}, (known.fact->>'at')::bigint, (known.fact->>'key') collate "C")
          < (${TRUST_RANK('e.trust')}, e.effective_at, e.key))`,
  },
  {
    id: 'D5',
    promise: 'no event counts later than it arrived, and no clock starts before its handoff or is due before it starts',
    cost: 'events',
    sql: `select 'event' as what, contact_id as id from event where effective_at > received_at
      union all select 'clock', k.handoff_id from handoff_clock k join handoff h on h.id = k.handoff_id
        where k.started_at < h.qualified_at or k.due_at < k.started_at or k.stopped_at < k.started_at
      union all select 'handoff', h.id from handoff h join decision d on d.id = h.id where d.at <> h.qualified_at`,
  },
  {
    id: 'Q1',
    promise: 'every qualifying edge has a handoff, a group it joined, or a hold with an exit',
    cost: 'all',
    sql: anyOf('unhanded'),
  },
  {
    id: 'Q2',
    promise: 'at most one handoff of a person waits for sales',
    cost: 'open',
    sql: anyOf('doubled'),
  },
  {
    id: 'Q3',
    promise: 'every decision names a policy that is stored',
    cost: 'all',
    sql: `select d.id, d.policy_hash from decision d
      where not exists (select from policy_version v where v.hash = d.policy_hash)`,
  },
  {
    id: 'O1',
    promise:
      'an open handoff has an active owner or a queue, never both, never none, and exactly the clocks of its status',
    cost: 'open',
    sql: anyOf('unowned', 'owner-gone', 'clockless'),
  },
  {
    id: 'O2',
    promise: 'a ledger is the sum of its steps: no step is missing, and its balances are the last ones and sum to zero',
    cost: 'all',
    sql: `select l.team_id, l.intent from ledger l
      left join lateral (
        select count(*) as steps, coalesce(max(seq), 0) as latest from ledger_step s
        where s.team_id = l.team_id and s.intent = l.intent
      ) s on true
      left join lateral (select coalesce(sum((one->>1)::numeric), 0) as total from jsonb_array_elements(l.balances::jsonb) one) b on true
      where s.steps <> l.seq or s.latest <> l.seq or b.total <> 0
      union all
      select l.team_id, l.intent from ledger l
      cross join lateral jsonb_array_elements(l.balances::jsonb) one
      left join lateral (
        select line->>'after' as after from ledger_step s cross join lateral jsonb_array_elements(s.lines::jsonb) line
        where s.team_id = l.team_id and s.intent = l.intent and line->'repId' = one->0 order by s.seq desc limit 1
      ) latest on true
      where coalesce(latest.after, '0') <> one->>1`,
  },
  ...CLOCK_ORACLES,
  ...DELIVERY_ORACLES,
  {
    id: 'P1',
    promise: 'rows that lists show say the same as the state that decisions are taken on',
    cost: 'all',
    sql: `select c.id, 'contact' as what from contact c cross join lateral (select c.state::jsonb as s) s
      where c.redirected_to is null and (
        c.stage is distinct from s->>'stage' or c.owner_id is distinct from (s->>'ownerId')::bigint
        or c.lead_status is distinct from s->>'leadStatus' or c.company_id is distinct from (s->>'companyId')::bigint)
      union all
      select c.id, 'handoff' from contact c cross join lateral (select (c.state::jsonb)->'handoff' as s) s
      left join handoff h on h.id = (s->>'id')::bigint
      where c.redirected_to is null and jsonb_typeof(s) = 'object' and (
        h.id is null or h.contact_id <> c.id or h.status <> s->>'status' or h.owner_id is distinct from (s->>'ownerId')::bigint)
      union all
      select h.contact_id, 'lost handoff' from handoff h join contact c on c.id = h.contact_id
      where h.closed_at is null and ((c.state::jsonb)->'handoff'->>'id')::bigint is distinct from h.id`,
  },
];

/**
 * The hourly recount: what is known of every contact that something arrived for is folded anew from its stored events, by
 * the same pure rules and by none of the intake's ways, and asked whether it qualifies. Who does, and waits in no handoff,
 * group or hold, was missed: an event that was taken in and never decided, a signal or a fact that was lost on the way.
 */
import { observe } from '@baton/domain/facts/observe.ts';
import type { Context } from '@baton/domain/handoff/context.ts';
import { decide } from '@baton/domain/handoff/decide.ts';
import type { DecisionOutcome } from '@baton/domain/handoff/decision.ts';
import { type CompanyState, type ContactState, newContact } from '@baton/domain/handoff/state.ts';
import type { CompanyId, ContactId } from '@baton/domain/kernel/ids.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { Pool, PoolClient } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import { Pipeline } from '../database/binary/pipeline.ts';
import { loadCompanies } from '../handoff/loadCompanies.ts';
import type { ReferenceCache, References } from '../handoff/references.ts';
import { readState } from '../handoff/storedState.ts';
import { type Found, LEAKS_KEPT, type Looked } from './checkLeaks.ts';
import { eventsOf } from './storedEvents.ts';

export const RECOUNT = {
  id: 'missed-edge',
  title: 'Nothing missed on recount',
  promise: 'whoever qualifies by their stored events was decided',
  sql: `-- recomputed in the program, contact by contact, from these rows
select contact_id, name, effective_at, properties, claims from event where recorded_at > now_ms() - 7200000 order by contact_id, effective_at`,
  mend: 'decide-again',
  mendSays: 'decides the contact again from its stored events',
} as const;

/** Contacts of one chunk, and of one recount: what is beyond is counted in the next one. */
const CHUNK = 200;
const CONTACTS_MAX = 50_000;
/** What arrived this lately may still be on its way. */
const GRACE_MS = 60_000;

/** Whom something arrived for since an instant, as who they are now; in order of id. */
const TOUCHED = `
select distinct coalesce(r.survivor_id, e.contact_id) as id
from event e left join contact_redirect r on r.contact_id = e.contact_id
where e.recorded_at > $1 and e.recorded_at < now_ms() - ${GRACE_MS}
  and coalesce(r.survivor_id, e.contact_id) > $2
order by 1 limit ${CHUNK}`;

/** Contacts that could qualify: nothing open, nothing pending, not taken out. */
const CONTACTS = `
select c.id, c.state, co.facts as company_facts from contact c left join company co on co.id = c.company_id
where c.id = any($1::int8[]) and c.redirected_to is null and c.erased_at is null
  and not exists (select from reevaluation v where v.contact_id = c.id and v.at <= now_ms())
  and not exists (
    select from event e where e.contact_id = c.id and e.recorded_at >= now_ms() - ${GRACE_MS})`;

/** Recounts everybody for whom something was recorded after `since`. Linear in their events; small transactions. */
export const recount = async (pool: Pool, references: ReferenceCache, since: number): Promise<Looked> => {
  const began = performance.now();
  const leaks: Found[] = [];
  let looksAt = 0;
  let error: string | null = null;
  try {
    for (let after = 0; looksAt < CONTACTS_MAX; ) {
      const chunk = await recountChunk(pool, references, since, after);
      if (chunk === null) break;
      looksAt += chunk.looksAt;
      leaks.push(...chunk.leaks);
      after = chunk.last;
    }
  } catch (failure) {
    error = failure instanceof Error ? failure.message : String(failure);
  }
  const tookMs = Math.round(performance.now() - began);
  return { checkId: RECOUNT.id, found: leaks.length, looksAt, leaks: leaks.slice(0, LEAKS_KEPT), tookMs, error };
};

type Chunk = { readonly looksAt: number; readonly leaks: readonly Found[]; readonly last: ContactId };

const recountChunk = async (
  pool: Pool,
  cache: ReferenceCache,
  since: number,
  after: ContactId,
): Promise<Chunk | null> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin isolation level repeatable read');
    const touched = await client.query<{ id: number }>(TOUCHED, [since, after]);
    const ids = touched.rows.map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return null;
    const known = await cache.now(client);
    const { policy } = known;
    const leaks = policy === null ? [] : await missedOf(client, { ...known, policy }, ids);
    return { looksAt: ids.length, leaks, last };
  } finally {
    // nothing is written, and what a closer look locked is let go
    await client.query('rollback').catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
};

type Known = References & { readonly policy: CompiledPolicy };

const missedOf = async (client: PoolClient, known: Known, ids: readonly ContactId[]): Promise<Found[]> => {
  const { rows } = await client.query<{ id: number; state: string; company_facts: string | null }>(CONTACTS, [
    int8Array(ids),
  ]);
  const stored = rows
    .map((row) => ({ state: readState(row.state), companyFacts: row.company_facts }))
    .filter(({ state }) => isFree(state));
  const folded = await foldAnew(
    client,
    known.policy,
    stored.map(({ state }) => state),
  );
  const { rows: clock } = await client.query<{ now: number }>('select now_ms() as now');
  const leaks: Found[] = [];
  for (const [index, { companyFacts }] of stored.entries()) {
    const state = folded[index] as ContactState;
    const context: Context = {
      now: Math.max(clock[0]?.now ?? 0, state.decidedAt),
      decisionId: 0,
      policy: known.policy,
      people: known.people,
      companyFacts: companyFacts === null ? null : (JSON.parse(companyFacts) as Context['companyFacts']),
      companies: new Map(),
      ledgers: new Map(),
      loads: new Map(),
      handsOff: true,
      tells: false,
    };
    const rule = await missedRule(client, state, context);
    if (rule === null) continue;
    leaks.push({
      subject: `contact ${state.id}`,
      contactId: state.id,
      handoffId: null,
      since: state.decidedAt,
      cause: `by its stored events ${rule}, and no decision says so`,
    });
  }
  return leaks;
};

/** Nothing open that would already answer for the contact. */
const isFree = (state: ContactState): boolean =>
  state.handoff === null && state.group === null && state.hold === null && state.suppressed === null;

/** States with facts, touches and signals as the stored events alone tell them. */
export const foldAnew = async (
  client: PoolClient,
  policy: CompiledPolicy,
  states: readonly ContactState[],
): Promise<readonly ContactState[]> => {
  const events = await eventsOf(
    client,
    states.map(({ id }) => id),
  );
  return states.map((state) => {
    let folded = newContact(state.id);
    for (const event of events.get(state.id) ?? []) folded = observe(folded, event, policy.collectors);
    const { facts, touches, signals } = folded;
    return { ...state, facts, touches, signals };
  });
};

const AN_EDGE: ReadonlySet<DecisionOutcome> = new Set(['qualified', 'joined', 'held']);

/** What would come of a look now: why the contact qualifies; null: it does not. */
const missedRule = async (client: PoolClient, state: ContactState, context: Context): Promise<string | null> => {
  let decided = decide(state, { kind: 'facts-changed', cause: 'recount' }, context);
  if (decided.kind === 'needs' && decided.needs.some(({ kind }) => kind === 'company') && state.companyId !== null) {
    const pipeline = new Pipeline(client);
    const companies = new Map<CompanyId, CompanyState>();
    loadCompanies(pipeline, [state.companyId], (states) => {
      for (const one of states) companies.set(one.id, one);
    });
    await pipeline.run();
    decided = decide(state, { kind: 'facts-changed', cause: 'recount' }, { ...context, companies });
  }
  // only who has qualified needs a ledger
  if (decided.kind === 'needs') return 'it qualifies';
  if (decided.kind === 'refused' || !AN_EDGE.has(decided.decision.outcome)) return null;
  return decided.decision.trace?.say ?? 'it qualifies';
};

/**
 * Takes what others saw of sales and its contacts, each once: finds the contact, logs it with the open handoff in the
 * transaction that keeps it, or keeps why it stops nothing. What nobody is found for waits for a person.
 */
import type { Actor } from '@baton/domain/handoff/input.ts';
import type { ContactId, HandoffId, RepId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { ActRefused, type Acts } from '../handoff/act.ts';
import type { Activity, ActivityReceipt, ActivityState } from './activity.ts';
import { findNamed } from './findNamed.ts';

export type EvidenceDeps = { readonly pool: Pool; readonly acts: Acts };

/** Takes one activity. An activity that came before answers what became of it then. */
export const takeActivity = async (deps: EvidenceDeps, activity: Activity): Promise<ActivityReceipt> => {
  const { pool } = deps;
  const before = await findBefore(pool, activity);
  if (before !== null) return before;
  const found = await findNamed(pool, activity.who);
  if (found.kind === 'nobody') return keep(pool, activity, { state: 'unmatched', why: found.say });
  return countFor(deps, activity, found.contactId);
};

type Outcome = {
  readonly state: ActivityState;
  readonly why: string;
  readonly contactId?: ContactId;
  readonly handoffId?: HandoffId | null;
};

/** Others tell instants in whole seconds: the second in which a handoff began is not before it. */
const SECOND_MS = 1_000;

/** What of a handoff decides whether an activity is about it. */
type OpenHandoff = {
  readonly id: number;
  readonly status: string;
  readonly owner_id: number | null;
  readonly qualified_at: number;
};

/** The rep whose address the source named, if there is one who is active. */
const agentOf = async (client: Queryable, address: string | null): Promise<{ id: RepId; name: string } | null> => {
  if (address === null) return null;
  const { rows } = await client.query<{ id: number; name: string }>(
    'select id, name from rep where lower(email) = lower($1) and active',
    [address.trim()],
  );
  return rows[0] ?? null;
};

const openOf = async (client: Queryable, contactId: ContactId): Promise<OpenHandoff | null> =>
  (
    await client.query<OpenHandoff>(
      `select id, status, owner_id, qualified_at from handoff where contact_id = $1 and closed_at is null
       order by status = 'deal', id desc limit 1`,
      [contactId],
    )
  ).rows[0] ?? null;

/** An activity of a contact that is known: logged with the open handoff, or noted with why it stops nothing. */
export const countFor = async (
  deps: EvidenceDeps,
  activity: Activity,
  contactId: ContactId,
  waiting: number | null = null,
): Promise<ActivityReceipt> => {
  const { pool, acts } = deps;
  const note = (why: string, handoffId: HandoffId | null = null, state: ActivityState = 'noted') =>
    keep(pool, activity, { state, why, contactId, handoffId }, waiting);
  if (activity.automated) return note('a machine did it: only what people do answers a promise');
  const agent = await agentOf(pool, activity.agent);
  const open = await openOf(pool, contactId);
  if (open === null) return note('no handoff of this contact is open');
  if (activity.at + SECOND_MS <= open.qualified_at) return note('it was before the handoff began', open.id);
  if (open.status === 'queued') {
    if (agent === null) return note('it waits in a queue, and the source names no rep of ours', open.id, 'unmatched');
    const claimed = await acts.act(
      { handoffId: open.id },
      { kind: 'rep-acted', by: { kind: 'rep', id: agent.id }, act: { do: 'claim' } },
    );
    if (claimed.kind === 'refused') return note(claimed.refusal.say, open.id, 'unmatched');
  }
  let kept: number | null = null;
  const outcome = await acts.act({ contactId }, async (client, id, now) => {
    const handoff = await openOf(client, id);
    if (handoff === null) throw new ActRefused('no-open-handoff', 'no handoff of this contact is open');
    const why = `${activity.channel}: ${activity.outcome}`;
    kept = await write(client, activity, { state: 'counted', why, contactId: id, handoffId: handoff.id }, waiting);
    if (kept === null) throw new ActRefused('duplicate', 'it came before');
    const by: Actor =
      agent !== null && agent.id === handoff.owner_id
        ? { kind: 'rep', id: agent.id }
        : { kind: 'person', name: agent?.name ?? activity.source, team: 'sales' };
    const { channel, outcome: came, at, source } = activity;
    const act = {
      do: 'log-contact',
      channel,
      outcome: came,
      note: activity.note,
      at: Math.min(at, now),
      source,
    } as const;
    return { kind: 'rep-acted', by, act };
  });
  if (outcome.kind === 'done' && kept !== null) {
    const handoffId = outcome.decision.next.handoff?.id ?? open.id;
    const why = outcome.decision.trace?.say ?? 'logged';
    return receipt(kept, activity, { state: 'counted', why, contactId: outcome.contactId, handoffId }, false);
  }
  if (outcome.kind === 'refused' && outcome.refusal.code === 'duplicate') {
    const before = await findBefore(pool, activity);
    if (before !== null) return before;
  }
  return note(outcome.kind === 'refused' ? outcome.refusal.say : 'the contact is gone', open.id);
};

type Stored = { id: number; state: ActivityState; why: string; contact_id: number | null; handoff_id: number | null };

const findBefore = async (client: Queryable, activity: Activity): Promise<ActivityReceipt | null> => {
  const { rows } = await client.query<Stored>(
    'select id, state, why, contact_id, handoff_id from activity where source = $1 and external_id = $2',
    [activity.source, activity.externalId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { state, why, contact_id: contactId, handoff_id: handoffId } = row;
  return receipt(row.id, activity, { state, why, ...(contactId === null ? {} : { contactId }), handoffId }, true);
};

const receipt = (id: number, { externalId }: Activity, outcome: Outcome, duplicate: boolean): ActivityReceipt => ({
  id,
  externalId,
  state: outcome.state,
  duplicate,
  contactId: outcome.contactId ?? null,
  handoffId: outcome.handoffId ?? null,
  why: outcome.why,
});

/** Keeps an activity on its own, without a decision. */
const keep = async (
  pool: Pool,
  activity: Activity,
  outcome: Outcome,
  waiting: number | null = null,
): Promise<ActivityReceipt> => {
  const id = await write(pool, activity, outcome, waiting);
  if (id !== null) return receipt(id, activity, outcome, false);
  const before = await findBefore(pool, activity);
  if (before === null) throw new Error(`activity ${activity.source} ${activity.externalId} is neither new nor there`);
  return before;
};

/** Writes the row; `waiting`: the unmatched row that a person resolves. Null: it is there already. */
const write = async (
  client: Queryable,
  activity: Activity,
  { state, why, contactId = null, handoffId = null }: { [K in keyof Outcome]: Outcome[K] | null },
  waiting: number | null,
): Promise<number | null> => {
  if (waiting !== null) {
    const updated = await client.query<{ id: number }>(
      `update activity set state = $2, why = $3, contact_id = $4, handoff_id = $5 where id = $1 and state = 'unmatched' returning id`,
      [waiting, state, why, contactId, handoffId],
    );
    return updated.rows[0]?.id ?? null;
  }
  const { source, externalId, at, channel, outcome, automated, who, agent, note } = activity;
  const { rows } = await client.query<{ id: number }>(
    `insert into activity (source, external_id, at, channel, outcome, automated, email, phone, user_id, agent, note,
       state, why, contact_id, handoff_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (source, external_id) do nothing returning id`,
    [
      source,
      externalId,
      at,
      channel,
      outcome,
      automated,
      who.email,
      who.phone,
      who.userId,
      agent,
      note,
      state,
      why,
      contactId,
      handoffId,
    ],
  );
  return rows[0]?.id ?? null;
};

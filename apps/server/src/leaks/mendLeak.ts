/** The one step that mends a leak. Each goes through the same decisions as everything else and is on the contact's record. */
import type { Input } from '@baton/domain/handoff/input.ts';
import { clocksOf } from '@baton/domain/handoff/steps/clocks.ts';
import { assertNever } from '@baton/domain/kernel/assertNever.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import type { Acts } from '../handoff/act.ts';
import { type DecideContactsDeps, decideContacts, type Locked } from '../handoff/decideContacts.ts';
import type { MendId } from './leakChecks.ts';
import { ALL_CHECKS } from './readLeaks.ts';
import { foldAnew } from './recount.ts';

export type MendDeps = { readonly pool: Pool; readonly deciding: DecideContactsDeps; readonly acts: Acts };

export type MendError = {
  readonly code: 'leak-unknown' | 'leak-closed' | 'no-mend' | 'mend-refused';
  readonly say: string;
};

type Row = {
  readonly check_id: string;
  readonly subject: string;
  readonly contact_id: number | null;
  readonly handoff_id: number | null;
  readonly cleared_at: number | null;
};

/** Mends one leak. The next look says whether it is gone; what is mended is marked as cleared at once. */
export const mendLeak = async (
  deps: MendDeps,
  leakId: number,
  by: string,
): Promise<Result<{ readonly did: string }, MendError>> => {
  const { rows } = await deps.pool.query<Row>(
    'select check_id, subject, contact_id, handoff_id, cleared_at from leak where id = $1',
    [leakId],
  );
  const leak = rows[0];
  if (leak === undefined) return err({ code: 'leak-unknown', say: `There is no leak ${leakId}.` });
  if (leak.cleared_at !== null) return err({ code: 'leak-closed', say: 'It is closed already.' });
  const check = ALL_CHECKS.find(({ id }) => id === leak.check_id);
  if (check === undefined || check.mend === null)
    return err({ code: 'no-mend', say: check?.mendSays ?? 'No one step mends this.' });
  const refused = await mend(deps, check.mend, leak, by);
  if (refused !== null) return err({ code: 'mend-refused', say: refused });
  await inTransaction(deps.pool, async (client) => {
    await client.query('update leak set cleared_at = now_ms() where id = $1 and cleared_at is null', [leakId]);
    await client.query(`insert into audit (by, action, subject, detail) values ($1, 'leak.mended', $2, $3)`, [
      by,
      leak.subject,
      JSON.stringify({ check: leak.check_id, mend: check.mend }),
    ]);
  });
  return ok({ did: check.mendSays });
};

/** Runs one mend; answers why it was refused, or null. */
const mend = async (deps: MendDeps, id: MendId, leak: Row, by: string): Promise<string | null> => {
  switch (id) {
    case 'reroute':
      return reroute(deps, leak);
    case 'decide-again':
      return decideAgain(deps, leak);
    case 'restore-clocks':
      return restoreClocks(deps, leak);
    case 'wake':
      return act(deps, leak, { kind: 'timer-fired', timer: leak.subject.split(' ').at(-1) as 'response' });
    case 'end-hold':
      return act(deps, leak, { kind: 'timer-fired', timer: 'hold-ends' });
    case 'tell-again':
      return tellAgain(deps.pool, leak);
    case 'resolve':
      return resolve(deps.pool, leak, by);
    case 'replay':
      return replay(deps.pool, leak);
    default:
      return assertNever(id);
  }
};

const act = async ({ acts }: MendDeps, { contact_id }: Row, input: Input): Promise<string | null> => {
  if (contact_id === null) return 'It is about no contact.';
  const outcome = await acts.act({ contactId: contact_id }, input);
  if (outcome.kind === 'done') return null;
  return outcome.kind === 'refused' ? outcome.refusal.say : 'The contact is gone.';
};

/** As if its owner had left now: which they have, or there is none. */
const reroute = async (deps: MendDeps, leak: Row): Promise<string | null> => {
  const { rows } = await deps.pool.query<{ owner_id: number | null }>('select owner_id from handoff where id = $1', [
    leak.handoff_id,
  ]);
  const repId = rows[0]?.owner_id;
  if (repId == null) return 'It has no owner to take it from; assign it by hand.';
  return act(deps, leak, { kind: 'availability-changed', repId, change: 'deactivated' });
};

/** What is known is folded anew from the stored events, under the lock, and looked at. */
const decideAgain = async ({ deciding }: MendDeps, { contact_id }: Row): Promise<string | null> => {
  if (contact_id === null) return 'It is about no contact.';
  let refused: string | null = 'The contact is gone.';
  const decided = await decideContacts(deciding, [contact_id], async ({ client, slotOf, policy }) => {
    const slot = slotOf(contact_id);
    if (slot === null) return [];
    refused = null;
    const [folded] = await foldAnew(client, policy, [slot.state]);
    if (folded !== undefined) slot.state = folded;
    const input: Input = { kind: 'facts-changed', cause: 'recount' };
    return [{ slot, work: [{ input, asOf: null, handsOff: true, tells: true }] }];
  });
  return decided ? refused : 'No policy is in force.';
};

/** Writes the clocks that the handoff's state has and whose rows are missing; ends those that it has not. */
const restoreClocks = async ({ deciding }: MendDeps, { contact_id }: Row): Promise<string | null> => {
  if (contact_id === null) return 'It is about no contact.';
  let refused: string | null = null;
  const decided = await decideContacts(deciding, [contact_id], async (locked) => {
    refused = await writeClocks(locked, contact_id);
    return [];
  });
  return decided ? refused : 'No policy is in force.';
};

const writeClocks = async ({ client, slotOf, now }: Locked, contactId: number): Promise<string | null> => {
  const slot = slotOf(contactId);
  const handoff = slot?.state.handoff ?? null;
  if (slot === null) return 'The contact is gone.';
  await client.query(
    `update handoff_clock set stopped_at = $2, stop_decided_at = $2, how = 'closed'
     where contact_id = $1 and stopped_at is null
       and not (handoff_id = $3 and kind = any($4::text[]))`,
    [contactId, now, handoff?.id ?? 0, handoff === null ? [] : Object.keys(clocksOf(handoff))],
  );
  if (handoff === null) return null;
  for (const [kind, clock] of Object.entries(clocksOf(handoff)))
    await client.query(
      `insert into handoff_clock (handoff_id, contact_id, owner_id, started_at, due_at, next_at, kind)
       select $1, $2, $3, $4, $5, $6, $7
       where not exists (select from handoff_clock where handoff_id = $1 and kind = $7 and stopped_at is null)`,
      [
        handoff.id,
        contactId,
        handoff.status === 'queued' ? null : handoff.ownerId,
        clock.startedAt,
        clock.dueAt,
        clock.nextAt ?? clock.dueAt,
        kind,
      ],
    );
  return null;
};

/** The notice that its owner should have had. */
const tellAgain = async (pool: Pool, { handoff_id }: Row): Promise<string | null> => {
  const { rowCount } = await pool.query(
    `insert into notification (decision_id, effect_index, rep_id, handoff_id, contact_id, at, about, subject, body)
     select o.decision_id, 999, o.rep_id, h.id, h.contact_id, now_ms(), 'assigned', 'A lead is yours: ' || h.reason, h.reason
     from handoff h join handoff_offer o on o.handoff_id = h.id and o.rep_id = h.owner_id
     where h.id = $1 order by o.at desc limit 1
     on conflict (decision_id, effect_index) do nothing`,
    [handoff_id],
  );
  return rowCount === 0 ? 'It has another owner by now.' : null;
};

const numberOf = ({ subject }: Row): number => Number(subject.split(' ').at(-1));

const resolve = async (pool: Pool, leak: Row, by: string): Promise<string | null> => {
  await pool.query('update quarantine set resolved_at = now_ms(), resolved_by = $2 where id = $1', [
    numberOf(leak),
    by,
  ]);
  return null;
};

/** Tried again from the beginning, with the same key. */
const replay = async (pool: Pool | PoolClient, leak: Row): Promise<string | null> => {
  const { rowCount } = await pool.query(
    `update delivery set state = 'pending', closed_at = null, closed_reason = null, first_at = null, next_at = now_ms()
     where id = $1 and state in ('dead', 'pending')`,
    [numberOf(leak)],
  );
  return rowCount === 0 ? 'It was sent or superseded meanwhile.' : null;
};

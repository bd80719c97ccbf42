/**
 * Undoing a merge: two profiles stand for themselves again. Facts and signals are told anew from each one's own events; what
 * came since the merge stays with the survivor, since it can't be said whose it was.
 */
import { observe } from '@baton/domain/facts/observe.ts';
import type { Actor, Input, ObservedEvent } from '@baton/domain/handoff/input.ts';
import { type Split, splitMerge } from '@baton/domain/handoff/splitMerge.ts';
import { type ContactState, newContact } from '@baton/domain/handoff/state.ts';
import type { ContactId, HandoffId } from '@baton/domain/kernel/ids.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { PoolClient } from 'pg';
import { ActRefused } from './act.ts';
import { actorText } from './actorText.ts';
import type { ContactSlot } from './contactSlot.ts';
import type { Work } from './decideAll.ts';
import { type DecideContactsDeps, decideContacts } from './decideContacts.ts';
import type { SurvivorBefore } from './mergeRows.ts';
import { readState } from './storedState.ts';

export type Unmerged =
  | {
      readonly kind: 'unmerged';
      readonly contactId: ContactId;
      readonly survivorId: ContactId;
      readonly handoffId: HandoffId | null;
      readonly survivorHandoffId: HandoffId | null;
      /** What could not be put back, in sentences. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly refusal: ActRefused['refusal'] };

/** Reads the stored events of contacts, each under every profile that is part of it. */
export type EventsOf = (
  client: PoolClient,
  ids: readonly ContactId[],
) => Promise<ReadonlyMap<ContactId, readonly ObservedEvent[]>>;

type Redirect = { survivor_id: number; at: number; cause: string; state: string; survivor_before: string | null };

/** Takes the merge of `contactId` into another back. */
export const makeUnmerge =
  (deps: DecideContactsDeps, eventsOf: EventsOf) =>
  async (contactId: ContactId, by: Actor): Promise<Unmerged> => {
    let redirect: Redirect | undefined;
    let split: Split | undefined;
    const notes: string[] = [];
    const next = new Map<ContactId, HandoffId | null>();
    const choose = async (client: PoolClient): Promise<readonly ContactId[]> => {
      notes.length = 0;
      redirect = await takeRedirect(client, contactId, actorText(by));
      return [contactId, redirect.survivor_id];
    };
    try {
      const decided = await decideContacts(deps, choose, async ({ client, slotOf, policy }) => {
        const loser = slotOf(contactId);
        const survivor = redirect === undefined ? null : slotOf(redirect.survivor_id);
        if (loser === null || survivor === null || redirect === undefined)
          throw new ActRefused('gone', 'Unmerge: one of the two is gone.');
        if (redirect.survivor_before === null)
          throw new ActRefused('merged-too-long-ago', 'Unmerge: it was merged before it was kept what each had.');
        const before = JSON.parse(redirect.survivor_before) as SurvivorBefore;
        const then = readState(redirect.state);
        const dropped = await endedByMerge(client, [before.handoff?.id, then.handoff?.id]);
        split = splitMerge(survivor.state, before, then, ({ id }) => dropped.has(id));
        notes.push(...split.notes);
        const since = await client.query<{ n: number }>(
          'select count(*) as n from event where contact_id = $1 and recorded_at > $2',
          [survivor.id, redirect.at],
        );
        const later = since.rows[0]?.n ?? 0;
        if (later > 0) notes.push(`${later} events since the merge stay with the surviving contact`);
        const events = await eventsOf(client, [survivor.id, loser.id]);
        part(loser, { ...then, companyId: then.companyId }, split.loser, events.get(loser.id) ?? [], policy);
        const companyId = survivor.state.companyId === then.companyId ? before.companyId : survivor.state.companyId;
        const own = { ...survivor.state, companyId };
        part(survivor, own, split.survivor, events.get(survivor.id) ?? [], policy);
        await moveRows(client, { loser: loser.id, survivor: survivor.id, at: redirect.at }, split, dropped, then);
        const workOf = (slot: ContactSlot, mine: Split['loser'], say: string): { slot: ContactSlot; work: Work[] } => ({
          slot,
          work: [
            {
              input: { kind: 'unmerged', by, part: mine, say } satisfies Input,
              asOf: null,
              handsOff: true,
              tells: true,
              done: (came) => {
                if ('refusal' in came) throw new Error(`an unmerge was refused: ${came.refusal.say}`);
                next.set(slot.id, came.decision.next.handoff?.id ?? null);
              },
            },
          ],
        });
        return [
          workOf(loser, split.loser, `stands for itself again: the merge into contact ${survivor.id} was undone`),
          workOf(survivor, split.survivor, `the merge of contact ${loser.id} was undone`),
        ];
      });
      if (!decided || redirect === undefined)
        return { kind: 'refused', refusal: { code: 'no-policy', say: 'No policy is in force.', by: null } };
    } catch (error) {
      if (error instanceof ActRefused) return { kind: 'refused', refusal: error.refusal };
      throw error;
    }
    const survivorId = redirect.survivor_id;
    return {
      kind: 'unmerged',
      contactId,
      survivorId,
      handoffId: next.get(contactId) ?? null,
      survivorHandoffId: next.get(survivorId) ?? null,
      notes,
    };
  };

/** Ends the redirect, and gives back the keys and the profiles that had come with this one. */
const takeRedirect = async (client: PoolClient, contactId: ContactId, by: string): Promise<Redirect> => {
  const { rows } = await client.query<Redirect>(
    `with ended as (
       delete from contact_redirect where contact_id = $1 returning survivor_id, at, cause, state, survivor_before
     ), kept as (
       insert into contact_redirect_undone (contact_id, survivor_id, at, undone_at, by)
       select $1, survivor_id, at, now_ms(), $2 from ended
     ), own as (
       update contact set redirected_to = null where id = $1 and exists (select from ended)
     )
     select * from ended`,
    [contactId, by],
  );
  const redirect = rows[0];
  if (redirect === undefined) throw new ActRefused('not-merged', 'Unmerge: this contact is merged into nobody.');
  await client.query(
    `with recursive mine(id) as (
       select $1::int8 union select r.contact_id from contact_redirect r join mine on r.into_id = mine.id
     ), profiles as (
       update contact_redirect r set survivor_id = $1 from mine where r.contact_id = mine.id
     )
     update identity_key k set contact_id = $1, origin_id = nullif(k.origin_id, $1)
     from mine where k.contact_id = $2 and k.origin_id = mine.id`,
    [contactId, redirect.survivor_id],
  );
  return redirect;
};

const endedByMerge = async (
  client: PoolClient,
  ids: readonly (HandoffId | undefined)[],
): Promise<ReadonlySet<HandoffId>> => {
  const { rows } = await client.query<{ id: number }>(
    `select id from handoff where id = any($1::int8[]) and status = 'merged'`,
    [ids.filter((id) => id !== undefined)],
  );
  return new Set(rows.map(({ id }) => id));
};

/** The contact's own part of what is known: its events, folded from nothing. What was decided is the core's to part. */
const part = (
  slot: ContactSlot,
  state: ContactState,
  mine: Split['loser'],
  events: readonly ObservedEvent[],
  policy: CompiledPolicy,
): void => {
  let known = newContact(slot.id, state.companyId);
  for (const event of events) known = observe(known, event, policy.collectors);
  const { facts, touches, signals } = known;
  const { hold, group, ownerId, last, suppressed } = mine;
  slot.state = {
    ...state,
    id: slot.id,
    facts,
    touches,
    signals,
    hold,
    group,
    ownerId,
    last,
    suppressed,
    handoff: null,
    decidedAt: Math.max(state.decidedAt, slot.state.decidedAt),
  };
};

const moveRows = async (
  client: PoolClient,
  ids: { readonly loser: ContactId; readonly survivor: ContactId; readonly at: number },
  split: Split,
  dropped: ReadonlySet<HandoffId>,
  then: ContactState,
): Promise<void> => {
  const { loser, survivor } = ids;
  const mine = then.handoff?.id ?? null;
  if (mine !== null && !dropped.has(mine)) {
    await client.query('update task set contact_id = $2 where handoff_id = $1 and contact_id = $3', [
      mine,
      loser,
      survivor,
    ]);
    // before the survivor's own is open again: one open handoff a contact is a unique index
    await client.query('update handoff set contact_id = $2 where id = $1 and contact_id = $3', [mine, loser, survivor]);
  }
  for (const id of dropped) {
    await client.query(
      `update task t set closed_at = null, how = null, closed_by = null, closed_decision_id = null
       from decision d where t.handoff_id = $1 and d.id = t.closed_decision_id and d.contact_id = $2
         and d.input like '{"kind":"merged"%' and (d.input::jsonb->'loser'->>'id')::int8 = $3`,
      [id, survivor, loser],
    );
    await client.query('update task set contact_id = $2 where handoff_id = $1 and contact_id = any($3::int8[])', [
      id,
      id === mine ? loser : survivor,
      [loser, survivor],
    ]);
  }
  if (split.loser.hold !== null)
    await client.query('update hold set contact_id = $1 where contact_id = $2 and ended_at is null', [loser, survivor]);
  if (split.loser.group !== null)
    await client.query('update handoff_member set contact_id = $1 where contact_id = $2 and left_at is null', [
      loser,
      survivor,
    ]);
};

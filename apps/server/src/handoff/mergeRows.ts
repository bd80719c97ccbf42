import type { Actor } from '@baton/domain/handoff/input.ts';
import type { ContactState } from '@baton/domain/handoff/state.ts';
import { type UndoableState, undoableStateOf } from '@baton/domain/handoff/undoable.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { ClientBase } from 'pg';
import { int8Array, textArray } from '../database/binary/binaryArray.ts';
import { actorText } from './actorText.ts';
import type { ContactSlot } from './contactSlot.ts';
import { storeState } from './storedState.ts';

/** What a survivor had before it took another in: undoing puts it back. */
export type SurvivorBefore = UndoableState & Pick<ContactState, 'companyId'>;
const survivorBefore = (state: ContactState): SurvivorBefore => ({
  ...undoableStateOf(state),
  companyId: state.companyId,
});

export type ProfileMerge = { readonly loser: ContactSlot; readonly survivor: ContactSlot };

const REDIRECT = `
with merges as (
  select * from unnest($1::int8[], $2::int8[], $3::text[], $7::text[]) as u(loser_id, survivor_id, state, survivor_before)
), flattened as (
  update contact_redirect r set survivor_id = m.survivor_id from merges m where r.survivor_id = m.loser_id
), moved as (
  update identity_key k set contact_id = m.survivor_id, origin_id = coalesce(k.origin_id, m.loser_id)
  from merges m where k.contact_id = m.loser_id
)
insert into contact_redirect (contact_id, survivor_id, at, cause, by, state, into_id, survivor_before)
select loser_id, survivor_id, $4::int8, $5, $6, state, survivor_id, survivor_before from merges`;

// what is open of the loser goes on with the survivor; of two only the survivor's own can
const MOVE_OPEN = [
  `update hold h set contact_id = u.survivor_id from unnest($1::int8[], $2::int8[]) as u(loser_id, survivor_id)
   where h.contact_id = u.loser_id and h.ended_at is null
     and not exists (select from hold o where o.contact_id = u.survivor_id and o.ended_at is null)`,
  `update hold h set ended_at = $3::int8, how = 'withdrawn' from unnest($1::int8[], $2::int8[]) as u(loser_id, survivor_id)
   where h.contact_id = u.loser_id and h.ended_at is null`,
  `update handoff_member m set contact_id = u.survivor_id from unnest($1::int8[], $2::int8[]) as u(loser_id, survivor_id)
   where m.contact_id = u.loser_id and m.left_at is null
     and not exists (select from handoff_member o where o.contact_id = u.survivor_id and o.left_at is null)`,
  `update handoff_member m set left_at = $3::int8 from unnest($1::int8[], $2::int8[]) as u(loser_id, survivor_id)
   where m.contact_id = u.loser_id and m.left_at is null`,
];

/**
 * Writes that profiles are one from now on: redirects (kept flat), identity keys, and whatever else is open of a loser. Marks the slots;
 * the decision `merged` of each survivor is the caller's to take. All slots are under lock.
 */
export async function mergeRows(
  client: ClientBase,
  merges: readonly ProfileMerge[],
  now: Instant,
  why: { readonly cause: string; readonly by: Actor },
): Promise<void> {
  if (merges.length === 0) return;
  const losers = int8Array(merges.map((merge) => merge.loser.id));
  const survivors = int8Array(merges.map((merge) => merge.survivor.id));
  const states = textArray(merges.map((merge) => storeState(merge.loser.state)));
  const befores = textArray(merges.map(({ survivor }) => JSON.stringify(survivorBefore(survivor.state))));
  await client.query({
    name: 'redirect-contacts',
    text: REDIRECT,
    values: [losers, survivors, states, now, why.cause, actorText(why.by), befores],
  });
  const open = merges.filter(({ loser }) => loser.state.hold !== null || loser.state.group !== null);
  if (open.length > 0)
    for (const [index, text] of MOVE_OPEN.entries())
      await client.query({
        name: `move-open-${index}`,
        text,
        values: [
          int8Array(open.map((merge) => merge.loser.id)),
          int8Array(open.map((merge) => merge.survivor.id)),
          ...(text.includes('$3') ? [now] : []),
        ],
      });
  for (const { loser, survivor } of merges) {
    loser.redirectedTo = survivor.id;
    survivor.known ||= loser.known;
  }
}

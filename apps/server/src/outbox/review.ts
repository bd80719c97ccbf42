import type { People } from '@baton/domain/assignment/assignment.ts';
import { absenceAt, isOpenAt } from '@baton/domain/assignment/availability.ts';
import { coverFor } from '@baton/domain/assignment/cover.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import type { Claimed } from './claimDue.ts';

/**
 * Why a notice is not to leave any more, judged by the handoff as it stands now; null: it is still true. What says that
 * something ended (closed, withdrawn, rejected) is never stale.
 */
const STALE = `
select d.id, now_ms() as now, case
    when s.kind = 'demo' and d.channel <> 'webhook' then 'of the demo, whose people are made up'
    when h.id is null or d.webhook_id is not null or d.about in ('closed', 'withdrawn', 'rejected', 'merged') then null
    when h.closed_at is not null then 'the handoff is ' || h.status || ' already'
    when d.to_owner and h.owner_id is distinct from coalesce(d.covers_for, d.rep_id)
      then 'somebody else has the handoff by now'
    when d.about = 'queued' and h.queue_id is null then 'it waits in no queue any more'
    when d.about in ('assigned', 'qualified', 'rerouted') and h.accepted_at > d.created_at then 'it was accepted already'
    when d.about = 'promise' and h.contacted_at > d.created_at then 'the contact was spoken to already'
  end as reason
from delivery d
left join handoff h on h.id = d.handoff_id
left join contact c on c.id = d.contact_id
left join source s on s.id = c.source_id
where d.id = any($1::int8[])`;

const SUPERSEDE = `
update delivery d set state = 'superseded', closed_at = now_ms(), closed_reason = u.reason, lease_node = null, lease_until = null,
  attempts = d.attempts - 1
from unnest($1::int8[], $2::int[], $3::text[]) as u(id, fence, reason)
where d.id = u.id and d.fence = u.fence and d.state = 'pending'`;

const COVERED = `
with moved as (
  update delivery d set covers_for = d.rep_id, rep_id = u.cover_id, destination = d.channel || ' rep:' || u.cover_id
  from unnest($1::int8[], $2::int[], $3::int8[]) as u(id, fence, cover_id)
  where d.id = u.id and d.fence = u.fence and d.state = 'pending'
  returning d.id, d.key, d.decision_id, d.rep_id, d.handoff_id, d.contact_id, d.about, d.subject, d.body
)
insert into notification (decision_id, effect_index, rep_id, handoff_id, contact_id, at, about, subject, body)
select decision_id, ${2_000} + split_part(key, ':', 2)::int, rep_id, handoff_id, contact_id, now_ms(), about, subject, body
from moved where decision_id is not null and handoff_id is not null and split_part(key, ':', 2) ~ '^\\d{1,3}$'
on conflict do nothing`;

/** Who hears of it now: the rep; while they are away or off work, whoever covers for them and is there. Never nobody. */
export const whoHears = (people: Pick<People, 'reps'>, repId: RepId, now: Instant): RepId => {
  const rep = people.reps.get(repId);
  if (rep === undefined || (absenceAt(rep, now) === null && isOpenAt(rep.calendar, now))) return repId;
  const cover = coverFor(people, repId, now);
  return cover !== null && isOpenAt(cover.calendar, now) ? cover.id : repId;
};

/**
 * Looks once more before anything leaves: closes what is superseded, with its reason, and turns to the cover what is for
 * somebody who is not there. Answers what is to be sent.
 */
export const review = async (
  pool: Pool,
  claimed: readonly Claimed[],
  loadPeople: () => Promise<People>,
): Promise<readonly Claimed[]> => {
  const { rows } = await pool.query<{ id: number; now: number; reason: string | null }>({
    name: 'stale-deliveries',
    text: STALE,
    values: [claimed.map(({ delivery }) => delivery.id)],
  });
  const reasons = new Map(rows.map((row) => [row.id, row.reason]));
  const stale = claimed.filter(({ delivery }) => reasons.get(delivery.id) != null);
  if (stale.length > 0)
    await pool.query(SUPERSEDE, [
      stale.map(({ delivery }) => delivery.id),
      stale.map(({ fence }) => fence),
      stale.map(({ delivery }) => reasons.get(delivery.id)),
    ]);
  const valid = claimed.filter(({ delivery }) => reasons.get(delivery.id) == null);
  if (valid.every(({ delivery }) => delivery.repId === null)) return valid;
  return turnToCovers(pool, valid, await loadPeople(), rows[0]?.now ?? 0);
};

const turnToCovers = async (
  pool: Pool,
  valid: readonly Claimed[],
  people: People,
  now: Instant,
): Promise<readonly Claimed[]> => {
  const covered: Claimed[] = [];
  const turned = valid.map((one) => {
    const { delivery } = one;
    if (delivery.repId === null || delivery.coversFor !== null) return one;
    const repId = whoHears(people, delivery.repId, now);
    if (repId === delivery.repId) return one;
    const turn = { ...one, delivery: { ...delivery, repId, coversFor: delivery.repId } };
    covered.push(turn);
    return turn;
  });
  if (covered.length > 0)
    await pool.query(COVERED, [
      covered.map(({ delivery }) => delivery.id),
      covered.map(({ fence }) => fence),
      covered.map(({ delivery }) => delivery.repId),
    ]);
  return turned;
};

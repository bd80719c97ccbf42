import { ownerOf } from '@baton/domain/handoff/ownerOf.ts';
import type { HandoffId } from '@baton/domain/kernel/ids.ts';
import { boolArray, int8Array, textArray } from '../../database/binary/binaryArray.ts';
import type { CopyRows, CopyValue } from '../../database/binary/copyRows.ts';
import type { Pipeline } from '../../database/binary/pipeline.ts';
import { nextDueOf, progressOf } from './handoffChanges.ts';
import type { PendingHandoff, PendingRows } from './pendingRows.ts';

/** What changes in a handoff's row after it was made. */
function changing(handoff: PendingHandoff) {
  const { open, closedAt } = handoff;
  return {
    ownerId: ownerOf(open),
    queueId: open.status === 'queued' ? open.queueId : null,
    dealId: open.dealId,
    ...progressOf(open),
    routeId: open.leg === undefined ? open.routeId : open.leg.first.routeId,
    teamId: open.leg === undefined ? open.teamId : open.leg.first.teamId,
    closedAt,
    dueAt: closedAt === null ? nextDueOf(open) : null,
    declinedBy: JSON.stringify(open.declinedBy),
  };
}

/** Adds the row of a handoff that was made in this transaction, as it ended up. */
export function addHandoffRow(copy: CopyRows, id: HandoffId, handoff: PendingHandoff): void {
  const { open, touches } = handoff;
  const now = changing(handoff);
  const row: CopyValue[] = [
    id,
    handoff.contactId,
    open.companyId,
    open.groupId,
    now.ownerId,
    now.dealId,
    open.qualifiedAt,
    now.acceptedAt,
    now.contactedAt,
    now.closedAt,
    handoff.updatedAt,
    now.dueAt,
    open.episode,
    open.offers,
    now.attempts,
    open.breached,
    handoff.status,
    open.kind,
    open.intent,
    open.ruleId,
    now.routeId,
    now.teamId,
    now.queueId,
    open.policyHash,
    open.reason,
    handoff.closedReason,
    JSON.stringify(touches ?? { first: null, latest: null }),
    touches?.first?.source ?? null,
    touches?.latest?.source ?? null,
    now.declinedBy,
  ];
  copy.add(row);
}

const UPDATE = {
  name: 'update-handoffs',
  text: `update handoff h set
      contact_id = u.contact_id, owner_id = u.owner_id, queue_id = u.queue_id, deal_id = u.deal_id, company_id = u.company_id,
      accepted_at = coalesce(u.accepted_at, h.accepted_at), contacted_at = coalesce(u.contacted_at, h.contacted_at),
      closed_at = u.closed_at, updated_at = u.updated_at, due_at = u.due_at, offers = u.offers,
      attempts = greatest(u.attempts, h.attempts), breached = u.breached, status = u.status, intent = u.intent,
      rule_id = u.rule_id, route_id = u.route_id, team_id = u.team_id, reason = u.reason, closed_reason = u.closed_reason,
      declined_by = u.declined_by
    from unnest($1::int8[], $2::int8[], $3::int8[], $4::text[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[],
      $10::int8[], $11::int8[], $12::int8[], $13::int8[], $14::bool[], $15::text[], $16::text[], $17::text[], $18::text[],
      $19::text[], $20::text[], $21::text[], $22::text[])
      as u(id, contact_id, owner_id, queue_id, deal_id, company_id, accepted_at, contacted_at, closed_at, updated_at, due_at,
        offers, attempts, breached, status, intent, rule_id, route_id, team_id, reason, closed_reason, declined_by)
    where h.id = u.id`,
};

// tasks of a merged contact only: the members of a group have tasks of their own about its handoff
const MOVE = {
  name: 'move-handoff-rows',
  text: `with moved as (select * from unnest($1::int8[], $2::int8[], $3::int8[]) as u(handoff_id, contact_id, company_id)),
    clocks as (update handoff_clock c set contact_id = m.contact_id from moved m
      where c.handoff_id = m.handoff_id and c.contact_id <> m.contact_id),
    deals as (update deal d set company_id = m.company_id from moved m
      where d.handoff_id = m.handoff_id and d.status = 'open' and d.made_by = 'policy'
        and m.company_id is not null and d.company_id is distinct from m.company_id)
    update task t set contact_id = m.contact_id from moved m, contact_redirect r
      where t.handoff_id = m.handoff_id and t.contact_id <> m.contact_id
        and r.contact_id = t.contact_id and r.survivor_id = m.contact_id`,
};

/** Writes handoffs that were there before: those that ended first, because one open handoff a contact is a unique index. */
export function updateHandoffs(pipeline: Pipeline, rows: PendingRows): void {
  const old = [...rows.handoffs].filter(([, handoff]) => !handoff.isNew).sort(([one], [other]) => one - other);
  update(
    pipeline,
    old.filter(([, handoff]) => handoff.closedAt !== null),
  );
  update(
    pipeline,
    old.filter(([, handoff]) => handoff.closedAt === null),
  );
}

function update(pipeline: Pipeline, handoffs: readonly (readonly [HandoffId, PendingHandoff])[]): void {
  if (handoffs.length === 0) return;
  const all = handoffs.map(([id, handoff]) => ({ id, handoff, open: handoff.open, now: changing(handoff) }));
  const int8 = (value: (one: (typeof all)[number]) => number | null) => int8Array(all.map(value));
  const text = (value: (one: (typeof all)[number]) => string | null) => textArray(all.map(value));
  pipeline.add(UPDATE, [
    int8((one) => one.id),
    int8((one) => one.handoff.contactId),
    int8((one) => one.now.ownerId),
    text((one) => one.now.queueId),
    int8((one) => one.now.dealId),
    int8((one) => one.open.companyId),
    int8((one) => one.now.acceptedAt),
    int8((one) => one.now.contactedAt),
    int8((one) => one.now.closedAt),
    int8((one) => one.handoff.updatedAt),
    int8((one) => one.now.dueAt),
    int8((one) => one.open.offers),
    int8((one) => one.now.attempts),
    boolArray(all.map((one) => one.open.breached)),
    text((one) => one.handoff.status),
    text((one) => one.open.intent),
    text((one) => one.open.ruleId),
    text((one) => one.now.routeId),
    text((one) => one.now.teamId),
    text((one) => one.open.reason),
    text((one) => one.handoff.closedReason),
    text((one) => one.now.declinedBy),
  ]);
  pipeline.add(MOVE, [int8((one) => one.id), int8((one) => one.handoff.contactId), int8((one) => one.open.companyId)]);
}

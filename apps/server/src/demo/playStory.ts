import { HOUR_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import type { IncomingEvent, Submit } from '../intake/incomingEvent.ts';
import type { DemoRecord } from './demoRecord.ts';
import { makeRandom } from './random.ts';
import { dealOf, nextDealId, writeRepDeal } from './repDeal.ts';
import { type ActForRep, makeSteps, type OfferedHandoff, type Step } from './repSteps.ts';
import { submitInOrder } from './submitInOrder.ts';

type StoryDeps = {
  readonly pool: Pool;
  readonly submit: Submit;
  readonly act: ActForRep;
  readonly follow: () => Promise<unknown>;
};

/** How much of the story is played before the reps have their turn: no act of theirs is later than that by its own clock. */
const SLICE_MS = 8 * HOUR_MS;
const EVENTS_A_BATCH = 1_000;
const REPS_AT_ONCE = 4;

/**
 * Plays four weeks in order of time: what people did, then what reps did with the handoffs that came of it, slice by
 * slice, since nothing about a contact is ever decided before what was decided last. Acts that would lie after the story's
 * now are left out, so that the newest handoffs are still open.
 */
export const playStory = async (
  deps: StoryDeps,
  record: DemoRecord,
  events: readonly IncomingEvent[],
): Promise<void> => {
  const seen = new Set<number>();
  let pending: Work[] = [];
  let next = 0;
  let end = events[0]?.timestamp ?? record.anchor;
  while (next < events.length || end < record.anchor) {
    end = Math.min(end + SLICE_MS, record.anchor);
    const from = next;
    while (next < events.length && (events[next]?.timestamp ?? 0) <= end) next += 1;
    for (let at = from; at < next; at += EVENTS_A_BATCH)
      await submitInOrder(deps.submit, events.slice(at, Math.min(at + EVENTS_A_BATCH, next)));
    for (const handoff of await freshHandoffs(deps.pool, record, end - 3 * SLICE_MS)) {
      if (seen.has(handoff.id)) continue;
      seen.add(handoff.id);
      const random = makeRandom(record.seed ^ seedOf(handoff.email));
      pending.push({ id: handoff.id, contactId: handoff.contact_id, steps: makeSteps(random, handoff) });
    }
    const turns = [...pending];
    const rep = async (): Promise<void> => {
      for (let one = turns.shift(); one !== undefined; one = turns.shift()) await workUntil(deps, one, end);
    };
    await Promise.all(Array.from({ length: REPS_AT_ONCE }, rep));
    await deps.follow();
    pending = pending.filter((one) => one.steps.length > 0);
    if (end === record.anchor && next >= events.length) break;
  }
};

/** A rep's next steps on one handoff; one that is refused (somebody else has it by now) ends this rep's work on it. */
const workUntil = async (deps: StoryDeps, one: Work, end: Instant): Promise<void> => {
  for (let step = one.steps[0]; step !== undefined && step.at <= end; step = one.steps[0]) {
    one.steps.shift();
    if (!(await takeStep(deps, one, step))) one.steps.length = 0;
  }
};

const takeStep = async ({ pool, act }: StoryDeps, one: Work, step: Step): Promise<boolean> => {
  const known = step.deal === 'unneeded' ? null : await dealOf(pool, one.id);
  const isNew = known === null && step.deal === 'made-if-missing';
  const dealId = isNew ? await nextDealId(pool) : known;
  const input = step.input(dealId, isNew);
  if (input === null) return false;
  if (!isNew || dealId === null) return act(one.contactId, input, step.at);
  return act(one.contactId, input, step.at, (client) =>
    writeRepDeal(client, { id: dealId, handoffId: one.id, at: step.at }),
  );
};

type Work = { readonly id: number; readonly contactId: number; readonly steps: Step[] };

const freshHandoffs = async (
  pool: Pool,
  record: DemoRecord,
  since: Instant,
): Promise<readonly (OfferedHandoff & { email: string | null })[]> => {
  const { rows } = await pool.query<OfferedHandoff & { email: string | null }>(
    `select h.id, h.contact_id, h.owner_id, h.qualified_at, h.intent, h.status, h.deal_id, c.email from handoff h
     join contact c on c.id = h.contact_id
     where h.qualified_at >= $2 and h.owner_id = any($1) and h.status in ('offered', 'open') and h.closed_at is null
     order by h.qualified_at, h.id`,
    [record.repIds, since],
  );
  return rows;
};

/** The same person's handoff is worked the same way in every load; ids differ from one to the next. */
const seedOf = (email: string | null): number =>
  [...(email ?? '')].reduce((hash, letter) => Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0), 7);

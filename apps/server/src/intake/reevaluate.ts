/**
 * Looks at contacts again whose time has come, whose hold ends, or whose company, people, lists or policy changed; the clocks
 * of handoffs are fired by promises/fireClocks.ts. The rows are the truth: a row is deleted in the transaction that decides, so it is looked at once, by whichever node comes first, and never lost.
 */
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { SlotWork } from '../handoff/decideAll.ts';
import { type DecideContactsDeps, decideContacts } from '../handoff/decideContacts.ts';
import { rebuildSignals } from './rebuildSignals.ts';

/** Contacts of one transaction: small, so that no lock is held long. */
const CHUNK = 100;

/** Causes by which time alone came due; every other cause says that something changed. */
const BY_TIME: ReadonlySet<string> = new Set(['time', 'again', 'nurture']);

/** A policy came into force: signals are rebuilt first, and what is met already is no edge. */
export const POLICY_CAUSE = 'policy';

/** What is to be decided, and as of when: null is now, an instant that of the past act it follows, which told nobody. */
type Due = { readonly input: Input; readonly asOf: Instant | null };

const dueOf = (row: { readonly cause: string; readonly input: string | null }): Due => {
  if (row.input === null) return { input: inputFor(row.cause), asOf: null };
  const { asOf = null, ...input } = JSON.parse(row.input) as Input & { readonly asOf?: Instant };
  return { input, asOf };
};

const inputFor = (cause: string): Input => {
  if (cause === POLICY_CAUSE) return { kind: 'policy-published' };
  if (BY_TIME.has(cause)) return { kind: 'timer-fired', timer: 'reevaluate' };
  return { kind: 'facts-changed', cause };
};

/** Decides everything that is due, chunk by chunk. Answers how many contacts were looked at. */
export async function reevaluateDue(deps: DecideContactsDeps): Promise<number> {
  let total = 0;
  // `(select now_ms())` is asked once, so that the index finds what is due; the function alone would be asked row by row
  for (;;) {
    const { rows: due } = await deps.pool.query<{ contact_id: number }>(
      `select contact_id from reevaluation where at <= (select now_ms()) order by at limit ${CHUNK}`,
    );
    const { rows: holds } = await deps.pool.query<{ contact_id: number }>(
      `select contact_id from hold where ended_at is null and until <= (select now_ms()) order by until limit ${CHUNK}`,
    );
    const ids = [...new Set([...due, ...holds].map((row) => row.contact_id))];
    if (ids.length === 0) return total;
    const looked = await reevaluateChunk(deps, ids);
    if (looked === 0) return total;
    total += looked;
  }
}

async function reevaluateChunk(deps: DecideContactsDeps, ids: readonly ContactId[]): Promise<number> {
  let looked = 0;
  await decideContacts(deps, ids, async ({ client, slotOf, now, policy }) => {
    looked = 0;
    const { rows } = await client.query<{ contact_id: number; cause: string; at: Instant; input: string | null }>({
      name: 'take-reevaluations',
      text: `delete from reevaluation where contact_id = any($1::int8[]) and at <= $2
        returning contact_id, cause, at, input`,
      values: [int8Array(ids), now],
    });
    const work = new Map<ContactId, SlotWork & { readonly inputs: Set<string> }>();
    const add = (contactId: ContactId, { input, asOf }: Due): void => {
      const slot = slotOf(contactId);
      if (slot === null) return;
      const one = work.get(slot.id) ?? { slot, work: [], inputs: new Set<string>() };
      work.set(slot.id, one);
      const text = JSON.stringify(input);
      if (one.inputs.has(text)) return;
      one.inputs.add(text);
      (one.work as unknown[]).push({ input, asOf, handsOff: true, tells: asOf === null });
      looked += 1;
    };
    const published = rows.filter((row) => row.cause === POLICY_CAUSE).map((row) => slotOf(row.contact_id));
    await rebuildSignals(
      client,
      published.filter((slot) => slot !== null),
      policy.collectors,
    );
    // what was met when the policy began is remembered first: nothing that came due meanwhile makes an edge of it
    const isPolicy = (row: { readonly cause: string }): number => (row.cause === POLICY_CAUSE ? 0 : 1);
    rows.sort(
      (one, other) => isPolicy(one) - isPolicy(other) || one.at - other.at || (one.cause < other.cause ? -1 : 1),
    );
    for (const row of rows) add(row.contact_id, dueOf(row));
    for (const id of ids) {
      const state = slotOf(id)?.state;
      if (state?.hold != null && state.hold.until <= now)
        add(id, { input: { kind: 'timer-fired', timer: 'hold-ends' }, asOf: null });
    }
    return [...work.values()];
  });
  return looked;
}

export type Reevaluation = {
  /** Something was written that may be due now: look soon. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
};

/** Drains what is due every `everyMs`, and soon after `wake`. An error is told and the next round tries again. */
export function startReevaluation(
  deps: DecideContactsDeps,
  choice: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): Reevaluation {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  const run = (): void => {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = reevaluateDue(deps)
      .then(() => undefined, choice.onError)
      .finally(() => {
        running = null;
        if (again) {
          again = false;
          run();
        }
      });
  };
  const timer = setInterval(run, choice.everyMs);
  timer.unref();
  return {
    wake: run,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

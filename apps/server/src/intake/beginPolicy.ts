import { decide } from '@baton/domain/handoff/decide.ts';
import type { ContactState } from '@baton/domain/handoff/state.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { ClientBase } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { ContactSlot } from '../handoff/contactSlot.ts';
import { loadCompanyFacts } from '../handoff/loadCompanyFacts.ts';
import type { ReferenceCache, References } from '../handoff/references.ts';
import { rebuildSignals } from './rebuildSignals.ts';

const EMPTY = new Map();

/**
 * Decides `policy-published` for those of `slots` that wait for it, and takes their rows away. The slots are under lock, and
 * none of this group's events is folded in yet.
 */
export async function beginPolicy(
  client: ClientBase,
  cache: ReferenceCache,
  references: References,
  slots: ReadonlyMap<ContactId, ContactSlot>,
  now: Instant,
): Promise<void> {
  const { policy, people, policySeq } = references;
  if (policy === null || cache.begunSeq === policySeq) return;
  const found = await client.query<[number | null, boolean]>({
    name: 'begin-policy',
    text: `with taken as (
        delete from reevaluation where cause = 'policy' and contact_id = any($1::int8[]) returning contact_id
      )
      select contact_id, true from taken
      union all select null, exists (select from reevaluation where cause = 'policy')`,
    values: [int8Array([...slots.keys()])],
    rowMode: 'array',
  });
  if (found.rows.every(([id, some]) => id === null && !some)) {
    cache.begunSeq = policySeq;
    return;
  }
  const waiting = found.rows.flatMap(([id]) => (id === null ? [] : [slots.get(id) as ContactSlot]));
  if (waiting.length === 0) return;
  await rebuildSignals(client, waiting, policy.collectors);
  const facts = await loadCompanyFacts(client, waiting);
  for (const slot of waiting) {
    const { companyId } = slot.state;
    const decided = decide(
      slot.state,
      { kind: 'policy-published' },
      {
        now: Math.max(now, slot.state.decidedAt),
        decisionId: 0,
        policy,
        people,
        companyFacts: companyId === null ? null : (facts.get(companyId) ?? {}),
        companies: EMPTY,
        ledgers: EMPTY,
        loads: EMPTY,
        handsOff: false,
        tells: false,
      },
    );
    if (decided.kind !== 'decided') throw new Error(`contact ${slot.id}: a policy's beginning needs no more`);
    slot.state = remember(slot.state, decided.decision.next.metBefore);
  }
}

/** Nothing was decided about handing off: when that last was stays as it is. */
const remember = (state: ContactState, metBefore: readonly string[]): ContactState =>
  state.metBefore.length === 0 && metBefore.length === 0 ? state : { ...state, metBefore };

import type { Decision, Refusal } from '@baton/domain/handoff/decision.ts';
import type { Actor, Input } from '@baton/domain/handoff/input.ts';
import type { ContactId, HandoffId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { PoolClient } from 'pg';
import { type DecideContactsDeps, decideContacts } from './decideContacts.ts';
import { mergeRows } from './mergeRows.ts';

/** What an act is about: a contact, or the contact of one handoff, which must still be that contact's open one. */
export type ActTarget = { readonly contactId: ContactId } | { readonly handoffId: HandoffId };

export type ActOutcome =
  | { readonly kind: 'done'; readonly contactId: ContactId; readonly decision: Decision }
  /** It may not be done, or somebody else was first; `refusal.by` says who. Nothing was written. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'not-found' };

export type ActChoice = {
  /** Decide as of this instant instead of now (an import's row, a story's day). */
  readonly asOf?: Instant;
  /** False: nobody is told. */
  readonly tells?: boolean;
  /** Runs in the same transaction, under the contact's lock, before the decision; throw to undo all. */
  readonly within?: (client: PoolClient, contactId: ContactId, now: Instant, policy: CompiledPolicy) => Promise<void>;
};

/** Thrown in the act's transaction where it may not be done: nothing of it is written, and the actor gets the sentence. */
export class ActRefused extends Error {
  readonly refusal: Refusal;
  constructor(code: string, say: string, by: Refusal['by'] = null) {
    super(say);
    this.refusal = { code, say, by };
  }
}

/** Makes the input under the contact's lock, from rows that only then stand still. Throw `ActRefused` to refuse. */
export type MakeInput = (client: PoolClient, contactId: ContactId, now: Instant) => Promise<Input>;

export type Acts = {
  /** Decides one input about one contact and commits it. Of two at once one wins, the other is refused and told by whom. */
  readonly act: (target: ActTarget, input: Input | MakeInput, choice?: ActChoice) => Promise<ActOutcome>;
  /** Makes `loser` part of `survivor`. Merging what is one already is done without effect. */
  readonly merge: (survivor: ContactId, loser: ContactId, by: Actor) => Promise<ActOutcome>;
};

const NO_POLICY: Refusal = {
  code: 'no-policy',
  say: 'No policy is in force; publish one first (`baton policy publish`).',
  by: null,
};

/** What people, timers and other systems do with contacts and handoffs. */
export function makeActs(deps: DecideContactsDeps): Acts {
  const act: Acts['act'] = async (target, given, choice = {}) => {
    const contactId = await contactOf(deps, target);
    if (contactId === null) return { kind: 'not-found' };
    let outcome: ActOutcome = { kind: 'not-found' };
    const deciding = decideContacts(deps, [contactId], async ({ client, slotOf, now, policy }) => {
      const slot = slotOf(contactId);
      if (slot === null) return [];
      if ('handoffId' in target && !concerns(slot.state, target.handoffId)) {
        outcome = { kind: 'refused', refusal: await whyNotOpen(client, target.handoffId) };
        return [];
      }
      await choice.within?.(client, slot.id, now, policy);
      const input = typeof given === 'function' ? await given(client, slot.id, now) : given;
      const done = (came: { readonly decision: Decision } | { readonly refusal: Refusal }) => {
        outcome =
          'decision' in came
            ? { kind: 'done', contactId: slot.id, decision: came.decision }
            : { kind: 'refused', refusal: came.refusal };
      };
      return [
        { slot, work: [{ input, asOf: choice.asOf ?? null, handsOff: true, tells: choice.tells ?? true, done }] },
      ];
    });
    try {
      return (await deciding) ? outcome : { kind: 'refused', refusal: NO_POLICY };
    } catch (error) {
      if (error instanceof ActRefused) return { kind: 'refused', refusal: error.refusal };
      throw error;
    }
  };

  const merge: Acts['merge'] = async (survivorId, loserId, by) => {
    let outcome: ActOutcome = { kind: 'not-found' };
    const decided = await decideContacts(deps, [survivorId, loserId], async ({ client, slotOf, now }) => {
      const survivor = slotOf(survivorId);
      const loser = slotOf(loserId);
      if (survivor === null || loser === null) return [];
      if (survivor === loser) {
        outcome = {
          kind: 'refused',
          refusal: { code: 'already-merged', say: 'They are one contact already.', by: null },
        };
        return [];
      }
      await mergeRows(client, [{ loser, survivor }], now, { cause: 'by-hand', by });
      const done = (came: { readonly decision: Decision } | { readonly refusal: Refusal }) => {
        if ('refusal' in came) throw new Error(`a merge was refused: ${came.refusal.say}`);
        outcome = { kind: 'done', contactId: survivor.id, decision: came.decision };
      };
      const input: Input = { kind: 'merged', loser: loser.state };
      return [{ slot: survivor, work: [{ input, asOf: null, handsOff: true, tells: true, done }] }];
    });
    return decided ? outcome : { kind: 'refused', refusal: NO_POLICY };
  };
  return { act, merge };
}

/** True where the contact's open handoff, or the one it joined as a member, is this one. */
function concerns(
  state: {
    readonly handoff: { readonly id: HandoffId } | null;
    readonly group: { readonly handoffId: HandoffId } | null;
  },
  handoffId: HandoffId,
): boolean {
  return state.handoff?.id === handoffId || state.group?.handoffId === handoffId;
}

async function contactOf({ pool }: DecideContactsDeps, target: ActTarget): Promise<ContactId | null> {
  if ('contactId' in target) return target.contactId;
  const { rows } = await pool.query<{ contact_id: number }>('select contact_id from handoff where id = $1', [
    target.handoffId,
  ]);
  return rows[0]?.contact_id ?? null;
}

async function whyNotOpen(client: PoolClient, handoffId: HandoffId): Promise<Refusal> {
  const { rows } = await client.query<{ status: string; owner_id: number | null; name: string | null }>(
    'select h.status, h.owner_id, r.name from handoff h left join rep r on r.id = h.owner_id where h.id = $1',
    [handoffId],
  );
  const found = rows[0];
  const status = found?.status ?? 'gone';
  return {
    code: 'handoff-closed',
    say: `This handoff is ${status} already${found?.name == null ? '' : ` (${found.name})`}.`,
    by: found?.owner_id ?? null,
  };
}

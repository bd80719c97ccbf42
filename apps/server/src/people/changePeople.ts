import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { PoolClient } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import { BeginAgain } from '../handoff/beginAgain.ts';
import { type DecideContactsDeps, decideContacts } from '../handoff/decideContacts.ts';
import type { PeopleError } from './peopleError.ts';
import { holdPeople } from './settleLedgers.ts';

/** A change of people, and what is decided anew because of it. */
export type Changing<T> = {
  /** Contacts whose open handoff it concerns. Asked before and again after people are held. */
  readonly concerned: (client: PoolClient) => Promise<readonly ContactId[]>;
  /** Makes the change; an error undoes all. */
  readonly apply: (client: PoolClient) => Promise<Result<T, PeopleError>>;
  readonly input: Input;
  /** What the reevaluation is called where no policy is in force to decide by. */
  readonly cause: string;
};

/** `decided`: how many handoffs moved because of it. */
export type Changed<T> = { readonly value: T; readonly decided: number };

/** The change was refused: carries the reason out of the transaction that it undoes. */
class Refused extends Error {
  readonly error: PeopleError;

  constructor(error: PeopleError) {
    super(error.say);
    this.error = error;
  }
}

/**
 * Changes people and decides all that follows for open handoffs, in one transaction: nobody ever sees the one without the
 * other. Contacts are locked before people, as everywhere; what came to be concerned meanwhile begins it again. While no
 * policy is in force the change stands alone, and the handoffs wait for the next one.
 */
export const changePeople = async <T>(
  deps: DecideContactsDeps,
  changing: Changing<T>,
): Promise<Result<Changed<T>, PeopleError>> => {
  let value: { readonly is: T } | null = null;
  let decided = 0;
  let contactIds: readonly ContactId[] = [];
  const apply = async (client: PoolClient): Promise<void> => {
    const applied = await changing.apply(client);
    if (!applied.ok) throw new Refused(applied.error);
    value = { is: applied.value };
  };
  const choose = async (client: PoolClient): Promise<readonly ContactId[]> => {
    contactIds = await changing.concerned(client);
    return contactIds;
  };
  try {
    const isDecided = await decideContacts(
      deps,
      choose,
      async ({ slotOf }) => {
        decided = 0;
        return contactIds.flatMap((id) => {
          const slot = slotOf(id);
          if (slot === null) return [];
          const done = (came: object) => {
            if ('decision' in came && (came.decision as { changes: readonly unknown[] }).changes.length > 0)
              decided += 1;
          };
          return [{ slot, work: [{ input: changing.input, asOf: null, handsOff: true, tells: true, done }] }];
        });
      },
      {
        apply: async (client, locked) => {
          const still = await changing.concerned(client);
          if (still.some((id) => !locked.has(id))) throw new BeginAgain('more handoffs came to be concerned');
          await apply(client);
        },
      },
    );
    if (!isDecided) await withoutPolicy(deps, changing, apply);
  } catch (error) {
    if (error instanceof Refused) return err(error.error);
    throw error;
  }
  if (value === null) throw new Error('a change of people was not made');
  return ok({ value: (value as { readonly is: T }).is, decided });
};

const withoutPolicy = <T>(
  { pool }: DecideContactsDeps,
  changing: Changing<T>,
  apply: (client: PoolClient) => Promise<void>,
): Promise<void> =>
  inTransaction(pool, async (client) => {
    await holdPeople(client);
    await apply(client);
    await askAgain(client, await changing.concerned(client), changing.cause, changing.input);
  });

/** Has what is open of these contacts decided by whoever runs the reevaluations, with this input. */
export const askAgain = async (
  client: PoolClient,
  contactIds: readonly ContactId[],
  cause: string,
  input: Input,
): Promise<void> => {
  await client.query(
    `insert into reevaluation (contact_id, cause, at, input)
     select id, $2, now_ms(), $3 from unnest($1::int8[]) as concerned(id)
     on conflict (contact_id, cause) do update set at = excluded.at, input = excluded.input`,
    [[...new Set(contactIds)], cause, JSON.stringify(input)],
  );
};

/**
 * What every decision reads besides its contact and that seldom changes: reps, teams and the policy in force. Kept in
 * memory and replaced when the database says that it has moved on; each group of decisions uses one consistent set.
 */
import type { People } from '@baton/domain/assignment/assignment.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { ClientBase } from 'pg';

export type References = {
  readonly peopleVersion: number;
  readonly people: People;
  /** policy_active.seq; 0: nothing was ever in force. */
  readonly policySeq: number;
  /** Null: nothing is in force, Baton only observes. */
  readonly policy: CompiledPolicy | null;
};

/** Calendars are resolved over a horizon around the day on which people are loaded: the next day they are loaded anew. */
const PEOPLE_GOOD_MS = 86_400_000;

/** How the references are loaded: the rooms that own them say so (agreement, people). */
export type ReferenceLoaders = {
  /** What is in force; null: nothing. */
  readonly loadActivePolicy: (
    client: ClientBase,
  ) => Promise<{ readonly seq: number; readonly compiled: CompiledPolicy } | null>;
  readonly loadPeople: (client: ClientBase) => Promise<People>;
};

const VERSIONS = `
select (select version from reference_version where name = 'people') as people,
  coalesce((select max(seq) from policy_active), 0) as policy`;

/** What a process knows of itself that its decisions' rows depend on. */
export type HouseFacts = {
  /** Reps are told in the app and nowhere else: no way that reaches a person is set up. */
  readonly inAppOnly: boolean;
};

/** The references of one process. */
export class ReferenceCache {
  readonly house: HouseFacts;
  readonly #loaders: ReferenceLoaders;
  #current: References | null = null;
  /** When the people of `current` were loaded, by a clock that nobody sets. */
  #peopleLoadedAt = 0;
  /** The publishing (`policySeq`) since which nobody waits to be looked at any more, as far as this process has seen. */
  begunSeq = 0;

  constructor(loaders: ReferenceLoaders, house: HouseFacts = { inAppOnly: false }) {
    this.house = house;
    this.#loaders = loaders;
  }

  /** The references of the versions that the caller has just read; loads them where they are not at hand. */
  async at(client: ClientBase, peopleVersion: number, policySeq: number): Promise<References> {
    const current = this.#current;
    const isGood =
      current?.peopleVersion === peopleVersion && performance.now() - this.#peopleLoadedAt < PEOPLE_GOOD_MS;
    if (current !== null && isGood && current.policySeq === policySeq) return current;
    const policyMoved = current?.policySeq !== policySeq;
    const active = policyMoved && policySeq > 0 ? await this.#loaders.loadActivePolicy(client) : null;
    const loaded: References = {
      peopleVersion,
      people: current !== null && isGood ? current.people : await this.#loaders.loadPeople(client),
      // a later publishing may have been seen by now: its own seq goes with it
      policySeq: active?.seq ?? policySeq,
      policy: policyMoved ? (active?.compiled ?? null) : (current?.policy ?? null),
    };
    if (!isGood) this.#peopleLoadedAt = performance.now();
    this.#current = loaded;
    return loaded;
  }

  /**
   * People as this transaction has just changed them, loaded for it alone: until it commits they are nobody else's, and
   * another change may come to the same version.
   */
  async unkept(client: ClientBase): Promise<Pick<References, 'people' | 'peopleVersion'>> {
    const { rows } = await client.query<[number, number]>({ name: 'versions', text: VERSIONS, rowMode: 'array' });
    return { peopleVersion: (rows[0] as [number, number])[0], people: await this.#loaders.loadPeople(client) };
  }

  /** Reads the versions and answers the references of now. */
  async now(client: ClientBase): Promise<References> {
    const { rows } = await client.query<[number, number]>({ name: 'versions', text: VERSIONS, rowMode: 'array' });
    const [people, policy] = rows[0] as [number, number];
    return this.at(client, people, policy);
  }
}

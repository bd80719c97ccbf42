/**
 * What every decision reads besides its contact and that seldom changes: reps, teams and the policy in force. Kept in
 * memory and replaced when the database says that it has moved on; each group of decisions uses one consistent set.
 */
import type { People } from '@baton/domain/assignment/assignment.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { ClientBase } from 'pg';
import { loadPeople } from '../people/loadPeople.ts';

export type References = {
  readonly peopleVersion: number;
  readonly people: People;
  /** policy_active.seq; 0: nothing was ever in force. */
  readonly policySeq: number;
  /** Null: nothing is in force, Baton only observes. */
  readonly policy: CompiledPolicy | null;
};

/** Loads and compiles one stored policy version. */
export type LoadPolicy = (client: ClientBase, versionId: number) => Promise<CompiledPolicy>;

const VERSIONS = `
select (select version from reference_version where name = 'people') as people,
  coalesce((select max(seq) from policy_active), 0) as policy`;

/** The references of one process. */
export class ReferenceCache {
  readonly #loadPolicy: LoadPolicy;
  #current: References | null = null;

  constructor(loadPolicy: LoadPolicy) {
    this.#loadPolicy = loadPolicy;
  }

  /** The references of the versions that the caller has just read; loads them where they are not at hand. */
  async at(client: ClientBase, peopleVersion: number, policySeq: number): Promise<References> {
    const current = this.#current;
    if (current?.peopleVersion === peopleVersion && current.policySeq === policySeq) return current;
    const loaded: References = {
      peopleVersion,
      people: current?.peopleVersion === peopleVersion ? current.people : await loadPeople(client),
      policySeq,
      policy: current?.policySeq === policySeq ? current.policy : await this.#loadActive(client, policySeq),
    };
    this.#current = loaded;
    return loaded;
  }

  /** Reads the versions and answers the references of now. */
  async now(client: ClientBase): Promise<References> {
    const { rows } = await client.query<[number, number]>({ name: 'versions', text: VERSIONS, rowMode: 'array' });
    const [people, policy] = rows[0] as [number, number];
    return this.at(client, people, policy);
  }

  async #loadActive(client: ClientBase, policySeq: number): Promise<CompiledPolicy | null> {
    if (policySeq === 0) return null;
    const { rows } = await client.query<{ version_id: number | null }>(
      'select version_id from policy_active where seq = $1',
      [policySeq],
    );
    const versionId = rows[0]?.version_id ?? null;
    return versionId === null ? null : this.#loadPolicy(client, versionId);
  }
}

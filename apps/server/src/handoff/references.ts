/**
 * What every decision reads besides its contact and that seldom changes: reps, teams and the policy in force. Kept in
 * memory and replaced when the database says that it has moved on; each group of decisions uses one consistent set.
 */
import type { People, Rep, Team } from '@baton/domain/assignment/assignment.ts';
import type { RepId, TeamId } from '@baton/domain/kernel/ids.ts';
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

/** Loads and compiles one stored policy version. */
export type LoadPolicy = (client: ClientBase, versionId: number) => Promise<CompiledPolicy>;

/** The two versions in one row, to be read beside something else: `people`, `policy`. */
export const VERSIONS_SQL = `
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
    const { rows } = await client.query<[number, number]>({ name: 'versions', text: VERSIONS_SQL, rowMode: 'array' });
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

/** Reads all reps and teams as they are now. */
export async function loadPeople(client: ClientBase): Promise<People> {
  const reps = new Map<RepId, Rep>();
  const teams = new Map<TeamId, Team>();
  const found = await client.query<{
    id: number;
    name: string;
    email: string;
    active: boolean;
    selling: boolean;
    caps: string;
  }>('select id, name, email, active, selling, caps from rep order by id');
  for (const row of found.rows) reps.set(row.id, { ...row, caps: JSON.parse(row.caps) as Rep['caps'] });
  const members = await client.query<{ id: string; name: string; members: { repId: RepId; weight: number }[] }>(`
    select t.id, t.name, coalesce(
      json_agg(json_build_object('repId', m.rep_id, 'weight', m.weight) order by m.rep_id) filter (where m.rep_id is not null), '[]'
    ) as members
    from team t left join team_member m on m.team_id = t.id group by t.id, t.name order by t.id`);
  for (const row of members.rows) teams.set(row.id, row);
  return { reps, teams };
}

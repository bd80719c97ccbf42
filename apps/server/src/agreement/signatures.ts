import { foldText } from '@baton/domain/facts/text.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import { newestVersion, type PolicyVersion, VERSION_COLUMNS } from './policyVersions.ts';

export type SigningTeam = 'marketing' | 'sales';

/** One team's word for one hash in one review round. */
export interface Signature {
  readonly team: SigningTeam;
  readonly person: string;
  readonly hash: string;
  readonly reviewRound: number;
  readonly at: number;
  /** False: the person has been switched off since; the signature no longer counts. */
  readonly living: boolean;
}

export type AgreementErrorCode =
  | 'version-unknown'
  | 'version-superseded'
  | 'signature-mismatch'
  | 'signature-missing'
  | 'signature-no-longer-valid'
  | 'signed-for-the-other-team'
  | 'already-signed'
  | 'person-inactive'
  | 'person-unnamed'
  | 'team-unknown'
  | 'already-active'
  | 'active-changed'
  | 'corrupt-version';

/** Why an act on the agreement was not done, as a code and a sentence that says how to go on. */
export interface AgreementError {
  readonly code: AgreementErrorCode;
  readonly say: string;
}

export interface SigningAct {
  readonly versionId: number;
  /** The hash that the person has read. */
  readonly hash: string;
  readonly team: SigningTeam;
  /** The person's e-mail address (or name, where they have none here). */
  readonly person: string;
}

/**
 * Signs one version for one team. Refused: a version that is not the newest of its name, another hash than the
 * version's, a second signature of the same team, the same person for both teams, a person who is switched off.
 */
export async function signPolicy(pool: Pool, act: SigningAct): Promise<Result<Signature, AgreementError>> {
  const person = act.person.trim();
  if (person === '') return err({ code: 'person-unnamed', say: 'A signature names a person.' });
  return inTransaction(pool, async (client) => {
    const version = await lockVersion(client, act.versionId);
    if (!version.ok) return version;
    const { hash, reviewRound } = version.value;
    if (hash !== act.hash)
      return err({
        code: 'signature-mismatch',
        say: `Version ${act.versionId} has the hash ${short(hash)}, not ${short(act.hash)}. Read it again before signing.`,
      });
    if (!(await isLiving(client, person)))
      return err({ code: 'person-inactive', say: `${person} is switched off and can’t sign.` });
    for (const signature of await signaturesOf(client, version.value)) {
      if (signature.team === act.team)
        return err({
          code: 'already-signed',
          say: `${signature.person} has signed for ${act.team} in this round already.`,
        });
      if (foldText(signature.person) === foldText(person))
        return err({
          code: 'signed-for-the-other-team',
          say: `${person} has signed for ${signature.team}: the two teams sign by two different people.`,
        });
    }
    const { rows } = await client.query<{ at: number }>(
      `insert into policy_signature (version_id, review_round, team, person, hash)
       values ($1, $2, $3, $4, $5) returning at`,
      [act.versionId, reviewRound, act.team, person, hash],
    );
    await client.query('insert into audit (by, action, subject, detail) values ($1, $2, $3, $4)', [
      person,
      'policy-signed',
      `policy ${act.versionId}`,
      JSON.stringify({ hash, team: act.team, reviewRound }),
    ]);
    return ok({ team: act.team, person, hash, reviewRound, at: rows[0]?.at ?? 0, living: true });
  });
}

/** Locks a version that is the newest of its name; an older one has been edited since, which voids what it had. */
export async function lockVersion(
  client: Queryable,
  versionId: number,
): Promise<Result<PolicyVersion, AgreementError>> {
  const { rows } = await client.query<PolicyVersion>(
    `select ${VERSION_COLUMNS} from policy_version where id = $1 for update`,
    [versionId],
  );
  const version = rows[0];
  if (version === undefined) return err({ code: 'version-unknown', say: `There is no policy version ${versionId}.` });
  const newest = await newestVersion(client, version.name);
  if (newest !== undefined && newest.id !== version.id)
    return err({
      code: 'version-superseded',
      say: `Version ${versionId} was edited: version ${newest.id} took its place and must be signed anew.`,
    });
  return ok(version);
}

/** The signatures of a version in its round, for its hash. */
export async function signaturesOf(
  client: Queryable,
  version: Pick<PolicyVersion, 'id' | 'hash' | 'reviewRound'>,
): Promise<readonly Signature[]> {
  const { rows } = await client.query<Signature>(
    `select team, person, hash, review_round as "reviewRound", at,
            not exists (${SWITCHED_OFF.replaceAll('$1', 'signature.person')}) as living
     from policy_signature signature
     where version_id = $1 and review_round = $2 and hash = $3 order by at, id`,
    [version.id, version.reviewRound, version.hash],
  );
  return rows;
}

/** A rep or an account of that address (or name) is switched off, and none of it is active. */
const SWITCHED_OFF = `select 1 from (
    select active from rep where lower(trim($1)) in (lower(email), lower(name))
    union all select state <> 'deactivated' from account where lower(trim($1)) in (email, lower(name))
  ) known having bool_or(not active) and not bool_or(active)`;

async function isLiving(client: Queryable, person: string): Promise<boolean> {
  const { rows } = await client.query(SWITCHED_OFF, [person]);
  return rows.length === 0;
}

/** The first characters of a hash, in groups, as people compare it. */
export function short(hash: string): string {
  return (hash.slice(0, 12).match(/.{1,4}/g) ?? []).join(' ');
}

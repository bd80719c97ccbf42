import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { readCanonical } from '@baton/domain/policy/canonical.ts';
import type { PolicyDocument, RouteTarget } from '@baton/domain/policy/document.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import type { PolicyVersion } from './policyVersions.ts';
import {
  type AgreementError,
  lockVersion,
  type Signature,
  type SigningTeam,
  short,
  signaturesOf,
} from './signatures.ts';

/** `two-key`: both teams have signed. `single-signer`: one has, and every screen says so. */
export type PublishMode = 'two-key' | 'single-signer';

export interface PublishAct {
  readonly versionId: number;
  readonly by: string;
  /** `two-key` unless the company chose the other by name. */
  readonly mode?: PublishMode;
  /** The newest publishing that the person saw; when another came between, nothing is done. Left out: whatever is newest. */
  readonly seenSeq?: number;
}

/** A publishing: from `since` on this version is in force. */
export interface Published {
  readonly seq: number;
  readonly versionId: number;
  readonly hash: string;
  readonly mode: PublishMode;
  readonly since: number;
  readonly signatures: readonly Signature[];
}

/** Whom LISTEN tells of a publishing; the payload is its seq. Who can't listen asks `loadActivePolicy` again. */
export const POLICY_CHANNEL = 'baton_policy';

/**
 * Everybody is looked at again: their signals are built as this version wants them, and the rules that they meet already
 * are remembered (`reevaluate` in the intake room). One statement; drained in chunks behind it.
 */
const LOOK_AT_ALL = `
insert into reevaluation (contact_id, cause, at)
select id, 'policy', now_ms() from contact where redirected_to is null and erased_at is null
on conflict (contact_id, cause) do update set at = excluded.at`;

/**
 * Puts a version into force, from now on. Needs the signatures of two different living people of the two teams for its
 * hash in its round, or one in single-signer mode. Of two publishings at once one wins, the other gets
 * `active-changed`. Contacts who match already are not handed off for it: a decision compares with `since`.
 */
export async function publishPolicy(pool: Pool, act: PublishAct): Promise<Result<Published, AgreementError>> {
  const mode = act.mode ?? 'two-key';
  return inTransaction(pool, async (client) => {
    const version = await lockVersion(client, act.versionId);
    if (!version.ok) return version;
    await lockSigners(client, act.versionId);
    const signatures = await signaturesOf(client, version.value);
    const refusal = judgeSignatures(version.value, signatures, mode) ?? (await judgeTeams(client, version.value));
    if (refusal !== undefined) return err(refusal);
    const { rows } = await client.query<{ seq: number; version_id: number | null; mode: PublishMode }>(
      'select seq, version_id, mode from policy_active order by seq desc limit 1',
    );
    const current = rows[0];
    if (current?.version_id === act.versionId && current.mode === mode)
      return err({ code: 'already-active', say: `Version ${act.versionId} is in force already.` });
    const seen = act.seenSeq ?? current?.seq ?? 0;
    const inserted = await client.query<{ since: number }>(
      `insert into policy_active (seq, version_id, mode, by) select $1, $2, $3, $4
       where $1 = coalesce((select max(seq) from policy_active), 0) + 1
       on conflict (seq) do nothing returning since`,
      [seen + 1, act.versionId, mode, act.by],
    );
    const since = inserted.rows[0]?.since;
    if (since === undefined)
      return err({
        code: 'active-changed',
        say: 'Another version was published meanwhile. Look at it, then publish again.',
      });
    await client.query(LOOK_AT_ALL);
    await client.query('insert into audit (by, action, subject, detail) values ($1, $2, $3, $4)', [
      act.by,
      'policy-published',
      `policy ${act.versionId}`,
      JSON.stringify({
        hash: version.value.hash,
        mode,
        seq: seen + 1,
        signedBy: signatures.map(({ team, person }) => ({ team, person })),
      }),
    ]);
    await client.query('select pg_notify($1, $2)', [POLICY_CHANNEL, String(seen + 1)]);
    return ok({ seq: seen + 1, versionId: act.versionId, hash: version.value.hash, mode, since, signatures });
  });
}

/** Keeps whoever signed from being switched off between this look and the commit. */
async function lockSigners(client: Queryable, versionId: number): Promise<void> {
  await client.query(
    `select 1 from rep where exists (select 1 from policy_signature signature where version_id = $1
       and lower(trim(signature.person)) in (lower(rep.email), lower(rep.name))) order by id for share`,
    [versionId],
  );
}

const TEAMS: readonly SigningTeam[] = ['marketing', 'sales'];

function judgeSignatures(
  version: PolicyVersion,
  signatures: readonly Signature[],
  mode: PublishMode,
): AgreementError | undefined {
  const gone = signatures.find((signature) => !signature.living);
  if (gone !== undefined)
    return {
      code: 'signature-no-longer-valid',
      say: `${gone.person}, who signed for ${gone.team}, was switched off since. Somebody else of ${gone.team} signs a new version.`,
    };
  const missing = TEAMS.filter((team) => !signatures.some((signature) => signature.team === team));
  if (mode === 'single-signer' ? missing.length < TEAMS.length : missing.length === 0) return undefined;
  return {
    code: 'signature-missing',
    say: `Version ${version.id} (${short(version.hash)}) lacks the signature of ${missing.join(' and ')}.`,
  };
}

/** Leads are not sent to teams that do not exist. */
async function judgeTeams(client: Queryable, version: PolicyVersion): Promise<AgreementError | undefined> {
  const named = teamsOf(readCanonical(version.canonical).document);
  const { rows } = await client.query<{ team: string }>(
    'select team from unnest($1::text[]) team where not exists (select 1 from team known where known.id = team)',
    [named],
  );
  if (rows.length === 0) return undefined;
  const names = rows.map((row) => row.team).join(', ');
  return {
    code: 'team-unknown',
    say: `The policy routes to ${names}, which does not exist. Make it with "baton team add".`,
  };
}

/** The teams that a document's acting sections send leads to. */
export function teamsOf(document: PolicyDocument): readonly string[] {
  const targets: readonly RouteTarget[] = [
    ...document.route.map((rule) => rule.to),
    ...document.except.flatMap((rule) => (rule.instead.kind === 'handoff' ? [rule.instead.to] : [])),
  ];
  const named = targets.flatMap((to) => (to.kind === 'team' ? [to.team] : []));
  const widened = document.route.flatMap((rule) => (rule.widenTo === null ? [] : [rule.widenTo]));
  return [...new Set([...named, ...widened])];
}

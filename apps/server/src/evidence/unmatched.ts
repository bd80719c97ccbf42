/** Activities as people look at them, and what a person does with one that nobody was found for. */
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Queryable } from '../database/queryable.ts';
import type { Activity, ActivityReceipt, ActivityState } from './activity.ts';
import { countFor, type EvidenceDeps } from './takeActivity.ts';

/** An activity as it is kept. */
export type ActivityRow = {
  readonly id: number;
  readonly source: string;
  readonly externalId: string;
  readonly at: Instant;
  readonly channel: Activity['channel'];
  readonly outcome: Activity['outcome'];
  readonly automated: boolean;
  readonly email: string | null;
  readonly phone: string | null;
  readonly userId: string | null;
  readonly agent: string | null;
  readonly note: string | null;
  readonly state: ActivityState;
  readonly why: string;
  readonly contactId: number | null;
  readonly handoffId: number | null;
};

const COLUMNS = `id, source, external_id as "externalId", at, channel, outcome, automated, email, phone, user_id as "userId",
  agent, note, state, why, contact_id as "contactId", handoff_id as "handoffId"`;

/** Activities in the order of their ids, of one state or all. */
export const listActivities = async (
  client: Queryable,
  asked: { readonly state: ActivityState | undefined; readonly after: number; readonly limit: number },
): Promise<readonly ActivityRow[]> =>
  (
    await client.query<ActivityRow>(
      `select ${COLUMNS} from activity where id > $1 and ($2::text is null or state = $2) order by id limit $3`,
      [asked.after, asked.state ?? null, asked.limit],
    )
  ).rows;

export type Resolved =
  | { readonly kind: 'resolved'; readonly receipt: ActivityReceipt }
  | { readonly kind: 'not-found' }
  /** Somebody resolved it before. */
  | { readonly kind: 'settled'; readonly by: string | null; readonly state: ActivityState };

/** A person says whose an unmatched activity is: it counts as if it had been known. */
export const resolveActivity = async (
  deps: EvidenceDeps,
  id: number,
  contactId: ContactId,
  by: string,
): Promise<Resolved> => {
  const open = await readOpen(deps, id);
  if (open.kind !== 'open') return open;
  const { row } = open;
  const { email, phone, userId, ...rest } = row;
  const receipt = await countFor(deps, { ...rest, who: { email, phone, userId } }, contactId, id);
  await deps.pool.query(
    `update activity set resolved_by = $2, resolved_at = now_ms() where id = $1 and state <> 'unmatched'`,
    [id, by],
  );
  return { kind: 'resolved', receipt: { ...receipt, duplicate: false } };
};

/** A person says that an unmatched activity is nobody's. */
export const dismissActivity = async (deps: EvidenceDeps, id: number, by: string): Promise<Resolved> => {
  const open = await readOpen(deps, id);
  if (open.kind !== 'open') return open;
  const { rowCount } = await deps.pool.query(
    `update activity set state = 'dismissed', resolved_by = $2, resolved_at = now_ms() where id = $1 and state = 'unmatched'`,
    [id, by],
  );
  if (rowCount === 0) return readOpen(deps, id) as Promise<Resolved>;
  const { externalId, contactId, handoffId, why } = open.row;
  const receipt = { id, externalId, state: 'dismissed', duplicate: false, contactId, handoffId, why } as const;
  return { kind: 'resolved', receipt };
};

const readOpen = async (
  { pool }: EvidenceDeps,
  id: number,
): Promise<{ readonly kind: 'open'; readonly row: ActivityRow } | Exclude<Resolved, { kind: 'resolved' }>> => {
  const { rows } = await pool.query<ActivityRow & { resolved_by: string | null }>(
    `select ${COLUMNS}, resolved_by from activity where id = $1`,
    [id],
  );
  const row = rows[0];
  if (row === undefined) return { kind: 'not-found' };
  if (row.state !== 'unmatched') return { kind: 'settled', by: row.resolved_by, state: row.state };
  const { resolved_by: _, ...open } = row;
  return { kind: 'open', row: open };
};

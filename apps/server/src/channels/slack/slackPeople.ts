import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import type { SlackApi } from './slackApi.ts';

/** Who is who: reps and the people of the company's Slack, joined once by e-mail address and remembered. */
export type SlackPeople = {
  /** Says who somebody is whose addresses differ. Answers false where Slack knows no such person. */
  readonly map: (repId: RepId, userId: string) => Promise<boolean>;
  /** The conversation with a rep; null where nobody in Slack has their address. */
  readonly dmOf: (rep: { readonly id: RepId; readonly email: string }) => Promise<string | null>;
  /** The rep whom somebody in Slack is; null where no active rep has their address. */
  readonly repOf: (userId: string) => Promise<{ readonly id: RepId; readonly name: string } | null>;
};

type Found = { id: number; name: string };

/** Who was not found is asked for again after so long: an invitation works soon, and a burst of notices asks once. */
const NOT_FOUND_MS = 5 * 60_000;

/** The alert about a rep who is not in Slack. */
export const notInSlackKey = (repId: RepId): string => `not-in-slack rep:${repId}`;

/** Slack checks addresses of its people itself, so that an address says who somebody is. */
export const makeSlackPeople = (pool: Pool, api: SlackApi, now: () => number): SlackPeople => {
  const askAgainAt = new Map<string, number>();
  const link = (repId: RepId, userId: string, dm: string) =>
    pool.query(
      `with gone as (delete from slack_link where user_id = $2 and rep_id <> $1), found as (
         update alert set closed_at = now_ms(), closed_by = 'found in Slack' where key = $4 and closed_at is null
       )
       insert into slack_link (rep_id, user_id, dm) values ($1, $2, $3)
       on conflict (rep_id) do update set user_id = excluded.user_id, dm = excluded.dm, linked_at = now_ms()`,
      [repId, userId, dm, notInSlackKey(repId)],
    );
  return {
    async map(repId, userId) {
      if ((await api.readUser(userId)) === null) return false;
      await link(repId, userId, await api.openDm(userId));
      return true;
    },
    async dmOf(rep) {
      const known = await pool.query<{ dm: string }>('select dm from slack_link where rep_id = $1', [rep.id]);
      if (known.rows[0] !== undefined) return known.rows[0].dm;
      if ((askAgainAt.get(rep.email) ?? 0) > now()) return null;
      const user = await api.findByEmail(rep.email);
      if (user === null) {
        askAgainAt.set(rep.email, now() + NOT_FOUND_MS);
        return null;
      }
      askAgainAt.delete(rep.email);
      const dm = await api.openDm(user.id);
      await link(rep.id, user.id, dm);
      return dm;
    },
    async repOf(userId) {
      const known = await pool.query<Found>(
        'select r.id, r.name from slack_link l join rep r on r.id = l.rep_id where l.user_id = $1 and r.active',
        [userId],
      );
      if (known.rows[0] !== undefined) return known.rows[0];
      const user = await api.readUser(userId);
      if (user?.email == null) return null;
      const found = await pool.query<Found>('select id, name from rep where lower(email) = lower($1) and active', [
        user.email,
      ]);
      const rep = found.rows[0];
      if (rep === undefined) return null;
      await link(rep.id, user.id, await api.openDm(user.id));
      return rep;
    },
  };
};

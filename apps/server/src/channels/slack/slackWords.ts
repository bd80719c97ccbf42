import type { RepId } from '@baton/domain/kernel/ids.ts';
import { intentsOf } from '@baton/domain/policy/document.ts';
import type { PolicyLoader } from '../../agreement/activePolicy.ts';
import type { DecideContactsDeps } from '../../handoff/decideContacts.ts';
import { nextInTeam } from '../../insight/nextInTeam.ts';
import { markAway, markBack } from '../../people/absences.ts';
import { handoffAddress, type LinkMaker } from '../links.ts';
import { morningOf } from '../morningOf.ts';
import { mrkdwn, slackDate } from './slackBlocks.ts';

/** Answers what a rep asks by `/handoff`. */
export type SlackWords = (repId: RepId, said: string) => Promise<string>;

export type SlackWordsDeps = {
  readonly deciding: DecideContactsDeps;
  readonly links: LinkMaker;
  readonly loadActivePolicy: PolicyLoader['loadActivePolicy'];
};

const HELP =
  'Say `/handoff next` for what you owe next and whose turn it is, `/handoff away`, `/handoff away 2026-12-24` or `/handoff back`.';
const OWED_MAX = 5;

/** What `/handoff` knows. */
export const makeSlackWords = ({ deciding, links, loadActivePolicy }: SlackWordsDeps): SlackWords => {
  const { pool } = deciding;
  const next = async (repId: RepId): Promise<string> => {
    const owed = await pool.query<{ id: number; name: string | null; email: string | null; due_at: number | null }>(
      `select h.id, c.name, c.email, h.due_at from handoff h join contact c on c.id = h.contact_id
       where h.owner_id = $1 and h.closed_at is null and h.status in ('offered', 'open', 'working')
       order by h.due_at nulls last, h.id limit ${OWED_MAX}`,
      [repId],
    );
    const lines = owed.rows.map(
      (row) =>
        `• <${handoffAddress(links, row.id)}|${mrkdwn(row.name ?? row.email ?? `Lead ${row.id}`)}>${row.due_at === null ? '' : `, due ${slackDate(row.due_at)}`}`,
    );
    const policy = await loadActivePolicy(pool);
    const intent = policy === null ? undefined : intentsOf(policy.compiled.document)[0];
    const teams = await pool.query<{ id: string; name: string }>(
      'select t.id, t.name from team_member m join team t on t.id = m.team_id where m.rep_id = $1 order by t.id',
      [repId],
    );
    for (const team of intent === undefined ? [] : teams.rows) {
      const turn = (await nextInTeam(pool, team.id, intent as string, 1))?.next[0];
      if (turn !== undefined)
        lines.push(
          `Next in ${mrkdwn(team.name)}: ${turn.repId === repId ? 'you' : mrkdwn(turn.name ?? 'nobody can take it now')}`,
        );
    }
    return lines.length === 0 ? 'You owe nothing, and no team counts on you yet.' : lines.join('\n');
  };

  const away = async (repId: RepId, until: string | undefined): Promise<string> => {
    const { rows } = await pool.query<{ zone: string | null }>('select time_zone as zone from rep where id = $1', [
      repId,
    ]);
    const at = until === undefined ? null : morningOf(until, rows[0]?.zone ?? 'UTC');
    if (until !== undefined && at === null) return `I read no day in "${mrkdwn(until.slice(0, 40))}". ${HELP}`;
    const done = await markAway(deciding, String(repId), { handoffs: 'cover', until: at, note: 'said in Slack' });
    if (!done.ok) return mrkdwn(done.error.say);
    const moved = done.value.decided === 0 ? '' : ` ${done.value.decided} of your leads went to others.`;
    return `You are away${at === null ? '' : ` until ${slackDate(at)}`}: nothing new comes to you.${moved} Say \`/handoff back\` when you are here.`;
  };

  return async (repId, said) => {
    const [verb = '', argument] = said.trim().toLowerCase().split(/\s+/);
    switch (verb) {
      case 'next':
        return next(repId);
      case 'away':
        return away(repId, argument);
      case 'back': {
        const done = await markBack(deciding, String(repId));
        return done.ok ? 'Welcome back: leads come to you again.' : mrkdwn(done.error.say);
      }
      default:
        return HELP;
    }
  };
};

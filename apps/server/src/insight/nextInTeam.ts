/** Whose turn it is: who would have the next leads of a team, and why one rep did not have a given one. */
import type { AssignmentTrace as AssignmentTraceOnWire } from '@baton/contract/trace.ts';
import type { Ledger } from '@baton/domain/assignment/assignment.ts';
import { isOpenAt, weightAt } from '@baton/domain/assignment/availability.ts';
import { balanceOf, emptyLedger } from '@baton/domain/assignment/ledger.ts';
import { type NextLead, sayBalance, simulateNext, whyNotMe } from '@baton/domain/assignment/next.ts';
import type { AssignmentTrace } from '@baton/domain/handoff/trace.ts';
import type { Intent, RepId, TeamId } from '@baton/domain/kernel/ids.ts';
import type { Queryable } from '../database/queryable.ts';
import { readLoads } from '../handoff/repLoads.ts';
import { loadPeople } from '../people/loadPeople.ts';

export type TeamTurns = {
  readonly next: readonly (NextLead & { readonly name: string | null })[];
  /** Where each member stands, in the team's order. */
  readonly standings: readonly {
    readonly repId: RepId;
    readonly name: string;
    readonly weight: number;
    /** The weight that counts now, by the ramp. */
    readonly weightNow: number;
    /** What the ledger owes them, in micro-credits as decimal text. */
    readonly balance: string;
    /** Whether the hours of the rep and of the team are open now. */
    readonly atWork: boolean;
    readonly say: string;
  }[];
};

/** Plays the next `count` leads of a team and intent on a copy, as things stand now. Null where there is no such team. */
export const nextInTeam = async (
  client: Queryable,
  team: TeamId,
  intent: Intent,
  count: number,
): Promise<TeamTurns | null> => {
  const people = await loadPeople(client);
  const found = people.teams.get(team);
  if (found === undefined) return null;
  const { members } = found;
  const stored = await client.query<{ seq: number; balances: string }>(
    'select seq, balances from ledger where team_id = $1 and intent = $2',
    [team, intent],
  );
  const row = stored.rows[0];
  const ledger: Ledger =
    row === undefined
      ? emptyLedger(`${team}/${intent}`)
      : {
          key: `${team}/${intent}`,
          seq: row.seq,
          standings: (JSON.parse(row.balances) as [RepId, string, number][]).map(([repId, balance, lastWon]) => ({
            repId,
            balance: BigInt(balance),
            lastWon,
          })),
        };
  const clock = await client.query<{ now: number }>('select now_ms() as now');
  const now = clock.rows[0]?.now ?? 0;
  const ids = members.map((member) => member.repId);
  const loads = await readLoads(client, ids, people, now);
  const asked = { now, skills: [], inHours: false, teamCalendar: found.calendar };
  const nameOf = (repId: RepId): string => people.reps.get(repId)?.name ?? `rep ${repId}`;
  return {
    next: simulateNext(ledger, members, people, loads, count, asked).map((one) => ({
      ...one,
      name: one.repId === null ? null : nameOf(one.repId),
    })),
    standings: members.map((member) => {
      const { repId, weight } = member;
      return {
        repId,
        name: nameOf(repId),
        weight,
        weightNow: weightAt(member, now),
        balance: String(balanceOf(ledger, repId)),
        atWork: isOpenAt(found.calendar, now) && isOpenAt(people.reps.get(repId)?.calendar, now),
        say: sayBalance(ledger, repId),
      };
    }),
  };
};

/**
 * “Why not me”: why a rep did not get a handoff when it last looked for somebody: not eligible, behind by so much, or that it
 * went past the turns. Null: they did get it.
 */
export const whyNotThisRep = async (client: Queryable, handoffId: number, repId: RepId): Promise<string | null> => {
  const { rows } = await client.query<{ owner_id: RepId | null; at: number | null; assignment: string | null }>(
    `select h.owner_id, d.at, d.assignment from handoff h left join lateral (
       select at, trace::jsonb ->> 'assignment' as assignment from decision
       where contact_id = h.contact_id and at >= h.qualified_at and trace::jsonb ->> 'assignment' is not null
       order by at desc, id desc limit 1
     ) d on true where h.id = $1`,
    [handoffId],
  );
  const row = rows[0];
  if (row?.owner_id === repId) return null;
  if (row?.at == null || row.assignment === null)
    return 'nobody had a turn: it was given by rule or by hand, or waits in a queue';
  const assignment = readAssignment(JSON.parse(row.assignment) as AssignmentTraceOnWire);
  const people = await loadPeople(client, row.at);
  return whyNotMe(assignment, repId, people) ?? 'it was their turn, and it went on to somebody else';
};

/** A stored trace's assignment: credits are decimal texts there. */
const readAssignment = ({ step, ...rest }: AssignmentTraceOnWire): AssignmentTrace =>
  ({
    ...rest,
    step:
      step === null
        ? null
        : {
            ...step,
            lines: step.lines.map(({ repId, weight, before, accrued, after }) => ({
              repId,
              weight,
              before: BigInt(before),
              accrued: BigInt(accrued),
              after: BigInt(after),
            })),
          },
  }) as AssignmentTrace;

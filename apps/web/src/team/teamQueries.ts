import { PAGE_ROWS_MAX } from '@baton/contract/limits.ts';
import { listReps, listTeams, listTimeOff, nextInTeam } from '@baton/contract/people.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../api/request.ts';

/** Somebody else's edits, and absences that begin by themselves, reach an open page within this. */
const AGAIN_MS = 30_000;
/** So many leads are played. */
export const SIMULATED = 20;

type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null };

const allOf = async <Row>(
  read: (query: { limit: number; cursor?: string }) => Promise<Page<Row>>,
): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<Row> = await read({ limit: PAGE_ROWS_MAX, ...(cursor === undefined ? {} : { cursor }) });
    rows.push(...page.rows);
    cursor = page.nextCursor;
  }
  return rows;
};

/** All teams with their members. */
export const teamsQuery = queryOptions({
  queryKey: ['people', 'teams'],
  queryFn: ({ signal }) => allOf((query) => request(listTeams, { query }, signal)),
  refetchInterval: AGAIN_MS,
});

/** All reps by their numbers. */
export const repsQuery = queryOptions({
  queryKey: ['people', 'reps'],
  queryFn: async ({ signal }) => {
    const rows = await allOf((query) => request(listReps, { query }, signal));
    return new Map(rows.map((row) => [row.id, row]));
  },
  refetchInterval: AGAIN_MS,
});

/** Who would have the next leads of a team and intent, and where everybody stands. */
export const turnsQuery = (team: string, intent: string) =>
  queryOptions({
    queryKey: ['people', 'turns', team, intent],
    queryFn: ({ signal }) => request(nextInTeam, { params: { id: team }, query: { intent, count: SIMULATED } }, signal),
    refetchInterval: AGAIN_MS,
  });

/** A rep's absences that are not over. */
export const timeOffQuery = (rep: number) =>
  queryOptions({
    queryKey: ['people', 'time-off', rep],
    queryFn: async ({ signal }) => (await request(listTimeOff, { params: { id: rep } }, signal)).rows,
  });

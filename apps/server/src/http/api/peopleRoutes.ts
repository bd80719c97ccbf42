import * as contract from '@baton/contract/people.ts';
import type { Absence } from '@baton/domain/assignment/assignment.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Result } from '@baton/domain/kernel/result.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { FastifyInstance } from 'fastify';
import type { DecideContactsDeps } from '../../handoff/decideContacts.ts';
import { nextInTeam, whyNotThisRep } from '../../insight/nextInTeam.ts';
import { addTimeOff, listAbsences, markAway, markBack, removeTimeOff } from '../../people/absences.ts';
import type { Changed } from '../../people/changePeople.ts';
import { type ListedRep, listReps, readRep } from '../../people/listReps.ts';
import { loadPeople } from '../../people/loadPeople.ts';
import type { PeopleError } from '../../people/peopleError.ts';
import { readMoment } from '../../people/readMoment.ts';
import { addRep, changeRep, deactivateRep, type RepChange } from '../../people/reps.ts';
import { changeTeam, ensureTeam, listTeams, removeMember, setMember, type TeamChange } from '../../people/teams.ts';
import { importTerritories, previewTable, territoryVersion } from '../../people/territories.ts';
import { writeTerritories } from '../../people/territoryTable.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { callerName } from './caller.ts';
import { idAfter, pageOfIds } from './idPaging.ts';
import { type ApiDeps, implement } from './implement.ts';
import { expect } from './peopleAnswers.ts';

export type PeopleRouteDeps = ApiDeps & { readonly deciding: DecideContactsDeps };

/** Registers reps, teams, territories, whose turn it is and why not mine. */
export const registerPeopleRoutes = (app: FastifyInstance, deps: PeopleRouteDeps): void => {
  registerReps(app, deps);
  registerAbsences(app, deps);
  registerTeams(app, deps);
  registerTerritories(app, deps);
};

const registerReps = (app: FastifyInstance, deps: PeopleRouteDeps): void => {
  const { pool, deciding } = deps;
  implement(app, deps, contract.listReps, async ({ query }) => {
    const rows = await listReps(pool, { after: idAfter(query.cursor, 0), limit: query.limit + 1 });
    return pageOfIds(rows, query.limit, toRep);
  });
  implement(app, deps, contract.readRep, async ({ params }) => toRep(await known(deps, params.id)));
  implement(app, deps, contract.addRep, async ({ body }) => {
    const { email, ...rest } = body;
    const id = expect(await addRep(pool, { name: body.name, email }));
    expect(await changeRep(deciding, email, present(rest) as RepChange));
    return toRep(await known(deps, id));
  });
  implement(app, deps, contract.changeRep, async ({ params, body }) =>
    changed(deps, params.id, () => changeRep(deciding, String(params.id), present(body) as RepChange)),
  );
  implement(app, deps, contract.deactivateRep, async ({ params }) =>
    changed(deps, params.id, () => deactivateRep(deciding, String(params.id))),
  );
  implement(app, deps, contract.whyNotRep, async ({ params }) => {
    await known(deps, params.repId);
    const found = await pool.query('select 1 from handoff where id = $1', [params.id]);
    if (found.rows.length === 0) throw new HttpProblem('not_found', 'There is no such handoff.');
    return { why: await whyNotThisRep(pool, params.id, params.repId) };
  });
};

const registerAbsences = (app: FastifyInstance, deps: PeopleRouteDeps): void => {
  const { pool, deciding } = deps;
  implement(app, deps, contract.markRepAway, async ({ params, body }) => {
    const rep = await known(deps, params.id);
    const until = body.until === undefined ? null : momentOf(body.until, rep.timeZone, 'end', 'until');
    return changed(deps, params.id, () =>
      markAway(deciding, String(params.id), { handoffs: body.handoffs, until, note: body.note ?? '' }),
    );
  });
  implement(app, deps, contract.markRepBack, async ({ params }) =>
    changed(deps, params.id, () => markBack(deciding, String(params.id))),
  );
  implement(app, deps, contract.listTimeOff, async ({ params }) => {
    const { id } = await known(deps, params.id);
    const rows = await listAbsences(pool, id);
    return { rows: rows.map((row) => ({ id: row.id, note: row.note, ...toAbsence(row) })) };
  });
  implement(app, deps, contract.addTimeOff, async ({ params, body }) => {
    const { timeZone } = await known(deps, params.id);
    const from = momentOf(body.from, timeZone, 'begin', 'from');
    const to = momentOf(body.to, timeZone, 'end', 'to');
    return { id: expect(await addTimeOff(deciding, String(params.id), { from, to, note: body.note ?? '' })) };
  });
  implement(app, deps, contract.removeTimeOff, async ({ params }) => {
    expect(await removeTimeOff(deciding, String(params.id), params.timeOff));
  });
};

const registerTeams = (app: FastifyInstance, deps: PeopleRouteDeps): void => {
  const { pool, deciding } = deps;
  implement(app, deps, contract.listTeams, async ({ query }) => {
    const after = query.cursor === undefined ? '' : teamAfter(query.cursor);
    const found = await listTeams(pool, { after, limit: query.limit + 1 });
    const rows = found.slice(0, query.limit);
    return {
      rows: rows.map((team) => ({
        ...team,
        closed: [...team.closed],
        worked: [...team.worked],
        members: team.members.map((one) => ({
          ...one,
          ramp: one.ramp.map((step) => ({ from: iso(step.from), weight: step.weight })),
        })),
      })),
      nextCursor: found.length > query.limit ? Buffer.from(`t${rows.at(-1)?.id}`).toString('base64url') : null,
    };
  });
  implement(app, deps, contract.setTeam, async ({ params, body }) => {
    expect(await ensureTeam(pool, params.id, body.name ?? null));
    const done = expect(await changeTeam(deciding, params.id, present(body) as TeamChange));
    return { team: params.id, recomputed: done.decided };
  });
  implement(app, deps, contract.setTeamMember, async ({ params, body }) => {
    const ramp = body.ramp?.map((step) => ({
      from: momentOf(step.from, null, 'begin', 'ramp'),
      weight: step.weight,
    }));
    const repId = expect(
      await setMember(pool, params.id, body.rep, {
        ...(body.weight === undefined ? {} : { weight: body.weight }),
        ...(body.ramp === undefined ? {} : { ramp: ramp ?? null }),
      }),
    );
    return { team: params.id, repId };
  });
  implement(app, deps, contract.removeTeamMember, async ({ params }) => {
    expect(await removeMember(pool, params.id, String(params.repId)));
  });
  implement(app, deps, contract.nextInTeam, async ({ params, query }) => {
    const turns = await nextInTeam(pool, params.id, query.intent, query.count);
    if (turns === null) throw new HttpProblem('not_found', 'There is no such team.');
    return {
      next: turns.next.map(({ repId, name, say, excluded }) => ({
        repId,
        name,
        say,
        excluded: excluded.map((one) => ({ repId: one.repId, code: one.code, say: one.say })),
      })),
      standings: [...turns.standings],
    };
  });
};

const registerTerritories = (app: FastifyInstance, deps: PeopleRouteDeps): void => {
  const { pool } = deps;
  implement(app, deps, contract.listTerritories, async () => {
    const people = await loadPeople(pool);
    const rows = people.territories ?? [];
    return { version: await territoryVersion(pool), rows: rows.length, csv: writeTerritories(rows, people) };
  });
  implement(app, deps, contract.previewTerritories, async ({ body }) => {
    const { moves, first, ...rest } = expect(await previewTable(pool, body.csv));
    return { ...rest, moves: [...moves], first: [...first] };
  });
  implement(app, deps, contract.importTerritories, async ({ body, caller }) =>
    expect(
      await importTerritories(pool, body.csv, {
        by: callerName(caller),
        ...(body.expects === undefined ? {} : { expects: body.expects }),
      }),
    ),
  );
};

const known = async ({ pool }: ApiDeps, id: RepId): Promise<ListedRep> => {
  const rep = await readRep(pool, id);
  if (rep === null) throw new HttpProblem('not_found', 'There is no such rep.');
  return rep;
};

const changed = async (deps: ApiDeps, id: RepId, change: () => Promise<Result<Changed<unknown>, PeopleError>>) => {
  await known(deps, id);
  const { decided } = expect(await change());
  return { rep: toRep(await known(deps, id)), moved: decided };
};

const momentOf = (text: string, zone: string | null, edge: 'begin' | 'end', at: string): Instant => {
  const read = readMoment(text, zone, edge);
  if (!read.ok) throw new HttpProblem('invalid_field', `${at}: ${read.error}.`, { at });
  return read.value;
};

/** What was sent, without what was left out: absent means "as it is". */
const present = (body: object): object =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

/** Teams have no numbers: their place is the last one's id. */
const teamAfter = (cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!/^t[a-z][a-z0-9-]{0,59}$/.test(text))
    throw new HttpProblem('invalid_cursor', 'Send the nextCursor of the page before, unchanged.', { at: 'cursor' });
  return text.slice(1);
};

const toAbsence = ({ from, to, why }: Absence) => ({ from: iso(from), to: to === null ? null : iso(to), why });

const toRep = (rep: ListedRep) => ({
  ...rep,
  closed: [...rep.closed],
  worked: [...rep.worked],
  skills: [...rep.skills],
  teams: [...rep.teams],
  absence: rep.absence === null ? null : toAbsence(rep.absence),
});

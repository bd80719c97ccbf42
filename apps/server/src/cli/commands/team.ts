import { readFile } from 'node:fs/promises';
import type { RampStep } from '@baton/domain/assignment/assignment.ts';
import { type MemberRow, readMembers } from '../../people/readMembers.ts';
import { readMoment } from '../../people/readMoment.ts';
import { addRep, findRep } from '../../people/reps.ts';
import { changeTeam, ensureTeam, listTeams, removeMember, setMember } from '../../people/teams.ts';
import { sayUnreadable } from '../../records/sayUnreadable.ts';
import { type Call, type Command, CommandFailure, EXIT, flag, operand, text, UsageError, whole } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { table } from '../table.ts';
import { peopleValue as value } from './peopleValue.ts';
import { WORKING_TIME_OPTIONS, workingTimeOf } from './workingTimeOptions.ts';

const membersOf = async (file: string): Promise<readonly MemberRow[]> => {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('file-not-found', sayUnreadable(file, error));
  });
  const members = readMembers(content);
  if (!members.ok) throw new CommandFailure('members-invalid', `${file}: ${members.error}.`);
  return members.value;
};

const teamList: Command = {
  path: ['team', 'list'],
  say: 'show teams: when they work, who manages them, and who is in them with which share',
  operands: [],
  options: [
    { name: 'limit', say: 'at most so many (100)', takes: { kind: 'number', name: 'N', min: 1 } },
    { name: 'after', say: 'those after this one', takes: { kind: 'text', name: 'TEAM' } },
  ],
  examples: [{ run: 'baton team list', say: 'all of them' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const limit = Math.min(whole(call, 'limit') ?? 100, 1_000);
      const found = await listTeams(pool, { after: text(call, 'after') ?? '', limit: limit + 1 });
      const teams = found.slice(0, limit);
      if (call.json) call.terminal.out(JSON.stringify({ teams, more: found.length > limit }));
      else {
        if (teams.length === 0) call.terminal.note('No teams yet: baton team add inbound');
        call.terminal.out(
          table(
            ['team', 'name', 'works', 'holidays', 'manager', 'members'],
            teams.map((team) => [
              team.id,
              team.name,
              team.hours === null ? 'always' : `${team.hours} ${team.timeZone}`,
              team.holidays,
              team.manager?.name ?? null,
              team.members.map(({ name, weight }) => `${name}:${weight}`).join(' ') || '-',
            ]),
            80,
          ),
        );
        if (found.length > limit) call.terminal.note(`There are more: --after ${teams.at(-1)?.id}.`);
      }
      return EXIT.ok;
    }),
};

const teamAdd: Command = {
  path: ['team', 'add'],
  say: 'make a team that a policy can name',
  operands: [{ name: 'TEAM', say: 'its id, as the policy writes it', required: true }],
  options: [
    { name: 'name', say: 'its name for people', takes: { kind: 'text', name: 'NAME' } },
    { name: 'members', say: 'a CSV file of its reps: name, email, weight', takes: { kind: 'text', name: 'FILE' } },
  ],
  examples: [
    { run: 'baton team add inbound --name "Inbound sales"', say: 'a team without members yet' },
    { run: 'baton team add inbound --members reps.csv', say: 'with all of its reps; those who are new are added' },
  ],
  run: async (call) => {
    const file = text(call, 'members');
    const members = file === undefined ? [] : await membersOf(file);
    return withDatabase(call.terminal, async ({ pool }) => {
      const id = value(await ensureTeam(pool, operand(call, 0), text(call, 'name') ?? null));
      for (const member of members) {
        if ((await findRep(pool, member.email)) === null) value(await addRep(pool, member));
        value(await setMember(pool, id, member.email, member.weight));
      }
      if (call.json) call.terminal.out(JSON.stringify({ team: id, members: members.length }));
      else
        call.terminal.note(
          `Team ${id} is there${members.length === 0 ? '' : ` with ${members.length} members of the file`}.`,
        );
      return EXIT.ok;
    });
  },
};

const teamSet: Command = {
  path: ['team', 'set'],
  say: "change a team's calendar, manager or catch-up",
  detail:
    "Promises run on the team's calendar. An edit tells what is owed and not broken yet anew, in the same transaction;\n" +
    'what is broken stays broken. With catch-up, who was away is granted what would have come to them.',
  operands: [{ name: 'TEAM', say: "the team's id", required: true }],
  options: [
    { name: 'name', say: 'its name for people', takes: { kind: 'text', name: 'NAME' } },
    ...WORKING_TIME_OPTIONS,
    { name: 'manager', say: 'who decides where nobody can; "none" for nobody', takes: { kind: 'text', name: 'REP' } },
    { name: 'catch-up', say: 'whether absences are made up for', takes: { kind: 'choice', of: ['on', 'off'] } },
  ],
  examples: [
    {
      run: 'baton team set inbound --zone Europe/Berlin --hours "mon-fri 09:00-18:00" --holidays DE',
      say: 'promises run in office hours',
    },
  ],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ deciding }) => {
        const [name, manager, catchUp] = [text(call, 'name'), text(call, 'manager'), text(call, 'catch-up')];
        const team = operand(call, 0);
        const { decided } = value(
          await changeTeam(deciding, team, {
            ...workingTimeOf(call),
            ...(name === undefined ? {} : { name }),
            ...(manager === undefined ? {} : { manager: manager === 'none' ? null : manager }),
            ...(catchUp === undefined ? {} : { catchUp: catchUp === 'on' }),
          }),
        );
        if (call.json) call.terminal.out(JSON.stringify({ team, recomputed: decided }));
        else call.terminal.note(`Team ${team} is changed; promises told anew: ${decided}.`);
        return EXIT.ok;
      }),
    ),
};

const teamMember: Command = {
  path: ['team', 'member'],
  say: 'put a rep into a team, or change their share',
  detail:
    'A weight of 100 is a full share of the team, 50 half of one, 0 none. A ramp gives a new hire a weight from a day on.\n' +
    "Nobody's balance in the ledger moves.",
  operands: [
    { name: 'TEAM', say: "the team's id", required: true },
    { name: 'REP', say: 'e-mail address, number or name', required: true },
  ],
  options: [
    { name: 'weight', say: 'share of the team, 0 to 1000 (100)', takes: { kind: 'number', name: 'N', min: 0 } },
    { name: 'ramp', say: 'a weight from a day on, 2026-12-01:50', takes: { kind: 'text', name: 'DAY:N' }, many: true },
    { name: 'no-ramp', say: 'the weight counts at once' },
  ],
  examples: [
    { run: 'baton team member inbound ada@company.example --weight 50', say: 'half a share' },
    {
      run: 'baton team member inbound bo@company.example --weight 0 --ramp 2026-12-01:25 --ramp 2027-01-01:100',
      say: 'a new hire',
    },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const [team, rep] = [operand(call, 0), operand(call, 1)];
      const weight = whole(call, 'weight');
      if ((weight ?? 0) > 1_000) throw new UsageError('bad-option-value', '--weight can be 1000 at most.');
      const ramp = rampOf(call);
      const id = value(
        await setMember(pool, team, rep, {
          ...(weight === undefined ? {} : { weight }),
          ...(ramp === undefined ? {} : { ramp }),
        }),
      );
      if (call.json) call.terminal.out(JSON.stringify({ team, rep: id }));
      else call.terminal.note(`${rep} is in ${team}.`);
      return EXIT.ok;
    }),
};

const rampOf = (call: Call): readonly RampStep[] | null | undefined => {
  if (flag(call, 'no-ramp')) return null;
  const given = call.options.get('ramp');
  return given
    ?.map((step) => {
      const [, day = '', weight = ''] = /^(.+):(\d{1,4})$/.exec(step) ?? [];
      const from = readMoment(day, null, 'begin');
      if (!from.ok)
        throw new UsageError('bad-option-value', `--ramp takes a day and a weight, 2026-12-01:50, not "${step}".`);
      return { from: from.value, weight: Number(weight) };
    })
    .sort((one, other) => one.from - other.from);
};

const teamRemove: Command = {
  path: ['team', 'remove'],
  say: 'take a rep out of a team',
  operands: [
    { name: 'TEAM', say: "the team's id", required: true },
    { name: 'EMAIL', say: "the rep's e-mail address", required: true },
  ],
  options: [],
  examples: [
    {
      run: 'baton team remove inbound ada@company.example',
      say: 'the rep keeps what they hold; the balance is shared out by weight',
    },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const id = value(await removeMember(pool, operand(call, 0), operand(call, 1)));
      if (call.json) call.terminal.out(JSON.stringify({ rep: id, team: operand(call, 0) }));
      else call.terminal.note(`${operand(call, 1)} is no longer in ${operand(call, 0)}.`);
      return EXIT.ok;
    }),
};

export const teamCommands: readonly Command[] = [teamList, teamAdd, teamSet, teamMember, teamRemove];

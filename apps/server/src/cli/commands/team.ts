import { readFile } from 'node:fs/promises';
import type { Rep } from '@baton/domain/assignment/assignment.ts';
import type { Result } from '@baton/domain/kernel/result.ts';
import { nextInTeam } from '../../insight/nextInTeam.ts';
import { reevaluateDue } from '../../intake/reevaluate.ts';
import { type MemberRow, readMembers } from '../../people/readMembers.ts';
import { addRep, findRep, listReps, type PeopleError, updateRep } from '../../people/reps.ts';
import { switchOffRep } from '../../people/switchOffRep.ts';
import { ensureTeam, listTeams, removeMember, setMember } from '../../people/teams.ts';
import { sayUnreadable } from '../../records/sayUnreadable.ts';
import { type Call, type Command, CommandFailure, EXIT, flag, operand, text, UsageError, whole } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { table } from '../table.ts';

const value = <T>(result: Result<T, PeopleError>): T => {
  if (!result.ok) throw new CommandFailure(result.error.code, result.error.say);
  return result.value;
};

const membersOf = async (file: string): Promise<readonly MemberRow[]> => {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('file-not-found', sayUnreadable(file, error));
  });
  const members = readMembers(content);
  if (!members.ok) throw new CommandFailure('members-invalid', `${file}: ${members.error}.`);
  return members.value;
};

const capsOf = (call: Call): Rep['caps'] | undefined => {
  const [perDay, perWeek, open] = [whole(call, 'per-day'), whole(call, 'per-week'), whole(call, 'open')];
  if (flag(call, 'no-caps')) return {};
  if (perDay === undefined && perWeek === undefined && open === undefined) return undefined;
  return {
    ...(perDay === undefined ? {} : { perDay }),
    ...(perWeek === undefined ? {} : { perWeek }),
    ...(open === undefined ? {} : { open }),
  };
};

const capsWords = (caps: Rep['caps']): string =>
  [
    caps.perDay === undefined ? '' : `${caps.perDay}/day`,
    caps.perWeek === undefined ? '' : `${caps.perWeek}/week`,
    caps.open === undefined ? '' : `${caps.open} open`,
  ]
    .filter((each) => each !== '')
    .join(', ') || 'none';

const teamList: Command = {
  path: ['team', 'list'],
  say: 'show reps, teams, weights and caps',
  operands: [],
  options: [],
  examples: [{ run: 'baton team list', say: 'everybody, with what they hold' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const [reps, teams] = [await listReps(pool), await listTeams(pool)];
      if (call.json) call.terminal.out(JSON.stringify({ reps, teams }));
      else {
        if (reps.length === 0)
          call.terminal.note('No reps yet: baton team rep ada@company.example --name "Ada" --team inbound');
        call.terminal.out(
          table(
            ['id', 'name', 'e-mail', 'teams', 'caps', 'state', 'holds'],
            reps.map((rep) => [
              rep.id,
              rep.name,
              rep.email,
              rep.teams.map((each) => `${each.team}:${each.weight}`).join(' ') || '-',
              capsWords(rep.caps),
              !rep.active ? 'inactive' : rep.selling ? 'active' : 'not selling',
              rep.openHandoffs,
            ]),
          ),
        );
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

const teamRep: Command = {
  path: ['team', 'rep'],
  say: 'add a rep, or change name, team, weight, caps or whether they take leads',
  detail:
    'A weight of 100 is a full share of the team, 50 half of one, 0 none. Caps are counted in UTC days and weeks.\n' +
    'The ledger keeps what everybody is owed: changing a weight or a team resets nothing. Who is made inactive leaves it:\n' +
    'their balance is shared out by weight, and what they hold is handed to others at once.',
  operands: [{ name: 'EMAIL', say: "the rep's e-mail address", required: true }],
  options: [
    { name: 'name', say: 'the name; needed for somebody new', takes: { kind: 'text', name: 'NAME' } },
    {
      name: 'team',
      say: 'put into this team (made where it is missing)',
      takes: { kind: 'text', name: 'TEAM' },
      many: true,
    },
    { name: 'weight', say: 'share of the team, 0 to 1000 (100)', takes: { kind: 'number', name: 'N', min: 0 } },
    { name: 'per-day', say: 'at most so many new leads a day', takes: { kind: 'number', name: 'N', min: 0 } },
    { name: 'per-week', say: 'at most so many new leads a week', takes: { kind: 'number', name: 'N', min: 0 } },
    { name: 'open', say: 'at most so many open leads', takes: { kind: 'number', name: 'N', min: 0 } },
    { name: 'no-caps', say: 'take all caps away' },
    {
      name: 'state',
      say: 'whether they work here and take leads',
      takes: { kind: 'choice', of: ['active', 'inactive', 'not-selling'] },
    },
  ],
  examples: [
    {
      run: 'baton team rep ada@company.example --name "Ada Byron" --team inbound',
      say: 'somebody new with a full share',
    },
    {
      run: 'baton team rep ada@company.example --team inbound --weight 50 --per-day 8',
      say: 'half a share, eight a day',
    },
    {
      run: 'baton team rep ada@company.example --state inactive',
      say: 'somebody who left; what they hold goes to others',
    },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const email = operand(call, 0);
      const name = text(call, 'name');
      const weight = whole(call, 'weight') ?? 100;
      if (weight > 1_000) throw new UsageError('bad-option-value', '--weight can be 1000 at most.');
      const caps = capsOf(call);
      const state = text(call, 'state');
      const known = await findRep(pool, email);
      if (known === null) {
        if (name === undefined) throw new UsageError('missing-option', `${email} is new: give a --name.`);
        value(await addRep(pool, { name, email, ...(caps === undefined ? {} : { caps }) }));
      }
      const id = value(
        await updateRep(pool, email, {
          ...(name === undefined ? {} : { name }),
          ...(caps === undefined ? {} : { caps }),
          ...(state === undefined ? {} : { active: state !== 'inactive', selling: state !== 'not-selling' }),
        }),
      );
      const gone =
        state === 'inactive' ? await withEngine(pool, ({ acts }) => switchOffRep({ pool, acts }, email)) : null;
      const rerouted = gone === null ? 0 : value(gone).rerouted;
      for (const team of call.options.get('team') ?? []) {
        value(await ensureTeam(pool, team, null));
        value(await setMember(pool, team, email, weight));
      }
      // what they held goes to others now, and not when a server next looks
      if (state === 'inactive') await withEngine(pool, ({ deciding }) => reevaluateDue(deciding));
      if (call.json) call.terminal.out(JSON.stringify({ rep: id, email, added: known === null, rerouted }));
      else {
        call.terminal.note(`${email} is ${known === null ? 'added' : 'changed'}.`);
        if (rerouted > 0) call.terminal.note(`${rerouted} open handoffs went on to others.`);
      }
      return EXIT.ok;
    }),
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

const teamNext: Command = {
  path: ['team', 'next'],
  say: 'show who would have the next leads of a team, and why; takes no turn',
  operands: [{ name: 'TEAM', say: "the team's id", required: true }],
  options: [
    { name: 'intent', say: 'the intent; each has a ledger of its own (high)', takes: { kind: 'text', name: 'INTENT' } },
    { name: 'count', say: 'so many leads (5)', takes: { kind: 'number', name: 'N', min: 1 } },
  ],
  examples: [{ run: 'baton team next inbound --intent high', say: 'whose turn it is' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const [team, intent] = [operand(call, 0), text(call, 'intent') ?? 'high'];
      const turns = await nextInTeam(pool, team, intent, Math.min(whole(call, 'count') ?? 5, 1_000));
      if (turns === null) throw new CommandFailure('team-unknown', `There is no team "${team}".`);
      if (call.json) {
        call.terminal.out(JSON.stringify({ team, intent, ...turns }));
        return EXIT.ok;
      }
      call.terminal.out(
        table(
          ['lead', 'goes to', 'because'],
          turns.next.map((one, index) => [index + 1, one.name ?? '-', one.say]),
        ),
      );
      call.terminal.out('');
      call.terminal.out(
        table(
          ['rep', 'weight', 'stands at'],
          turns.standings.map((one) => [one.name, one.weight, one.say]),
        ),
      );
      for (const excluded of turns.next[0]?.excluded ?? []) call.terminal.out(`Not now: ${excluded.say}`);
      return EXIT.ok;
    }),
};

export const teamCommands: readonly Command[] = [teamList, teamAdd, teamRep, teamRemove, teamNext];

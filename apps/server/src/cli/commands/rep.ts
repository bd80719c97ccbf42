import { type ListedRep, listReps, readRep } from '../../people/listReps.ts';
import { addRep, changeRep, deactivateRep, type RepChange } from '../../people/reps.ts';
import { ensureTeam, setMember } from '../../people/teams.ts';
import { type Call, type Command, EXIT, operand, text, UsageError, whole } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';
import { capsOf, capsWords } from './capsOptions.ts';
import { peopleValue } from './peopleValue.ts';
import { repAbsenceCommands } from './repAbsence.ts';
import { REP } from './repOperand.ts';
import { WORKING_TIME_OPTIONS, workingTimeOf } from './workingTimeOptions.ts';

const stateWords = (rep: ListedRep): string => {
  if (!rep.active) return 'inactive';
  if (rep.absence !== null)
    return `${rep.absence.why}${rep.absence.to === null ? '' : ` until ${shownInstant(rep.absence.to)}`}`;
  return rep.selling ? 'active' : 'not selling';
};

const repList: Command = {
  path: ['rep', 'list'],
  say: 'show reps: teams, when they work, caps, whether they are there, and what they hold',
  operands: [],
  options: [
    { name: 'limit', say: 'at most so many (100)', takes: { kind: 'number', name: 'N', min: 1 } },
    { name: 'after', say: 'those after this number', takes: { kind: 'number', name: 'ID', min: 0 } },
  ],
  examples: [{ run: 'baton rep list', say: 'everybody' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const limit = Math.min(whole(call, 'limit') ?? 100, 1_000);
      const found = await listReps(pool, { after: whole(call, 'after') ?? 0, limit: limit + 1 });
      const reps = found.slice(0, limit);
      if (call.json) call.terminal.out(JSON.stringify({ reps, more: found.length > limit }));
      else {
        if (reps.length === 0)
          call.terminal.note('No reps yet: baton rep add ada@company.example --name "Ada" --team inbound');
        call.terminal.out(
          table(
            ['id', 'name', 'e-mail', 'teams', 'works', 'caps', 'state', 'holds'],
            reps.map((rep) => [
              rep.id,
              rep.name,
              rep.email,
              rep.teams.map((each) => `${each.team}:${each.weight}`).join(' ') || '-',
              rep.hours === null ? 'always' : `${rep.hours} ${rep.timeZone}`,
              capsWords(rep.caps),
              stateWords(rep),
              rep.openHandoffs,
            ]),
            48,
          ),
        );
        if (found.length > limit) call.terminal.note(`There are more: --after ${reps.at(-1)?.id}.`);
      }
      return EXIT.ok;
    }),
};

const CAPS_AND_MORE = [
  { name: 'per-day', say: 'at most so many new leads a day', takes: { kind: 'number', name: 'N', min: 0 } },
  { name: 'per-week', say: 'at most so many new leads a week', takes: { kind: 'number', name: 'N', min: 0 } },
  { name: 'open', say: 'at most so many open leads', takes: { kind: 'number', name: 'N', min: 0 } },
  { name: 'skills', say: 'words that routes can ask for: german,healthcare', takes: { kind: 'text', name: 'WORDS' } },
  { name: 'cover', say: 'who stands in while they are away; "none" for nobody', takes: { kind: 'text', name: 'REP' } },
  { name: 'manager', say: 'who decides where they can not; "none" for nobody', takes: { kind: 'text', name: 'REP' } },
] as const satisfies Command['options'];

const changeOf = (call: Call): RepChange => {
  const caps = capsOf(call);
  const [name, skills] = [text(call, 'name'), text(call, 'skills')];
  const [cover, manager] = [text(call, 'cover'), text(call, 'manager')];
  const state = text(call, 'state');
  return {
    ...(name === undefined ? {} : { name }),
    ...(caps === undefined ? {} : { caps }),
    ...(skills === undefined ? {} : { skills: skills.split(',').filter((skill) => skill.trim() !== '') }),
    ...(cover === undefined ? {} : { cover: cover === 'none' ? null : cover }),
    ...(manager === undefined ? {} : { manager: manager === 'none' ? null : manager }),
    ...(state === undefined ? {} : { active: true, selling: state === 'active' }),
  };
};

const repAdd: Command = {
  path: ['rep', 'add'],
  say: 'add a rep, and put them into a team',
  operands: [{ name: 'EMAIL', say: "the rep's e-mail address", required: true }],
  options: [
    { name: 'name', say: 'the name', takes: { kind: 'text', name: 'NAME' } },
    {
      name: 'team',
      say: 'into this team (made where it is missing)',
      takes: { kind: 'text', name: 'TEAM' },
      many: true,
    },
    { name: 'weight', say: 'share of the team, 0 to 1000 (100)', takes: { kind: 'number', name: 'N', min: 0 } },
    ...CAPS_AND_MORE,
  ],
  examples: [
    { run: 'baton rep add ada@company.example --name "Ada Byron" --team inbound', say: 'with a full share' },
    { run: 'baton rep add bo@company.example --name "Bo" --team inbound --weight 50 --per-day 8', say: 'half a share' },
  ],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ deciding }) => {
        const email = operand(call, 0);
        const name = text(call, 'name');
        if (name === undefined) throw new UsageError('missing-option', 'Say who it is: --name "Ada Byron".');
        const weight = whole(call, 'weight') ?? 100;
        if (weight > 1_000) throw new UsageError('bad-option-value', '--weight can be 1000 at most.');
        const id = peopleValue(await addRep(pool, { name, email }));
        peopleValue(await changeRep(deciding, email, changeOf(call)));
        for (const team of call.options.get('team') ?? []) {
          peopleValue(await ensureTeam(pool, team, null));
          peopleValue(await setMember(pool, team, email, weight));
        }
        if (call.json) call.terminal.out(JSON.stringify({ rep: id, email }));
        else call.terminal.note(`${email} is added.`);
        return EXIT.ok;
      }),
    ),
};

const repSet: Command = {
  path: ['rep', 'set'],
  say: 'change name, caps, skills, cover or manager of a rep, or whether they take leads',
  detail:
    'Caps are counted in days and weeks of the working time, else of UTC. What is not named stays as it is. The ledger keeps\n' +
    'what everybody is owed: nothing here resets it.',
  operands: [REP],
  options: [
    { name: 'name', say: 'the name', takes: { kind: 'text', name: 'NAME' } },
    ...CAPS_AND_MORE,
    { name: 'no-caps', say: 'take all caps away' },
    {
      name: 'state',
      say: 'whether they take leads; who leaves is deactivated',
      takes: { kind: 'choice', of: ['active', 'not-selling'] },
    },
  ],
  examples: [
    { run: 'baton rep set ada@company.example --per-day 8 --skills german,healthcare', say: 'a cap and two skills' },
    { run: 'baton rep set ada@company.example --cover bo@company.example', say: 'Bo stands in while Ada is away' },
  ],
  run: (call) => changed(call, changeOf(call)),
};

const repHours: Command = {
  path: ['rep', 'hours'],
  say: 'say when a rep works: zone, weekly hours, public holidays; without options, show it',
  detail:
    'Several blocks a day leave room for lunch. What the rep owes and is not broken yet is told anew by the new hours.\n' +
    'Hours that are never open within a year are refused.',
  operands: [REP],
  options: WORKING_TIME_OPTIONS,
  examples: [
    {
      run: 'baton rep hours ada@company.example --zone Europe/Berlin --hours "mon-fri 09:00-12:30, 13:30-18:00" --holidays DE-BY',
      say: 'office hours in Munich',
    },
  ],
  run: (call) => changed(call, workingTimeOf(call)),
};

/** Changes what is named, and shows the rep as they are then. */
const changed = (call: Call, change: RepChange) =>
  withDatabase(call.terminal, ({ pool }) =>
    withEngine(pool, async ({ deciding }) => {
      const { value: id, decided } = peopleValue(await changeRep(deciding, operand(call, 0), change));
      const rep = await readRep(pool, id);
      if (call.json) call.terminal.out(JSON.stringify({ ...rep, recomputed: decided }));
      else if (rep !== null) {
        const days = [...rep.closed.map((day) => `closed ${day}`), ...rep.worked.map((day) => `worked ${day}`)].join(
          ', ',
        );
        call.terminal.out(
          table(
            ['what', 'is'],
            [
              ['name', `${rep.name} (${rep.email}, ${rep.id})`],
              ['works', rep.hours ?? 'always'],
              ['zone', rep.timeZone],
              ['holidays', [rep.holidays ?? '-', days].filter((each) => each !== '').join('; ')],
              ['caps', capsWords(rep.caps)],
              ['skills', rep.skills.join(', ') || '-'],
              ['cover', rep.cover?.name ?? null],
              ['manager', rep.manager?.name ?? null],
              ['state', stateWords(rep)],
            ],
            100,
          ),
        );
        if (decided > 0) call.terminal.note(`Promises told anew: ${decided}.`);
      }
      return EXIT.ok;
    }),
  );

const repDeactivate: Command = {
  path: ['rep', 'deactivate'],
  say: 'switch a rep off who left; what they hold goes to others in the same moment',
  detail:
    "Open, tried and parked leads and deals find other owners by the routes. The ledgers' balance is shared out by weight.",
  operands: [REP],
  options: [],
  examples: [{ run: 'baton rep deactivate ada@company.example', say: 'somebody who left' }],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ deciding }) => {
        const { value: id, decided } = peopleValue(await deactivateRep(deciding, operand(call, 0)));
        const rep = await readRep(pool, id);
        const left = rep?.openHandoffs ?? 0;
        if (call.json) call.terminal.out(JSON.stringify({ rep: id, rerouted: decided, left }));
        else {
          call.terminal.note(`${rep?.name} is switched off; handoffs that went on to others: ${decided}.`);
          if (left > 0) call.terminal.note(`${left} could go to nobody: "baton leaks" names them.`);
        }
        return left > 0 ? EXIT.findings : EXIT.ok;
      }),
    ),
};

export const repCommands: readonly Command[] = [
  repList,
  repAdd,
  repSet,
  repHours,
  ...repAbsenceCommands,
  repDeactivate,
];

import {
  addTimeOff,
  LEAVING_HANDOFFS,
  type LeavingHandoffs,
  listAbsences,
  markAway,
  markBack,
  removeTimeOff,
} from '../../people/absences.ts';
import type { ListedRep } from '../../people/listReps.ts';
import { readMoment } from '../../people/readMoment.ts';
import { type Command, EXIT, operand, text, UsageError, whole } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';
import { peopleValue } from './peopleValue.ts';
import { knownRep, REP } from './repOperand.ts';

const repAway: Command = {
  path: ['rep', 'away'],
  say: 'mark a rep away from now on; nothing new is given to them',
  detail: 'What they hold is kept, goes to their cover (else as the route says), or is given out anew: say which.',
  operands: [REP],
  options: [
    { name: 'handoffs', say: 'what becomes of what they hold', takes: { kind: 'choice', of: LEAVING_HANDOFFS } },
    {
      name: 'until',
      say: 'a day (included) or an instant; else until "rep back"',
      takes: { kind: 'text', name: 'WHEN' },
    },
    { name: 'note', say: 'why', takes: { kind: 'text', name: 'TEXT' } },
  ],
  examples: [
    { run: 'baton rep away ada@company.example --handoffs cover --until 2026-12-24', say: 'the cover takes over' },
  ],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ deciding }) => {
        const rep = await knownRep(pool, operand(call, 0));
        const handoffs = text(call, 'handoffs') as LeavingHandoffs | undefined;
        if (handoffs === undefined && rep.openHandoffs > 0)
          throw new UsageError(
            'missing-option',
            `${rep.name} holds open handoffs (${rep.openHandoffs}): say what becomes of them, --handoffs keep, cover or reroute.`,
          );
        const until = text(call, 'until');
        const done = peopleValue(
          await markAway(deciding, rep.email, {
            handoffs: handoffs ?? 'keep',
            until: until === undefined ? null : momentOf(until, rep, 'end'),
            note: text(call, 'note') ?? '',
          }),
        );
        if (call.json) call.terminal.out(JSON.stringify({ rep: rep.id, away: true, moved: done.decided }));
        else call.terminal.note(`${rep.name} is away; handoffs that moved: ${done.decided}.`);
        return EXIT.ok;
      }),
    ),
};

const repBack: Command = {
  path: ['rep', 'back'],
  say: "end a rep's absence now",
  operands: [REP],
  options: [],
  examples: [{ run: 'baton rep back ada@company.example', say: 'leads come again; what went to others stays there' }],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ deciding }) => {
        const { value: id } = peopleValue(await markBack(deciding, operand(call, 0)));
        if (call.json) call.terminal.out(JSON.stringify({ rep: id, away: false }));
        else call.terminal.note(`${operand(call, 0)} is back.`);
        return EXIT.ok;
      }),
    ),
};

const repTimeOff: Command = {
  path: ['rep', 'time-off'],
  say: 'enter, take back or list time off of a rep',
  detail:
    "Days are days of the rep's time zone, both included. When it begins and ends, what they hold is looked at by itself.",
  operands: [REP],
  options: [
    { name: 'from', say: 'the first day, or an instant', takes: { kind: 'text', name: 'WHEN' } },
    { name: 'to', say: 'the last day, or an instant', takes: { kind: 'text', name: 'WHEN' } },
    { name: 'note', say: 'why', takes: { kind: 'text', name: 'TEXT' } },
    { name: 'remove', say: 'take this one back (or end it now)', takes: { kind: 'number', name: 'ID', min: 1 } },
  ],
  examples: [
    { run: 'baton rep time-off ada@company.example --from 2026-12-21 --to 2026-12-31', say: 'eleven days' },
    { run: 'baton rep time-off ada@company.example', say: 'what is entered, and what a calendar said' },
  ],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ deciding }) => {
        const rep = await knownRep(pool, operand(call, 0));
        const [from, to, remove] = [text(call, 'from'), text(call, 'to'), whole(call, 'remove')];
        if ((from === undefined) !== (to === undefined))
          throw new UsageError('missing-option', 'Give both --from and --to.');
        if (from !== undefined && to !== undefined)
          peopleValue(
            await addTimeOff(deciding, rep.email, {
              from: momentOf(from, rep, 'begin'),
              to: momentOf(to, rep, 'end'),
              note: text(call, 'note') ?? '',
            }),
          );
        if (remove !== undefined) peopleValue(await removeTimeOff(deciding, rep.email, remove));
        const absences = await listAbsences(pool, rep.id);
        if (call.json) call.terminal.out(JSON.stringify({ rep: rep.id, absences }));
        else
          call.terminal.out(
            table(
              ['id', 'from', 'to', 'why', 'note'],
              absences.map((one) => [
                one.id,
                shownInstant(one.from),
                one.to === null ? 'open' : shownInstant(one.to),
                one.why,
                one.note,
              ]),
            ),
          );
        return EXIT.ok;
      }),
    ),
};

const momentOf = (given: string, rep: ListedRep, edge: 'begin' | 'end'): number => {
  const read = readMoment(given, rep.timeZone, edge);
  if (!read.ok) throw new UsageError('bad-option-value', `${read.error}.`);
  return read.value;
};

export const repAbsenceCommands: readonly Command[] = [repAway, repBack, repTimeOff];

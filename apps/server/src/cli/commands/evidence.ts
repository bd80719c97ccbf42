import { ACTIVITY_STATES } from '../../evidence/activity.ts';
import {
  CALENDARS,
  type Calendar,
  hasHookSecret,
  removeHookSecret,
  setHookSecret,
} from '../../evidence/hookSecrets.ts';
import { dismissActivity, listActivities, type Resolved, resolveActivity } from '../../evidence/unmatched.ts';
import {
  type Call,
  type Command,
  CommandFailure,
  EXIT,
  type ExitCode,
  operand,
  text,
  UsageError,
  whole,
} from '../command.ts';
import { withEngine } from '../engine.ts';
import { secretBox } from '../secretBox.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';
import { contactOf, numbered } from './whoActs.ts';

const activityList: Command = {
  path: ['activity', 'list'],
  say: 'list what dialers, mailers, calendars and the mailbox saw',
  operands: [],
  options: [
    { name: 'state', say: 'only these; unmatched ones wait for you', takes: { kind: 'choice', of: ACTIVITY_STATES } },
    { name: 'limit', say: 'at most so many (50)', takes: { kind: 'number', name: 'N', min: 1 } },
  ],
  examples: [{ run: 'baton activity list --state unmatched', say: 'whose were these?' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const state = ACTIVITY_STATES.find((one) => one === text(call, 'state'));
      const rows = await listActivities(pool, { state, after: 0, limit: Math.min(whole(call, 'limit') ?? 50, 1_000) });
      if (call.json) call.terminal.out(JSON.stringify({ activities: rows }));
      else if (rows.length === 0) call.terminal.note('Nothing was seen.');
      else
        call.terminal.out(
          table(
            ['id', 'when', 'source', 'what', 'of whom', 'state', 'why', 'handoff'],
            rows.map((row) => [
              row.id,
              shownInstant(row.at),
              row.source,
              `${row.channel}: ${row.outcome}`,
              row.email ?? row.phone ?? row.userId,
              row.state,
              row.why,
              row.handoffId,
            ]),
            44,
          ),
        );
      return EXIT.ok;
    }),
};

const ID = { name: 'ID', say: 'its number, as "activity list" shows it', required: true } as const;
const BY = { name: 'by', say: 'who says so (command line)', takes: { kind: 'text', name: 'NAME' } } as const;
const by = (call: Call): string => text(call, 'by') ?? 'command line';

const tell = (call: Call, id: number, resolved: Resolved): ExitCode => {
  if (resolved.kind === 'not-found') throw new CommandFailure('activity-unknown', `There is no activity ${id}.`);
  if (resolved.kind === 'settled')
    throw new CommandFailure(
      'settled',
      `It is ${resolved.state} already${resolved.by === null ? '' : ` (${resolved.by})`}.`,
    );
  const { receipt } = resolved;
  if (call.json) call.terminal.out(JSON.stringify(receipt));
  else call.terminal.note(`${receipt.state}: ${receipt.why}`);
  return EXIT.ok;
};

const activityResolve: Command = {
  path: ['activity', 'resolve'],
  say: 'say whose an unmatched activity is: it counts as if it had been known',
  operands: [ID, { name: 'CONTACT', say: 'an address, a user id, an anonymous id, or contact:NUMBER', required: true }],
  options: [BY],
  examples: [{ run: 'baton activity resolve 7 ada@customer.example', say: 'her call, by a number we did not know' }],
  run: (call) => {
    const id = numbered('ID', 'activity list', operand(call, 0));
    return withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ acts }) =>
        tell(call, id, await resolveActivity({ pool, acts }, id, await contactOf(pool, operand(call, 1)), by(call))),
      ),
    );
  },
};

const activityDismiss: Command = {
  path: ['activity', 'dismiss'],
  say: 'say that an unmatched activity is nobody’s',
  operands: [ID],
  options: [BY],
  examples: [{ run: 'baton activity dismiss 7', say: 'it stays in the list of all' }],
  run: (call) => {
    const id = numbered('ID', 'activity list', operand(call, 0));
    return withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ acts }) => tell(call, id, await dismissActivity({ pool, acts }, id, by(call)))),
    );
  },
};

const calendarOf = (call: Call): Calendar => {
  const calendar = CALENDARS.find((one) => one === operand(call, 0));
  if (calendar === undefined) throw new UsageError('bad-operand', `CALENDAR is one of ${CALENDARS.join(', ')}.`);
  return calendar;
};
const CALENDAR = { name: 'CALENDAR', say: CALENDARS.join(', '), required: true } as const;

const hookSet: Command = {
  path: ['hook', 'set'],
  say: 'let a calendar tell of meetings by webhook: sets the secret that it signs with',
  detail: 'Without --secret a new one is made. It is shown once; what signs with an old one is refused at once.',
  operands: [CALENDAR],
  options: [{ name: 'secret', say: 'the one that the calendar gave you', takes: { kind: 'text', name: 'TEXT' } }],
  examples: [{ run: 'baton hook set cal-com', say: 'then enter path and secret at Cal.com' }],
  run: (call) => {
    const calendar = calendarOf(call);
    const given = text(call, 'secret');
    if (given !== undefined && given.length < 8)
      throw new UsageError('bad-option-value', '--secret: at least 8 characters.');
    return withDatabase(call.terminal, async ({ pool }) => {
      const secret = await setHookSecret(pool, calendar, secretBox(), given);
      const path = `/hooks/${calendar}`;
      if (call.json) call.terminal.out(JSON.stringify({ calendar, path, secret }));
      else {
        call.terminal.out(secret);
        call.terminal.note(
          `Enter it at ${calendar} with the address of this server and ${path}. It is not shown again.`,
        );
      }
      return EXIT.ok;
    });
  },
};

const hookList: Command = {
  path: ['hook', 'list'],
  say: 'show which calendars may tell of meetings',
  operands: [],
  options: [],
  examples: [{ run: 'baton hook list', say: 'their secrets are not shown' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const rows = await Promise.all(
        CALENDARS.map(async (calendar) => ({
          calendar,
          path: `/hooks/${calendar}`,
          set: await hasHookSecret(pool, calendar),
        })),
      );
      if (call.json) call.terminal.out(JSON.stringify({ hooks: rows }));
      else
        call.terminal.out(
          table(
            ['calendar', 'path', 'state'],
            rows.map((row) => [row.calendar, row.path, row.set ? 'taken' : 'not set up: answered with 503']),
          ),
        );
      return EXIT.ok;
    }),
};

const hookRemove: Command = {
  path: ['hook', 'remove'],
  say: 'take nothing from a calendar any more',
  operands: [CALENDAR],
  options: [],
  examples: [{ run: 'baton hook remove calendly', say: 'what it sends is answered with 503 from now on' }],
  run: (call) => {
    const calendar = calendarOf(call);
    return withDatabase(call.terminal, async ({ pool }) => {
      if (!(await removeHookSecret(pool, calendar)))
        throw new CommandFailure('hook-unknown', `${calendar} was not set up.`);
      if (call.json) call.terminal.out(JSON.stringify({ removed: calendar }));
      else call.terminal.note(`${calendar} is not heard any more.`);
      return EXIT.ok;
    });
  },
};

/** What was seen of sales and its contacts, and who may tell. */
export const evidenceCommands: readonly Command[] = [
  activityList,
  activityResolve,
  activityDismiss,
  hookSet,
  hookList,
  hookRemove,
];

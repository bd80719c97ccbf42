import { makePolicyLoader } from '../../agreement/activePolicy.ts';
import { ReferenceCache } from '../../handoff/references.ts';
import { LEAKS_KEPT } from '../../leaks/checkLeaks.ts';
import { mendLeak } from '../../leaks/mendLeak.ts';
import { type CheckState, type Leak, readChecks, readLeaks } from '../../leaks/readLeaks.ts';
import { type LeakPlace, readLeakPlaces, TELLABLE, writeLeakPlaces } from '../../leaks/tellLeaks.ts';
import { watchLeaks } from '../../leaks/watchLeaks.ts';
import { loadPeople } from '../../people/loadPeople.ts';
import { type Call, type Command, CommandFailure, EXIT, flag, operand, text, UsageError } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const leaks: Command = {
  path: ['leaks'],
  say: 'look for leads that nobody holds: independent questions to the database, and a recount of the raw events',
  detail:
    'Asks every check now, whatever the server found before. Exit code 3 where something leaks, or could not be checked. ' +
    'docs/leaks.md says what each check means and what its mend does.',
  operands: [],
  options: [
    { name: 'check', say: 'the leaks of one check alone', takes: { kind: 'text', name: 'CHECK' } },
    { name: 'sql', say: 'print the query that proves each check' },
  ],
  examples: [
    { run: 'baton leaks', say: 'all accounted for, or what is not, since when and why' },
    { run: 'baton leaks --json', say: 'for a monitor: exit code 3 and the rows' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const references = new ReferenceCache({ loadActivePolicy: makePolicyLoader().loadActivePolicy, loadPeople });
      const watch = watchLeaks(pool, references, {
        onError: (error) => call.terminal.note(String(error)),
        everyMs: 2 ** 30,
      });
      try {
        if ((await watch.checkNow()) === null)
          call.terminal.note('A server is looking at this moment; this is its look.');
      } finally {
        await watch.stop();
      }
      const checks = await readChecks(pool);
      const only = text(call, 'check');
      if (only !== undefined && !checks.some(({ id }) => id === only))
        throw new UsageError(
          'bad-option-value',
          `There is no check "${only}": ${checks.map(({ id }) => id).join(', ')}.`,
        );
      const rows = await readLeaks(pool, { after: 0, limit: LEAKS_KEPT * checks.length, checkId: only });
      tell(call, checks, rows);
      return rows.length > 0 ? EXIT.findings : EXIT.ok;
    }),
};

const tell = (call: Call, checks: readonly CheckState[], rows: readonly Leak[]): void => {
  if (call.json) {
    call.terminal.out(JSON.stringify({ leaks: rows.map(toJson), checks: checks.map(checkJson) }));
    return;
  }
  if (rows.length === 0) {
    const contacts = checks.find(({ id }) => id === 'unhanded')?.looksAt ?? 0;
    call.terminal.out(`No leaks: every lead that qualified is accounted for (${contacts}).`);
  } else
    call.terminal.out(
      table(
        ['leak', 'check', 'what', 'who', 'since', 'why', 'mend'],
        rows.map((row) => [
          row.id,
          row.checkId,
          row.subject,
          row.who,
          shownInstant(row.since),
          row.cause,
          row.mend ?? 'by hand',
        ]),
        60,
      ),
    );
  call.terminal.note(
    table(
      ['check', 'leaks', 'rows', 'promise'],
      checks.map((check) => [
        check.id,
        check.error === null ? check.found : 'not checked',
        check.looksAt,
        check.promise,
      ]),
      90,
    ),
  );
  if (flag(call, 'sql')) for (const check of checks) call.terminal.out(`-- ${check.id}\n${check.sql};\n`);
  if (rows.some(({ mend }) => mend !== null))
    call.terminal.note('`baton leaks mend LEAK` takes the one step that mends it.');
};

const toJson = (leak: Leak) => ({
  id: leak.id,
  check: leak.checkId,
  subject: leak.subject,
  contactId: leak.contactId,
  handoffId: leak.handoffId,
  who: leak.who,
  cause: leak.cause,
  since: new Date(leak.since).toISOString(),
  mend: leak.mend,
  mendSays: leak.mendSays,
});

const checkJson = (check: CheckState) => ({
  id: check.id,
  promise: check.promise,
  leaks: check.found,
  rowsChecked: check.looksAt,
  checkedAt: check.checkedAt === null ? null : new Date(check.checkedAt).toISOString(),
  error: check.error,
});

const mend: Command = {
  path: ['leaks', 'mend'],
  say: 'take the one step that mends a leak',
  operands: [{ name: 'LEAK', say: 'its number, as "leaks" shows it', required: true }],
  options: [{ name: 'by', say: 'who does it', takes: { kind: 'text', name: 'NAME' } }],
  examples: [{ run: 'baton leaks mend 12', say: 're-route, restore the clocks, decide again: as the check says' }],
  run: (call) => {
    const id = operand(call, 0);
    if (!/^\d{1,15}$/.test(id)) throw new UsageError('bad-operand', 'LEAK is the number that "baton leaks" shows.');
    return withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ acts, deciding }) => {
        const done = await mendLeak({ pool, acts, deciding }, Number(id), text(call, 'by') ?? 'command line');
        if (!done.ok) throw new CommandFailure(done.error.code, done.error.say);
        if (call.json) call.terminal.out(JSON.stringify({ leak: Number(id), did: done.value.did }));
        else call.terminal.note(`Leak ${id}: ${done.value.did}.`);
        return EXIT.ok;
      }),
    );
  },
};

const tellCommand: Command = {
  path: ['leaks', 'tell'],
  say: 'choose who is told of new leaks; without a place, say who is',
  operands: [
    { name: 'PLACE', say: 'email:ADDRESS, slack:#CHANNEL, teams:NAME or nobody', required: false, many: true },
  ],
  options: [],
  examples: [{ run: 'baton leaks tell email:revops@company.example slack:#revops', say: 'one message for each look' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      if (call.operands.length > 0) {
        const places = call.operands.every((one) => one === 'nobody') ? [] : call.operands.map(placeOf);
        await writeLeakPlaces(pool, places, 'command line');
      }
      const places = await readLeakPlaces(pool);
      if (call.json) call.terminal.out(JSON.stringify({ places }));
      else
        call.terminal.out(
          places.length === 0
            ? 'Nobody is told of new leaks.'
            : places.map(({ channel, place }) => `${channel}:${place}`).join('\n'),
        );
      return EXIT.ok;
    }),
};

const placeOf = (given: string): LeakPlace => {
  const at = given.indexOf(':');
  const channel = TELLABLE.find((one) => one === given.slice(0, at));
  const place = given.slice(at + 1);
  if (channel === undefined || place === '')
    throw new UsageError(
      'bad-operand',
      `"${given}" is no place: give email:ADDRESS, slack:#CHANNEL, teams:NAME or nobody.`,
    );
  return { channel, place };
};

export const leakCommands: readonly Command[] = [leaks, mend, tellCommand];

import { HANDOFF_VIEWS, type HandoffView } from '@baton/contract/handoffs.ts';
import { makeFastTrack } from '../../handoff/fastTrack.ts';
import { findRep } from '../../people/reps.ts';
import { findContact } from '../../records/contactFile.ts';
import { listHandoffs } from '../../records/handoffs/listHandoffs.ts';
import { type Command, CommandFailure, EXIT, operand, text, UsageError, whole } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const handoffs: Command = {
  path: ['handoffs'],
  say: 'list handoffs, newest first: who, why qualified, whose, by when',
  operands: [],
  options: [
    { name: 'view', say: 'which of them (all)', takes: { kind: 'choice', of: HANDOFF_VIEWS } },
    { name: 'rep', say: "one rep's", takes: { kind: 'text', name: 'EMAIL' } },
    { name: 'team', say: "one team's", takes: { kind: 'text', name: 'TEAM' } },
    { name: 'search', say: 'part of a name, address or company', takes: { kind: 'text', name: 'WORD' } },
    { name: 'limit', say: 'at most so many (20)', takes: { kind: 'number', name: 'N', min: 1 } },
  ],
  examples: [
    { run: 'baton handoffs --view owed', say: 'where somebody waits for a first contact' },
    { run: 'baton handoffs --rep ada@company.example --json', say: 'for a script' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const named = text(call, 'rep');
      const repId = named === undefined ? undefined : await findRep(pool, named);
      if (repId === null) throw new CommandFailure('rep-unknown', `There is no rep "${named}".`);
      const page = await listHandoffs(pool, {
        view: (text(call, 'view') ?? 'all') as HandoffView,
        repId,
        teamId: text(call, 'team'),
        search: text(call, 'search'),
        limit: Math.min(whole(call, 'limit') ?? 20, 1_000),
      });
      if (call.json) call.terminal.out(JSON.stringify({ rows: page.rows, more: page.next !== null }));
      else {
        if (page.rows.length === 0) call.terminal.note('No handoffs.');
        call.terminal.out(
          table(
            ['id', 'status', 'who', 'company', 'why qualified', 'whose', 'accept by', 'due'],
            page.rows.map((row) => [
              row.id,
              row.status,
              row.contact.name ?? row.contact.email ?? `contact ${row.contact.id}`,
              row.company?.name ?? null,
              row.why,
              row.owner?.name ?? `queue ${row.queue}`,
              row.acceptBy === null ? null : shownInstant(Date.parse(row.acceptBy.dueAt)),
              row.clock === null || row.clock.stoppedAt !== null ? null : shownInstant(Date.parse(row.clock.dueAt)),
            ]),
            44,
          ),
        );
        if (page.next !== null) call.terminal.note('There are more; raise --limit.');
      }
      return EXIT.ok;
    }),
};

const fastTrack: Command = {
  path: ['fast-track'],
  say: 'hand a contact to sales by hand: marketing names a lead, or a rep brings their own',
  detail: 'The policy says whether marketing may, what it has to say, and how many a day or week.',
  operands: [{ name: 'CONTACT', say: 'an address, a user id, an anonymous id, or contact:NUMBER', required: true }],
  options: [
    { name: 'intent', say: 'how much they want it (high)', takes: { kind: 'text', name: 'INTENT' } },
    { name: 'note', say: 'why; the rep reads it', takes: { kind: 'text', name: 'TEXT' } },
    { name: 'by', say: 'who of marketing names the lead', takes: { kind: 'text', name: 'NAME' } },
    { name: 'as', say: 'the rep whose own lead it is, instead of --by', takes: { kind: 'text', name: 'EMAIL' } },
  ],
  examples: [
    {
      run: 'baton fast-track ada@customer.example --by mia@company.example --note "Met at the fair"',
      say: 'to whoever the route gives it to',
    },
    { run: 'baton fast-track ada@customer.example --as bo@company.example', say: "a rep's own lead, theirs at once" },
  ],
  run: (call) => {
    const [rep, person] = [text(call, 'as'), text(call, 'by')];
    if ((rep === undefined) === (person === undefined))
      throw new UsageError('missing-option', 'Say who: --by NAME of marketing, or --as EMAIL of the rep, one of both.');
    return withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ acts }) => {
        const contactId = await findContact(pool, operand(call, 0));
        if (contactId === null)
          throw new CommandFailure('contact-unknown', `Nobody is known as "${operand(call, 0)}".`);
        const repId = rep === undefined ? null : await findRep(pool, rep);
        if (rep !== undefined && repId === null) throw new CommandFailure('rep-unknown', `There is no rep "${rep}".`);
        const done = await makeFastTrack(acts)(contactId, {
          by: repId === null ? { kind: 'person', name: person ?? '', team: 'marketing' } : { kind: 'rep', id: repId },
          intent: text(call, 'intent') ?? 'high',
          note: text(call, 'note') ?? '',
        });
        if (done.kind === 'not-found') throw new CommandFailure('contact-unknown', 'This contact is gone.');
        if (done.kind === 'refused') throw new CommandFailure(done.refusal.code, done.refusal.say);
        const { handoff, group } = done.decision.next;
        const say = done.decision.trace?.say ?? 'Handed to sales.';
        const handoffId = handoff?.id ?? group?.handoffId ?? null;
        if (call.json)
          call.terminal.out(
            JSON.stringify({ contact: done.contactId, handoff: handoffId, decision: done.decision.id, say }),
          );
        else call.terminal.note(`${say} (handoff ${handoffId ?? '-'})`);
        return EXIT.ok;
      }),
    );
  },
};

export const handoffCommands: readonly Command[] = [handoffs, fastTrack];

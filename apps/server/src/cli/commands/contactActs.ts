import { WITHDRAW_CAUSES } from '@baton/contract/contactActs.ts';
import { LIFECYCLE_STAGES } from '@baton/domain/lifecycle/stage.ts';
import type { Pool } from 'pg';
import { makeFastTrack } from '../../handoff/fastTrack.ts';
import { makeUnmerge } from '../../handoff/unmerge.ts';
import { eventsOf } from '../../leaks/storedEvents.ts';
import { type Call, type Command, CommandFailure, EXIT, operand, text, UsageError } from '../command.ts';
import { withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';
import { contactOf, repOf, runAct, WHO_ACTS } from './whoActs.ts';

const CONTACT = { name: 'CONTACT', say: 'an address, a user id, an anonymous id, or contact:NUMBER', required: true };

const oneOf = <T extends string>(call: Call, index: number, name: string, of: readonly T[]): T => {
  const value = of.find((one) => one === operand(call, index));
  if (value === undefined) throw new UsageError('bad-operand', `${name} is one of ${of.join(', ')}.`);
  return value;
};

const ownLead: Command = {
  path: ['own-lead'],
  say: 'a rep brings their own lead: theirs at once, without rotation',
  operands: [CONTACT],
  options: [
    { name: 'intent', say: 'how much they want it (standard)', takes: { kind: 'text', name: 'INTENT' } },
    { name: 'note', say: 'where they met', takes: { kind: 'text', name: 'TEXT' } },
    ...WHO_ACTS.slice(0, 1),
  ],
  examples: [
    { run: 'baton own-lead ada@customer.example --as bo@company.example', say: 'open, stage SQL, a first task' },
  ],
  run: (call) =>
    runAct(call, {}, async ({ acts, by, pool }) =>
      makeFastTrack(acts)(await contactOf(pool, operand(call, 0)), {
        by,
        intent: text(call, 'intent') ?? 'standard',
        note: text(call, 'note') ?? '',
      }),
    ),
};

const withdraw: Command = {
  path: ['withdraw'],
  say: 'take a contact back from sales, for a cause',
  operands: [CONTACT, { name: 'CAUSE', say: WITHDRAW_CAUSES.join(', '), required: true }],
  options: WHO_ACTS,
  examples: [
    { run: 'baton withdraw ada@customer.example competitor --by "Mia Meyer"', say: 'clocks end, the owner is told' },
  ],
  run: (call) => {
    const cause = oneOf(call, 1, 'CAUSE', WITHDRAW_CAUSES);
    return runAct(call, {}, async ({ acts, by, pool }) =>
      acts.act({ contactId: await contactOf(pool, operand(call, 0)) }, { kind: 'withdrawn', by, cause }),
    );
  },
};

const stage: Command = {
  path: ['stage'],
  say: 'set the lifecycle stage of a contact by hand',
  detail: 'sql means an accepted handoff, mql a qualified one; an earlier stage takes an open handoff back from sales.',
  operands: [CONTACT, { name: 'STAGE', say: LIFECYCLE_STAGES.join(', '), required: true }],
  options: [{ name: 'owner', say: 'whose it is to be, for sql', takes: { kind: 'text', name: 'EMAIL' } }, ...WHO_ACTS],
  examples: [
    { run: 'baton stage ada@customer.example sql --owner bo@company.example --by "Mia Meyer"', say: 'open, with bo' },
  ],
  run: (call) => {
    const to = oneOf(call, 1, 'STAGE', LIFECYCLE_STAGES);
    return runAct(call, {}, async ({ acts, by, pool }) => {
      const owner = text(call, 'owner');
      const ownerId = owner === undefined ? null : await repOf(pool, owner);
      const contactId = await contactOf(pool, operand(call, 0));
      return acts.act({ contactId }, { kind: 'stage-set', by, stage: to, ownerId });
    });
  },
};

const unmerge: Command = {
  path: ['contact', 'unmerge'],
  say: 'undo the merge of a contact into another: both stand for themselves again',
  detail:
    'Each has its own handoff, clocks, task, keys and facts again. What came since the merge stays with the one that ' +
    'survived it, since it can’t be said whose it was; what could not be put back is told.',
  operands: [
    { name: 'CONTACT', say: 'an address or id that the merge brought along, or contact:NUMBER', required: true },
  ],
  options: [{ name: 'by', say: 'who says that they are two', takes: { kind: 'text', name: 'NAME' } }],
  examples: [
    { run: 'baton contact unmerge bo@customer.example --by "Mia Meyer"', say: 'bo and whoever he was taken for' },
  ],
  run: (call) =>
    withDatabase(call.terminal, ({ pool }) =>
      withEngine(pool, async ({ deciding }) => {
        const id = await mergedAs(pool, operand(call, 0));
        const by = { kind: 'person', name: text(call, 'by') ?? 'command line', team: 'admin' } as const;
        const undone = await makeUnmerge(deciding, eventsOf)(id, by);
        if (undone.kind === 'refused') throw new CommandFailure(undone.refusal.code, undone.refusal.say);
        if (call.json) call.terminal.out(JSON.stringify(undone));
        else {
          call.terminal.note(`Contact ${id} and contact ${undone.survivorId} are two again.`);
          for (const note of undone.notes) call.terminal.note(`  ${note}`);
        }
        return EXIT.ok;
      }),
    ),
};

/** The profile that an address or id came with, before it was merged into another. */
const mergedAs = async (pool: Pool, named: string): Promise<number> => {
  const { rows } = await pool.query<{ id: number | null }>(
    `select coalesce(origin_id, contact_id) as id from identity_key
     where (kind = 'email' and value = lower($1)) or (kind in ('user', 'anonymous') and value = $1)
     union all select id from contact where 'contact:' || id = $1 limit 1`,
    [named.trim()],
  );
  const id = rows[0]?.id ?? null;
  if (id === null) throw new CommandFailure('contact-unknown', `Nobody is known as "${named}".`);
  return id;
};

/** What people do with a contact, whether or not a handoff is open. */
export const contactActCommands: readonly Command[] = [ownLead, withdraw, stage, unmerge];

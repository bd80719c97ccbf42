import { WITHDRAW_CAUSES } from '@baton/contract/contactActs.ts';
import { LIFECYCLE_STAGES } from '@baton/domain/lifecycle/stage.ts';
import { makeFastTrack } from '../../handoff/fastTrack.ts';
import { type Call, type Command, operand, text, UsageError } from '../command.ts';
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

/** What people do with a contact, whether or not a handoff is open. */
export const contactActCommands: readonly Command[] = [ownLead, withdraw, stage];

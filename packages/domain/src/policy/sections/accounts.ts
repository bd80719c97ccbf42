import type { Accounts } from '../document.ts';
import { complete, type Read, readFields, readOneOf } from '../reader.ts';

/** What holds where the section is left out: one company, one owner, one deal. */
export const ACCOUNTS_DEFAULT: Accounts = { groupBy: 'company', secondContact: 'join-owner', openDeal: 'attach' };

const EXAMPLE = '{ group-by: company, second-contact: join-owner, open-deal: attach }';

/** `accounts`: several people of one company. */
export const readAccounts: Read<Accounts> = (at) => {
  const fields = readFields(at, ['group-by', 'second-contact', 'open-deal'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<Accounts>({
    groupBy: fields.optional('group-by', readOneOf(['company', 'none']), ACCOUNTS_DEFAULT.groupBy),
    secondContact: fields.optional(
      'second-contact',
      readOneOf(['join-owner', 'route']),
      ACCOUNTS_DEFAULT.secondContact,
    ),
    openDeal: fields.optional('open-deal', readOneOf(['attach', 'new']), ACCOUNTS_DEFAULT.openDeal),
  });
};

import type { FactValue } from '@baton/domain/facts/fact.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { IncomingIdentity } from '../../intake/incomingEvent.ts';
import { hasIdentity, identityOf, NO_IDENTITY, type Problem, textOf, type Values } from './rowValues.ts';
import { shorten } from './shorten.ts';

/** What a deal's row says; who it is about, what is known of it, and where it stands. */
export type DealRow = {
  readonly key: string;
  readonly identity: IncomingIdentity;
  readonly status: 'open' | 'won' | 'lost';
  /** When it was created, where the row tells; and when it was won or lost. */
  readonly createdAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly closeAt: Instant | null;
  readonly name: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly pipeline: string | null;
  readonly stage: string | null;
  readonly reason: string | null;
  readonly owner: string | null;
  readonly properties: { readonly [name: string]: FactValue };
};

const DEAL_KNOWN = new Set([
  'name',
  'amount',
  'currency',
  'pipeline',
  'stage',
  'status',
  'created-at',
  'won-at',
  'lost-at',
  'close-at',
  'reason',
  'owner',
]);
const DEAL_STATUS: ReadonlyMap<string, DealRow['status']> = new Map([
  ['open', 'open'],
  ['won', 'won'],
  ['lost', 'lost'],
  ['closedwon', 'won'],
  ['closed won', 'won'],
  ['closedlost', 'lost'],
  ['closed lost', 'lost'],
]);

/** Reads what a deal's row says. */
export const dealOf = (values: Values, key: string): Result<DealRow, Problem> => {
  const identity = identityOf(values);
  if (!hasIdentity(identity)) return err(NO_IDENTITY);
  const instantAt = (path: string): Instant | null => {
    const value = textOf(values, path);
    return value === undefined ? null : Date.parse(value);
  };
  const wonAt = instantAt('deal.won-at');
  const lostAt = instantAt('deal.lost-at');
  const word = textOf(values, 'deal.status')?.toLowerCase();
  const named = word === undefined ? null : DEAL_STATUS.get(word);
  if (named === undefined)
    return err({ code: 'unknown-word', say: `deal.status "${shorten(word ?? '')}" is not open, won or lost` });
  const status = named ?? (wonAt !== null ? 'won' : lostAt !== null ? 'lost' : 'open');
  const closedAt = status === 'won' ? wonAt : status === 'lost' ? lostAt : null;
  if (status !== 'open' && closedAt === null) {
    return err({ code: 'deal-state-missing', say: `a ${status} deal needs deal.${status}-at` });
  }
  const amount = values.get('deal.amount');
  const owned = Object.fromEntries(
    [...values]
      .filter(([path]) => path.startsWith('deal.') && !DEAL_KNOWN.has(path.slice(5)))
      .map(([path, value]) => [path.slice(5), value]),
  );
  return ok({
    key,
    identity,
    status,
    createdAt: instantAt('deal.created-at'),
    closedAt,
    closeAt: instantAt('deal.close-at'),
    name: textOf(values, 'deal.name') ?? null,
    amountMinor: typeof amount === 'number' ? Math.round(amount * 100) : null,
    currency: textOf(values, 'deal.currency') ?? null,
    pipeline: textOf(values, 'deal.pipeline') ?? null,
    stage: textOf(values, 'deal.stage') ?? null,
    reason: textOf(values, 'deal.reason') ?? null,
    owner: textOf(values, 'deal.owner') ?? null,
    properties: owned,
  });
};

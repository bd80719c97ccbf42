import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { assertNever } from '@baton/domain/kernel/assertNever.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { saySpan } from './sayTimes.ts';

/** How long a handoff took from its qualifying to the end of the clock that it shows. */
const tookOf = (row: HandoffRow): string =>
  row.clock === null || row.clock.stoppedAt === null
    ? ''
    : `, ${saySpan(Date.parse(row.clock.stoppedAt) - Date.parse(row.qualifiedAt))} after it qualified`;

/**
 * What holds of a handoff now, in one sentence: whom it waits for, who accepted it, how it ended. `reader`: the rep who
 * reads it and is called "you"; null for a place that several read. `now`, `acceptedAt`: epoch ms; null: not known.
 */
export const sayState = (
  row: HandoffRow,
  reader: RepId | null,
  now: Instant,
  acceptedAt: Instant | null = null,
): string => {
  const owner = row.owner === null ? null : row.owner.id === reader ? 'you' : row.owner.name;
  switch (row.status) {
    case 'offered':
      return `Offered to ${owner ?? 'nobody'}; it qualified ${saySpan(now - Date.parse(row.qualifiedAt))} ago.`;
    case 'queued':
      return `Waits in the queue ${row.queue ?? ''}: whoever claims it first has it.`;
    case 'open':
      return `Accepted by ${owner ?? 'nobody'}${acceptedAt === null ? '' : ` after ${saySpan(acceptedAt - Date.parse(row.qualifiedAt))}`}. First contact is owed.`;
    case 'working':
      return `${capital(owner ?? 'somebody')} ${owner === 'you' ? 'are' : 'is'} on it: contact was logged${tookOf(row)}.`;
    case 'parked':
      return `Put off by ${owner ?? 'nobody'}${row.clock?.kind === 'return' ? ` until ${row.clock.dueAt.slice(0, 10)}` : ''}.`;
    case 'deal':
      return `${capital(owner ?? 'somebody')} ${owner === 'you' ? 'have' : 'has'} made a deal of it.`;
    case 'won':
      return 'Won.';
    case 'lost':
    case 'rejected':
    case 'withdrawn':
      return `${capital(row.status)}${row.closedReason === null ? '' : `: ${row.closedReason.replaceAll('-', ' ')}`}.`;
    case 'merged':
      return 'Part of another lead now: it was the same person.';
    default:
      return assertNever(row.status);
  }
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

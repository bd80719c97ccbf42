import type { ErrorCode } from '@baton/contract/errorCodes.ts';
import type { Receipts, Receipt as WireReceipt } from '@baton/contract/receipt.ts';
import { QUARANTINE_CODES, type QuarantineCode, type WarningCode } from '@baton/contract/receiptCodes.ts';
import type { IncomingEvent, Receipt, Submit } from '../../intake/incomingEvent.ts';
import type { RawEvent } from './parseEvents.ts';
import { type Frame, type ReadEvent, readEvent } from './readEvent.ts';

/** Intake's words for why, in the contract's. What is not named here is told as `unprocessable`. */
const REASONS: { readonly [code: string]: ErrorCode | QuarantineCode } = {
  'payload-differs': 'payload_conflict',
  'no-identity': 'identity_required',
  'invalid-identity': 'invalid_field',
  'invalid-message-id': 'invalid_field',
  'invalid-name': 'invalid_field',
  undecidable: 'unprocessable',
};

/**
 * Translates the events of one request, hands them to intake together, and answers one receipt for each in the order in
 * which they came. Rejected events cost their neighbours nothing. Rejects with what `submit` rejects with.
 *
 * No frame waits with the raw events in its hands: whatever a request keeps until its commit is copied by the garbage
 * collector, which was a fifth of the server's time.
 */
export const ingest = (
  raws: readonly RawEvent[],
  type: string | undefined,
  frame: Frame,
  submit: Submit,
  mark: (event: IncomingEvent) => IncomingEvent,
): Promise<Receipts> => {
  const reads = new Array<Told>(raws.length);
  const batch: IncomingEvent[] = [];
  for (let index = 0; index < raws.length; index += 1) {
    const read = readRaw(raws[index] as RawEvent, type, frame);
    reads[index] = read.warnings.size === 0 ? { ...read, warnings: NO_WARNINGS } : read;
    if (read.event !== null) batch.push(mark(read.event));
  }
  return batch.length === 0
    ? Promise.resolve(reply(reads, []))
    : submit(batch).then((answers) => reply(reads, answers));
};

/** Most events have none, and a set of its own is no small object. */
const NO_WARNINGS: ReadonlySet<WarningCode> = new Set();

/** What a receipt says of an event. */
type Told = Omit<ReadEvent, 'warnings'> & { readonly warnings: ReadonlySet<WarningCode> };

const readRaw = (raw: RawEvent, type: string | undefined, frame: Frame): ReadEvent =>
  raw.refused === null
    ? readEvent(raw.value, type, frame, raw.warnings)
    : { messageId: '', event: null, rejected: raw.refused, warnings: raw.warnings };

/** Joins what was rejected here with what intake answered. */
export const reply = (reads: readonly Told[], answers: readonly Receipt[]): Receipts => {
  const counts = { accepted: 0, duplicate: 0, quarantined: 0, rejected: 0 };
  let next = 0;
  const receipts = reads.map((read): WireReceipt => {
    const receipt = read.event === null ? rejection(read) : receiptOf(read, answers[next++] as Receipt);
    counts[receipt.outcome] += 1;
    return receipt;
  });
  return { success: true, ...counts, receipts };
};

const rejection = (read: Told): WireReceipt => ({
  messageId: read.messageId,
  outcome: 'rejected',
  ...(read.rejected === null ? {} : { code: read.rejected.code, detail: read.rejected.detail }),
  ...warningsOf(read.warnings),
});

const receiptOf = (read: Told, answer: Receipt): WireReceipt => ({
  messageId: read.messageId,
  outcome: answer.outcome,
  ...(answer.outcome === 'quarantined' || answer.outcome === 'rejected' ? reasonOf(answer) : {}),
  ...warningsOf(read.warnings),
});

/** Intake's own sentence is told only for reasons that it words for senders; what broke inside stays inside. */
const reasonOf = (answer: Receipt): Pick<WireReceipt, 'code' | 'detail'> => {
  const code = REASONS[answer.code ?? ''];
  if (code === undefined || code === 'unprocessable')
    return { code: 'unprocessable', detail: QUARANTINE_CODES.unprocessable };
  return { code, ...(answer.detail === undefined ? {} : { detail: answer.detail }) };
};

const warningsOf = (warnings: ReadonlySet<WarningCode>): Pick<WireReceipt, 'warnings'> =>
  warnings.size === 0 ? {} : { warnings: [...warnings] };

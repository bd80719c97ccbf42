import { z } from 'zod/mini';
import { ERROR_CODES, type ErrorCode } from './errorCodes.ts';
import {
  QUARANTINE_CODES,
  type QuarantineCode,
  RECEIPT_OUTCOMES,
  WARNING_CODES,
  type WarningCode,
} from './receiptCodes.ts';

const reasons = [...Object.keys(ERROR_CODES), ...Object.keys(QUARANTINE_CODES)] as [
  ErrorCode | QuarantineCode,
  ...(ErrorCode | QuarantineCode)[],
];
const warnings = Object.keys(WARNING_CODES) as [WarningCode, ...WarningCode[]];

/** What became of one event. `code` says why it was quarantined or rejected; `warnings` what was left out of it. */
export const Receipt = z.object({
  messageId: z.string(),
  outcome: z.enum(RECEIPT_OUTCOMES),
  code: z.optional(z.enum(reasons)),
  detail: z.optional(z.string()),
  warnings: z.optional(z.array(z.enum(warnings))),
});
export type Receipt = z.output<typeof Receipt>;

/** The answer to events, in the order they were sent. `success` is what Segment's clients look for. */
export const Receipts = z.object({
  success: z.literal(true),
  accepted: z.int(),
  duplicate: z.int(),
  quarantined: z.int(),
  rejected: z.int(),
  receipts: z.array(Receipt),
});
export type Receipts = z.output<typeof Receipts>;

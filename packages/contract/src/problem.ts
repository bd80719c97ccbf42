import { z } from 'zod/mini';
import { ERROR_CODES, type ErrorCode } from './errorCodes.ts';

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457: how every refusal looks. `code` is stable; `detail` says what, where and how to mend it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(codes),
  requestId: z.string(),
  detail: z.optional(z.string()),
  /** The field or parameter at fault, as a JSON pointer or a name. */
  at: z.optional(z.string()),
  /** For a conflict: the person who was first. */
  by: z.optional(z.string()),
  /** The most that a limit allows. */
  limit: z.optional(z.int()),
});
export type Problem = z.output<typeof Problem>;

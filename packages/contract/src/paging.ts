import { z } from 'zod/mini';
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from './limits.ts';

/** Paging by cursor: ask again with `nextCursor` until there is none. */
export const pageQuery = {
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_ROWS_MAX)), PAGE_ROWS_DEFAULT),
  cursor: z.optional(z.string().check(z.maxLength(200))),
};

/** A page of rows. */
export const pageOf = <Row extends z.ZodMiniType>(row: Row) =>
  z.object({ rows: z.array(row), nextCursor: z.nullable(z.string()) });

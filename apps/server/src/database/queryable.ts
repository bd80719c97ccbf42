import type { PoolClient } from 'pg';

/** A pool, or a client inside a transaction. */
export type Queryable = Pick<PoolClient, 'query'>;

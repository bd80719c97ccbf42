import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';

/** Something that a surface could not take as it was. `payload` is what was sent, as text, for the person who looks. */
export type SetAside = {
  readonly sourceId: number;
  readonly messageKey: string | null;
  readonly code: string;
  readonly detail: string;
  readonly payload: string;
  readonly receivedAt: Instant;
};

/** Puts it into quarantine, where it is visible until a person resolves it. */
export const setAside = async (pool: Pool, what: SetAside): Promise<void> => {
  await pool.query(
    `insert into quarantine (source_id, message_key, code, detail, payload, received_at) values ($1, $2, $3, $4, $5, $6)`,
    [what.sourceId, what.messageKey, what.code, what.detail, what.payload, what.receivedAt],
  );
};

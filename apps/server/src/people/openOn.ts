import type { CalendarRef } from '@baton/domain/handoff/state.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Queryable } from '../database/queryable.ts';

/**
 * Contacts of open handoffs with a clock that runs on this calendar, whoever has them now: a clock keeps its calendar when
 * its handoff goes on to somebody else. Linear in what is open, which an edit of working time may cost.
 */
export const openOn = async (client: Queryable, ref: CalendarRef): Promise<readonly ContactId[]> => {
  const { rows } = await client.query<{ contact_id: number }>(
    `select distinct h.contact_id from handoff h join contact c on c.id = h.contact_id
     where h.closed_at is null and strpos(c.state, $1) > 0 order by h.contact_id`,
    [`"on":"${ref}"`],
  );
  return rows.map((row) => row.contact_id);
};

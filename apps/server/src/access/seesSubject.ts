import type { Subject } from '@baton/contract/operation.ts';
import type { Pool } from 'pg';
import { contactSight, dealSight, handoffSight, type Sight, taskSight } from './sight.ts';

/** For each kind of thing, the question whether `$2` sees number `$1`. Merged contacts are what they were merged into. */
const QUESTIONS: { readonly [subject in Exclude<Subject, 'rep'>]: string } = {
  handoff: `select 1 from handoff h where h.id = $1 and ${handoffSight('h', '$2')}`,
  contact: contactQuestion(contactSight('c', '$2')),
  'free-contact': contactQuestion(`(c.owner_id is null or ${contactSight('c', '$2')})`),
  deal: `select 1 from deal d where d.id = $1 and ${dealSight('d', '$2')}`,
  task: `select 1 from task t where t.id = $1 and ${taskSight('t', '$2')}`,
};

/** True where somebody sees the thing of this number; false, too, where there is none. A rep changes no rep but themselves. */
export const seesSubject = async (pool: Pool, sight: Sight, subject: Subject, id: number): Promise<boolean> => {
  if (sight === null) return true;
  if (subject === 'rep') return id === sight;
  const found = await pool.query(QUESTIONS[subject], [id, sight]);
  return (found.rowCount ?? 0) > 0;
};

function contactQuestion(condition: string): string {
  return `select 1 from contact c where c.id = coalesce((select survivor_id from contact_redirect where contact_id = $1), $1) and ${condition}`;
}

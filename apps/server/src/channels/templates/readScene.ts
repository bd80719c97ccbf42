import type { Facts } from '@baton/domain/facts/fact.ts';
import { type TokenScene, tokenText } from '@baton/domain/handoff/words.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import { TEMPLATE_TOKENS } from '@baton/domain/policy/template.ts';
import type { Pool } from 'pg';
import { readState } from '../../handoff/storedState.ts';
import type { TokenValues } from './liquid.ts';

type Stored = {
  state: string;
  company_facts: string | null;
  owner: string | null;
  intent: string | null;
  reason: string | null;
  due_at: number | null;
  task: string | null;
};

/** What the tokens say of a contact as they are now, with their latest handoff; null where there is no such contact. */
export const readScene = async (pool: Pool, contactId: ContactId): Promise<TokenValues | null> => {
  const { rows } = await pool.query<Stored>(
    `select c.state, co.facts as company_facts, r.name as owner, h.intent, h.reason, h.due_at, t.type as task
     from contact c
     left join company co on co.id = c.company_id
     left join lateral (select * from handoff h where h.contact_id = c.id order by h.id desc limit 1) h on true
     left join rep r on r.id = coalesce(h.owner_id, c.owner_id)
     left join lateral (select type from task t where t.handoff_id = h.id order by t.id limit 1) t on true
     where c.id = coalesce((select survivor_id from contact_redirect where contact_id = $1), $1) and c.erased_at is null`,
    [contactId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const state = readState(row.state);
  const scene: TokenScene = {
    facts: state.facts,
    companyFacts: row.company_facts === null ? {} : (JSON.parse(row.company_facts) as Facts),
    touches: state.touches,
    ownerName: row.owner ?? undefined,
    intent: row.intent ?? undefined,
    reason: row.reason ?? undefined,
    evidence: undefined,
    firstTask: row.task ?? undefined,
    dueAt: row.due_at ?? undefined,
  };
  return (token) => tokenText(token, scene);
};

/** What stands for each token where no contact is at hand: `the contact’s name`. */
export const SAMPLE: TokenValues = (token) => TEMPLATE_TOKENS[token];

import type { ContactActed } from '@baton/contract/contactActs.ts';
import type { ErrorCode } from '@baton/contract/errorCodes.ts';
import type { Refusal } from '@baton/domain/handoff/decision.ts';
import type { Pool } from 'pg';
import type { ActOutcome } from '../../handoff/act.ts';
import { HttpProblem } from '../httpProblem.ts';

/** The core's refusals that are not about the handoff's state: what each is called over HTTP. */
const CODES: { readonly [refusal: string]: ErrorCode } = {
  'unknown-status': 'invalid_field',
  'unknown-reason': 'invalid_field',
  'unknown-stage': 'invalid_field',
  'unknown-pipeline': 'invalid_field',
  'unknown-intent': 'invalid_field',
  'reason-needed': 'invalid_field',
  'date-needed': 'invalid_field',
  'date-in-the-past': 'invalid_field',
  'note-needed': 'invalid_field',
  'not-selling': 'invalid_field',
  'not-yours': 'forbidden',
  'not-sales': 'forbidden',
  'not-marketing': 'forbidden',
  'fast-track-limit': 'fast_track_limit',
  'too-late': 'too_late',
};

/** What an act came to. @throws HttpProblem where it was refused, naming who was first where somebody was. */
export const expectDone = async (pool: Pool, outcome: ActOutcome): Promise<Extract<ActOutcome, { kind: 'done' }>> => {
  if (outcome.kind === 'not-found') throw new HttpProblem('not_found', 'There is nothing with this id.');
  if (outcome.kind === 'refused') throw await refused(pool, outcome.refusal);
  const { decision } = outcome;
  if (decision.outcome === 'ignored')
    throw new HttpProblem('illegal_transition', decision.trace?.say ?? 'It changes nothing now.');
  return outcome;
};

/** What a refusal of the core is over HTTP. */
export const refused = async (pool: Pool, refusal: Refusal): Promise<HttpProblem> => {
  const by = refusal.by === null ? undefined : await nameOf(pool, refusal.by);
  const code = CODES[refusal.code] ?? (refusal.by === null ? 'illegal_transition' : 'conflict');
  return new HttpProblem(code, refusal.say, by === undefined ? {} : { by });
};

const nameOf = async (pool: Pool, repId: number): Promise<string | undefined> =>
  (await pool.query<{ name: string }>('select name from rep where id = $1', [repId])).rows[0]?.name;

/** The contact as it stands after an act. @throws HttpProblem as `expectDone` does. */
export const contactActed = async (pool: Pool, outcome: ActOutcome): Promise<ContactActed> => {
  const { contactId, decision } = await expectDone(pool, outcome);
  const { handoff, group } = decision.next;
  const handoffId = handoff?.id ?? group?.handoffId ?? null;
  return { contactId, handoffId, outcome: decision.outcome, decisionId: decision.id };
};

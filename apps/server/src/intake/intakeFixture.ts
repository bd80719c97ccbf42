import { readFileSync } from 'node:fs';
import { compilePolicy } from '@baton/domain/policy/compile.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { Pool } from 'pg';
import { makePolicyLoader } from '../agreement/activePolicy.ts';
import { type FindList, noLists, preparePolicy } from '../agreement/preparePolicy.ts';
import { type Acts, makeActs } from '../handoff/act.ts';
import { IdBlocks } from '../handoff/idBlocks.ts';
import { type HouseFacts, ReferenceCache } from '../handoff/references.ts';
import { loadPeople } from '../people/loadPeople.ts';
import { createIntake, type Intake, type IntakeChoice } from './groupCommit.ts';
import type { IncomingEvent } from './incomingEvent.ts';
import { payloadHash } from './payloadHash.ts';

/** One node over a database: what a server process holds, without HTTP. */
export type Node = {
  readonly intake: Intake;
  readonly acts: Acts;
  readonly references: ReferenceCache;
  readonly ids: IdBlocks;
};

export const startNode = (pool: Pool, choice: IntakeChoice = {}, house?: HouseFacts): Node => {
  const references = new ReferenceCache({ loadActivePolicy: makePolicyLoader().loadActivePolicy, loadPeople }, house);
  const ids = new IdBlocks();
  return { intake: createIntake(pool, references, choice), acts: makeActs({ pool, references, ids }), references, ids };
};

/** A source of each trust: 1 browser, 2 form, 3 server. Five equal reps in the team `inbound`. */
export const furnish = async (pool: Pool, reps = 5): Promise<void> => {
  await pool.query(`insert into source (name, kind, trust) values
    ('website', 'segment', 'browser'), ('forms', 'form', 'form'), ('app', 'segment', 'server')`);
  await pool.query(`insert into team (id, name) values ('inbound', 'Inbound')`);
  for (let n = 1; n <= reps; n += 1) {
    const { rows } = await pool.query<{ id: number }>('insert into rep (name, email) values ($1, $2) returning id', [
      `Rep ${n}`,
      `rep${n}@sales.example`,
    ]);
    await pool.query(`insert into team_member (team_id, rep_id) values ('inbound', $1)`, [rows[0]?.id]);
  }
};

/** Puts a policy text into force without the ceremony of signing, which has tests of its own. */
export const putInForce = async (pool: Pool, source: string, findList: FindList = noLists): Promise<CompiledPolicy> => {
  const prepared = preparePolicy(source, findList);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.error));
  const { document, hash, canonical, listValues } = prepared.value;
  const { rows } = await pool.query<{ id: number }>(
    `insert into policy_version (name, hash, canonical, source, created_by) values ($1, $2, $3, $4, 'test') returning id`,
    [document.name, hash, canonical, source],
  );
  for (const list of prepared.value.lists)
    await pool.query('insert into policy_list (version_id, list_id, hash, content) values ($1, $2, $3, $4)', [
      rows[0]?.id,
      list.id,
      list.hash,
      list.content,
    ]);
  await pool.query(
    `insert into policy_active (seq, version_id, mode, by)
     select coalesce(max(seq), 0) + 1, $1, 'single-signer', 'test' from policy_active`,
    [rows[0]?.id],
  );
  return compilePolicy(document, hash, listValues);
};

/** The text of a starter policy. */
export const starterPolicy = (name: string): string =>
  readFileSync(new URL(`../../../../policies/${name}.yaml`, import.meta.url), 'utf8');

let serial = 0;

/** An event with everything that a test does not say filled in. */
export const makeEvent = (given: Partial<IncomingEvent> = {}): IncomingEvent => {
  serial += 1;
  const receivedAt = given.receivedAt ?? Date.now();
  const type = given.type ?? 'track';
  return {
    sourceId: 1,
    sourceName: 'website',
    trust: 'browser',
    messageKey: `m-${serial}`,
    payloadHash: payloadHash(JSON.stringify(given)),
    receivedAt,
    timestamp: receivedAt - 1000,
    sentAt: receivedAt,
    type,
    name: type === 'track' ? 'Something Done' : type,
    properties: {},
    identity: { anonymousId: `anonymous-${serial}` },
    claims: [],
    companyClaims: [],
    touch: null,
    marks: [],
    mode: 'live',
    ...given,
  };
};

/** Somebody asks for a demo in a form: the event that the starter policies hand off at once. */
export const makeDemoRequest = (email: string, given: Partial<IncomingEvent> = {}): IncomingEvent =>
  makeEvent({
    sourceId: 2,
    sourceName: 'forms',
    trust: 'form',
    name: 'Demo Requested',
    identity: { email },
    claims: [{ path: 'contact.name', value: `Name of ${email}` }],
    touch: { source: 'paid', campaign: 'autumn', utm: { source: 'search' } },
    ...given,
  });

/** The smallest agreement with an accept clock: a demo request is offered to a rep of the team, who has to accept it. */
export const offeringPolicy = (): string =>
  starterPolicy('demo-request-only').replace(
    'to: { team: inbound } }',
    'to: { team: inbound }, accept: { by: rep, within: 30m, max-offers: 3 } }',
  );

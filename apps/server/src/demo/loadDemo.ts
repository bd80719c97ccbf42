import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import { savePolicyVersion } from '../agreement/policyVersions.ts';
import { noLists, preparePolicy } from '../agreement/preparePolicy.ts';
import { publishPolicy } from '../agreement/publishPolicy.ts';
import { signPolicy } from '../agreement/signatures.ts';
import type { Acts } from '../handoff/act.ts';
import type { IncomingEvent, Submit } from '../intake/incomingEvent.ts';
import { DEMO_SOURCES, type DemoSourceIds, demoEvents } from './demoEvents.ts';
import { beginTimeOff, DEMO_TEAM_IDS, makeFloor } from './demoFloor.ts';
import { DEMO_LOCK, type DemoRecord, loadDemoRecord, saveDemoRecord } from './demoRecord.ts';
import { makeJourney, makeTouch } from './journey.ts';
import { playStory } from './playStory.ts';
import { makeRandom } from './random.ts';
import { actingIn } from './repSteps.ts';
import { DEMO_DOMAIN, DEMO_SEED, makeCompanies, makePerson } from './world.ts';

export type DemoDeps = {
  readonly pool: Pool;
  readonly submit: Submit;
  readonly acts: Acts;
  /** Decides what follows for the colleagues of those who were decided about. */
  readonly follow: () => Promise<unknown>;
  readonly now: () => Instant;
};

export type DemoError = { readonly code: 'policy-in-force' | 'demo-broken'; readonly say: string };
export type DemoLoaded = {
  readonly people: number;
  readonly events: number;
  readonly handoffs: number;
  readonly reps: number;
  /** True where all of it was there before. */
  readonly already: boolean;
};

export const DEMO_PEOPLE = 1_200;
export const DEMO_COMPANIES = 180;
const WEEKS = 4;

/** Who has signed the demo's policy: one of each team, neither of them a rep. */
const SIGNERS = [
  { team: 'marketing', person: `nora.feld@${DEMO_DOMAIN}` },
  { team: 'sales', person: `viktor.salas@${DEMO_DOMAIN}` },
] as const;

/**
 * Fills an empty company with a generated one: reps, teams, a policy signed by two people, four weeks of contacts and what
 * reps did with them. A second call goes on where the first ended and adds nothing twice. Refused with `policy-in-force`
 * where a policy of the company's own is in force: the demo would have to replace it.
 */
export const loadDemo = async (deps: DemoDeps): Promise<Result<DemoLoaded, DemoError>> => {
  const lock = await deps.pool.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [DEMO_LOCK]);
    return await loadAlone(deps);
  } finally {
    // The lock belongs to the connection, so the connection is closed rather than given back.
    lock.release(true);
  }
};

const loadAlone = async (deps: DemoDeps): Promise<Result<DemoLoaded, DemoError>> => {
  const before = await loadDemoRecord(deps.pool);
  if (before === null && (await hasPolicy(deps.pool))) {
    return err({
      code: 'policy-in-force',
      say: 'A policy of your own is in force; the demo would replace it. Load the demo into an empty company.',
    });
  }
  let record: DemoRecord = before ?? {
    seed: DEMO_SEED,
    anchor: deps.now(),
    repIds: [],
    teamIds: [],
    policyVersionId: null,
    policyHash: null,
    policySeq: null,
    state: 'loading',
  };
  await saveDemoRecord(deps.pool, record);
  const sources = await ensureSources(deps.pool);
  if (record.state === 'loading') {
    record = await makePeople(deps.pool, record);
    record = await makePolicy(deps.pool, record);
    await playStory({ ...deps, act: actingIn(deps.acts) }, record, storyOf(record, sources));
    await beginTimeOff(deps.pool, record.anchor);
    record = { ...record, state: 'loaded' };
    await saveDemoRecord(deps.pool, record);
  }
  const { rows } = await deps.pool.query<{ people: number; events: number; handoffs: number }>(
    `select (select count(*) from contact where source_id = any($1) and redirected_to is null) as people,
       (select count(*) from event where source_id = any($1)) as events,
       (select count(*) from handoff h join contact c on c.id = h.contact_id where c.source_id = any($1)) as handoffs`,
    [Object.values(sources)],
  );
  const counted = rows[0] ?? { people: 0, events: 0, handoffs: 0 };
  return ok({ ...counted, reps: record.repIds.length, already: before?.state === 'loaded' });
};

const hasPolicy = async (pool: Pool): Promise<boolean> => {
  const { rows } = await pool.query<{ version_id: number | null }>(
    'select version_id from policy_active order by seq desc limit 1',
  );
  return (rows[0]?.version_id ?? null) !== null;
};

/** The ids of the demo's sources, which are made where they are missing. */
export const ensureSources = async (pool: Pool): Promise<DemoSourceIds> => {
  const ids: { [via: string]: number } = {};
  for (const [via, { name, trust }] of Object.entries(DEMO_SOURCES)) {
    await pool.query(`insert into source (name, kind, trust) values ($1, 'demo', $2) on conflict (name) do nothing`, [
      name,
      trust,
    ]);
    const { rows } = await pool.query<{ id: number }>('select id from source where name = $1', [name]);
    if (rows[0] !== undefined) ids[via] = rows[0].id;
  }
  return ids as DemoSourceIds;
};

const makePeople = async (pool: Pool, record: DemoRecord): Promise<DemoRecord> => {
  const made = { ...record, repIds: await makeFloor(pool, record.anchor), teamIds: DEMO_TEAM_IDS };
  await saveDemoRecord(pool, made);
  return made;
};

const makePolicy = async (pool: Pool, record: DemoRecord): Promise<DemoRecord> => {
  if (record.policySeq !== null) return record;
  const prepared = preparePolicy(readFileSync(new URL('./demoPolicy.yaml', import.meta.url)), noLists);
  if (!prepared.ok) throw new Error(`the demo's policy: ${prepared.error[0]?.message}`);
  const version = await savePolicyVersion(pool, prepared.value, SIGNERS[0].person);
  for (const { team, person } of SIGNERS) {
    const signed = await signPolicy(pool, { versionId: version.id, hash: version.hash, team, person });
    if (!signed.ok && signed.error.code !== 'already-signed') throw new Error(signed.error.say);
  }
  const published = await publishPolicy(pool, { versionId: version.id, by: SIGNERS[0].person });
  if (!published.ok) throw new Error(published.error.say);
  const made = { ...record, policyVersionId: version.id, policyHash: version.hash, policySeq: published.value.seq };
  await saveDemoRecord(pool, made);
  return made;
};

/** Four weeks of events in order of time. */
const storyOf = (record: DemoRecord, sources: DemoSourceIds): IncomingEvent[] => {
  const companies = makeCompanies(makeRandom(record.seed), DEMO_COMPANIES);
  const begin = record.anchor - WEEKS * 7 * DAY_MS;
  const events: IncomingEvent[] = [];
  for (let index = 0; index < DEMO_PEOPLE; index += 1) {
    const person = makePerson(index, companies, record.seed);
    const random = makeRandom(record.seed + 31 * index + 17);
    // More people come each week than the week before.
    const from = begin + Math.floor(Math.sqrt(random.next()) * WEEKS * 7 * DAY_MS);
    const acts = makeJourney(random, person, from, record.anchor);
    events.push(...demoEvents(person, acts, makeTouch(random), sources, 'weeks', record.anchor, 'as-of-row'));
  }
  return events.sort((left, right) => (left.timestamp ?? 0) - (right.timestamp ?? 0));
};

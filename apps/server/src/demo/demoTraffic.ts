import type { RepAct } from '@baton/domain/handoff/input.ts';
import { DAY_MS, HOUR_MS, type Instant, SECOND_MS } from '@baton/domain/kernel/time.ts';
import { demoEvents } from './demoEvents.ts';
import { DEMO_LOCK, type DemoRecord, loadDemoRecord } from './demoRecord.ts';
import { makeJourney, makeTouch } from './journey.ts';
import { DEMO_COMPANIES, DEMO_PEOPLE, type DemoDeps, ensureSources } from './loadDemo.ts';
import { makeRandom, type Random } from './random.ts';
import { actingIn, makeSteps, type OfferedHandoff } from './repSteps.ts';
import { makeCompanies, makePerson } from './world.ts';

export type DemoTraffic = { readonly stop: () => Promise<void> };

export type TrafficChoice = {
  /** Mean pause between two acts in ms; 4 s when left out. */
  readonly pauseMs?: number;
  /** Chance, seeded where the same run is wanted again. */
  readonly random?: Random;
  readonly onError?: (error: unknown) => void;
};

/**
 * Lets the demo's world go on: somebody new or known does something every few seconds, through the same intake as
 * everybody else, and now and then a rep accepts or calls. Looks again for the demo before each act, so that it ends when
 * the demo is removed and goes on when it is loaded. An act that fails is told to `onError` and the next one comes.
 */
export const runDemoTraffic = (deps: DemoDeps, choice: TrafficChoice = {}): DemoTraffic => {
  const random = choice.random ?? makeRandom(deps.now() & 0x7fff_ffff);
  const pauseMs = choice.pauseMs ?? 4 * SECOND_MS;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        running = actOnce(deps, random)
          .catch((error: unknown) => choice.onError?.(error))
          .finally(next);
      },
      Math.round(pauseMs * (0.5 + random.next())),
    );
    timer.unref();
  };
  next();
  return {
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
};

/** One act of the world; nothing where no demo is loaded. */
export const actOnce = async (deps: DemoDeps, random: Random): Promise<void> => {
  const lock = await deps.pool.connect();
  let failed = false;
  try {
    // While the demo is loaded or removed the world stands still, so that nothing of it comes back afterwards.
    const { rows } = await lock.query<{ held: boolean }>('select pg_try_advisory_lock_shared($1) as held', [DEMO_LOCK]);
    if (rows[0]?.held !== true) return;
    const record = await loadDemoRecord(deps.pool);
    if (record?.state === 'loaded') await happen(deps, random, record);
    await lock.query('select pg_advisory_unlock_shared($1)', [DEMO_LOCK]);
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    // a connection that may still hold the lock is closed
    lock.release(failed);
  }
};

const happen = async (deps: DemoDeps, random: Random, record: DemoRecord): Promise<void> => {
  if (random.chance(0.3)) {
    await workOne(deps, random, record.repIds);
    return;
  }
  const companies = makeCompanies(makeRandom(record.seed), DEMO_COMPANIES);
  const now = deps.now();
  // A third are new people, the rest come back; people who are new by now have numbers that no earlier load gave.
  const index = random.chance(0.35) ? DEMO_PEOPLE + (now % 1_000_000_000) : random.whole(0, DEMO_PEOPLE - 1);
  const person = makePerson(index, companies, record.seed);
  const journey = makeJourney(random, person, now, Number.MAX_SAFE_INTEGER);
  // Of a whole journey the first step now: what brings most in is what people do last.
  const act = random.chance(0.45) ? journey.at(-1) : journey[0];
  if (act === undefined) return;
  const sources = await ensureSources(deps.pool);
  await deps.submit(demoEvents(person, [{ ...act, at: now }], makeTouch(random), sources, `live-${now}`, now, 'live'));
};

/** A rep turns to what is owed first: what is new, and what wants its next step within these hours. */
const SOON_MS = 6 * HOUR_MS;

const workOne = async (deps: DemoDeps, random: Random, repIds: readonly number[]): Promise<void> => {
  const now = deps.now();
  const { rows } = await deps.pool.query<OfferedHandoff>(
    `select h.id, h.contact_id, h.owner_id, h.qualified_at, h.intent, h.status, h.deal_id from handoff h
     join lateral (select min(due_at) as due_at from handoff_clock where handoff_id = h.id and stopped_at is null) c on true
     where h.owner_id = any($1)
       and (h.status in ('offered', 'open') or (h.status = 'working' and c.due_at < $2))
     order by c.due_at, h.id limit 12`,
    [repIds, now + SOON_MS],
  );
  const handoff = rows.length === 0 ? undefined : random.pick(rows);
  if (handoff === undefined) return;
  const [step] = makeSteps(random, handoff);
  const input = step?.deal === 'unneeded' ? step.input(null, false) : null;
  if (input === null) return;
  await actingIn(deps.acts)(
    handoff.contact_id,
    input.kind === 'rep-acted' ? { ...input, act: atNow(input.act, now) } : input,
    null,
  );
};

/** The same act, done now: its dates were those of the handoff's own time. */
const atNow = (act: RepAct, now: Instant): RepAct => {
  if (act.do === 'log-contact') return { ...act, at: now };
  return act.do === 'park' ? { ...act, until: now + 30 * DAY_MS } : act;
};

/**
 * Collects events and commits them in groups. Three lanes, sharded by identity, each with a connection of its own: while a
 * lane commits, what arrives waits for its next group, so groups grow with the load and a lone event waits for nobody.
 * While there is little to do, a lane that is free takes the others' events along: a transaction costs as much as
 * dozens of events, and a request is answered by one of them instead of the slower of two.
 * Lanes are for speed, never for correctness: two of them (or two nodes) may hold events of one person.
 */
import type { Pool, PoolClient } from 'pg';
import { Pipeline } from '../database/binary/pipeline.ts';
import { isConflict } from '../database/transaction.ts';
import { PendingRows } from '../handoff/commit/pendingRows.ts';
import { Undecidable } from '../handoff/decideAll.ts';
import { IdBlocks } from '../handoff/idBlocks.ts';
import { WantedLocks } from '../handoff/locks.ts';
import type { ReferenceCache } from '../handoff/references.ts';
import type { IncomingEvent, Receipt, Submit } from './incomingEvent.ts';
import { IntakeOverloaded } from './intakeOverloaded.ts';
import { type IntakeRows, makeIntakeRows } from './intakeRows.ts';
import { quarantineEvent } from './quarantineEvent.ts';
import { type StagedEvent, stageEvent } from './stagedEvent.ts';
import { type GroupOutcome, takeGroup } from './takeGroup.ts';

export type IntakeChoice = {
  /** Lanes of this node; 3 when left out. */
  readonly lanes?: number;
  /** Most events of one transaction; 600 when left out. */
  readonly groupMax?: number;
  /** Most events that may wait in this node; 20,000 when left out. Beyond it `submit` throws `IntakeOverloaded`. */
  readonly waitingMax?: number;
  /** Called after a commit that wrote rows which live pages or the reevaluation sweep look for. */
  readonly onCommitted?: (wrote: { readonly feed: boolean; readonly reevaluate: boolean }) => void;
};

export type Intake = {
  readonly submit: Submit;
  /** Events that wait now. */
  waiting(): number;
  /** Answers when all that was taken is committed; takes nothing more. */
  stop(): Promise<void>;
};

type Waiting = { readonly event: StagedEvent; readonly batch: Batch; readonly index: number };
type Batch = {
  readonly receipts: Receipt[];
  left: number;
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (error: unknown) => void;
};

/** Most events that wait or are at work while a lane takes more than its own: fewer are seldom of one person twice. */
const QUIET_MAX = 250;
/** Attempts at one group before its trouble is taken for lasting. */
const ATTEMPTS_MAX = 12;
/** Groups that look for repetitions at once after one was met. */
const WARY_GROUPS = 8;

// nothing but index lookups by key happens on a lane; without these a plan made while tables were empty could scan them later
const LANE_SETTINGS = `set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off;
  set enable_hashjoin = off; set enable_mergejoin = off; set jit = off; set application_name = 'baton-intake'`;

/** Starts taking events in. `pool` must allow as many connections as there are lanes beside its other users. */
export function createIntake(pool: Pool, references: ReferenceCache, choice: IntakeChoice = {}): Intake {
  const waitingMax = choice.waitingMax ?? 20_000;
  const lanes: Lane[] = [];
  for (let index = 0; index < (choice.lanes ?? 3); index += 1)
    lanes.push(
      new Lane(lanes, pool, references, new IdBlocks(), choice.groupMax ?? 600, choice.onCommitted ?? (() => {})),
    );
  let stopped = false;
  const waiting = () => lanes.reduce((sum, lane) => sum + lane.waiting, 0);

  const submit: Submit = (batch) => {
    if (batch.length === 0) return Promise.resolve([]);
    const now = waiting();
    if (stopped || now + batch.length > waitingMax) return Promise.reject(new IntakeOverloaded(now, waitingMax));
    return new Promise((resolve, reject) => {
      const shared: Batch = { receipts: new Array<Receipt>(batch.length), left: batch.length, resolve, reject };
      for (let index = 0; index < batch.length; index += 1) {
        const staged = stageEvent(batch[index] as IncomingEvent);
        if (staged.ok) {
          const lane = lanes[laneOf(staged.event, lanes.length)] as Lane;
          lane.add({ event: staged.event, batch: shared, index });
        } else answer({ batch: shared, index }, { outcome: 'rejected', code: staged.code, detail: staged.detail });
      }
      for (const lane of lanes) lane.wake();
    });
  };
  return {
    submit,
    waiting,
    async stop() {
      stopped = true;
      // a lane that ends may wake another
      for (let working = lanes.flatMap((lane) => lane.working ?? []); working.length > 0; ) {
        await Promise.all(working);
        working = lanes.flatMap((lane) => lane.working ?? []);
      }
      for (const lane of lanes) lane.release();
    },
  };
}

function answer({ batch, index }: Pick<Waiting, 'batch' | 'index'>, receipt: Receipt): void {
  batch.receipts[index] = receipt;
  batch.left -= 1;
  if (batch.left === 0) batch.resolve(batch.receipts);
}

/** By the key that most events of one person share: the anonymous id of a browser, else the strongest. */
function laneOf(event: StagedEvent, lanes: number): number {
  const key = (event.keys.find((one) => one.kind === 'anonymous') ?? event.keys[0])?.id ?? '';
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return (hash >>> 0) % lanes;
}

const isQuiet = (lanes: readonly Lane[]): boolean => lanes.reduce((sum, lane) => sum + lane.waiting, 0) <= QUIET_MAX;

class Lane {
  readonly #all: readonly Lane[];
  readonly #pool: Pool;
  readonly #references: ReferenceCache;
  readonly #ids: IdBlocks;
  readonly #groupMax: number;
  readonly #onCommitted: NonNullable<IntakeChoice['onCommitted']>;
  readonly #rows: PendingRows;
  readonly #intakeRows: IntakeRows = makeIntakeRows();
  #queue: Waiting[] = [];
  #working: Promise<void> | null = null;
  /** Called to work and not at it yet. */
  #isWaking = false;
  #taking = 0;
  #client: PoolClient | null = null;
  #pipeline: Pipeline | null = null;
  #wary = 0;

  constructor(
    all: readonly Lane[],
    pool: Pool,
    references: ReferenceCache,
    ids: IdBlocks,
    groupMax: number,
    onCommitted: NonNullable<IntakeChoice['onCommitted']>,
  ) {
    this.#all = all;
    this.#pool = pool;
    this.#references = references;
    this.#rows = new PendingRows(references.house);
    this.#ids = ids;
    this.#groupMax = groupMax;
    this.#onCommitted = onCommitted;
  }

  get waiting(): number {
    return this.#queue.length + this.#taking;
  }

  add(waiting: Waiting): void {
    this.#queue.push(waiting);
  }

  /** Begins to work where there is work and the lane is idle. Batches that arrive in the same turn share the group. */
  wake(): void {
    if (this.#working !== null || this.#queue.length === 0) return;
    if (isQuiet(this.#all) && this.#all.some((lane) => lane.#isWaking)) return;
    this.#isWaking = true;
    this.#working = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#run())
      .finally(() => {
        this.#working = null;
        for (const lane of this.#all) lane.wake();
      });
  }

  /** Settles when the lane is idle; null: it is. */
  get working(): Promise<void> | null {
    return this.#working;
  }

  release(): void {
    this.#release(true);
  }

  async #run(): Promise<void> {
    this.#isWaking = false;
    for (let group = this.#next(); group.length > 0; group = this.#next()) {
      this.#taking = group.length;
      await this.#take(group);
      this.#taking = 0;
    }
  }

  /** Of its own queue; while there is little to do, of all. */
  #next(): Waiting[] {
    const quiet = isQuiet(this.#all);
    const group = this.#queue.splice(0, this.#groupMax);
    if (quiet) for (const lane of this.#all) group.push(...lane.#queue.splice(0));
    return group;
  }

  /** Commits a group; singles out the event that is at fault, so that its neighbours are kept. */
  async #take(group: readonly Waiting[]): Promise<void> {
    let outcome: GroupOutcome;
    try {
      outcome = await this.#attempt(group.map((one) => one.event));
    } catch (error) {
      // others in the way of one event twelve times over are no fault of its: the sender sends it again
      if (isUnreachable(error) || (group.length === 1 && isConflict(error))) {
        for (const { batch } of group) batch.reject(error);
        return;
      }
      if (group.length === 1) return this.#quarantine(group[0] as Waiting, error);
      const culprit = error instanceof Undecidable ? group.findIndex((one) => one.event === error.about) : -1;
      if (culprit >= 0) {
        await this.#quarantine(group[culprit] as Waiting, error);
        return this.#take(group.filter((_one, index) => index !== culprit));
      }
      const half = group.length >> 1;
      await this.#take(group.slice(0, half));
      return this.#take(group.slice(half));
    }
    for (let index = 0; index < group.length; index += 1)
      answer(group[index] as Waiting, outcome.receipts[index] as Receipt);
    if (outcome.feed || outcome.reevaluate) this.#onCommitted(outcome);
  }

  /** One group, tried again while others are in its way. */
  async #attempt(events: readonly StagedEvent[]): Promise<GroupOutcome> {
    const wanted = new WantedLocks();
    for (let attempt = 1; ; attempt += 1) {
      const pipeline = await this.#connected();
      try {
        const outcome = await takeGroup(
          {
            pipeline,
            ids: this.#ids,
            references: this.#references,
            rows: this.#rows,
            intakeRows: this.#intakeRows,
            wanted,
            expectFresh: this.#wary === 0,
          },
          events,
        );
        this.#wary = outcome.sawRepetition ? WARY_GROUPS : Math.max(0, this.#wary - 1);
        return outcome;
      } catch (error) {
        await pipeline.client.query('rollback').catch(() => this.#release(true));
        this.#ids.forget();
        if (!isConflict(error) || attempt >= ATTEMPTS_MAX) throw error;
        if (attempt > 2) await new Promise((resolve) => setTimeout(resolve, Math.min(100, 2 ** attempt)));
      }
    }
  }

  async #quarantine(one: Waiting, error: unknown): Promise<void> {
    const detail = error instanceof Error ? error.message : String(error);
    try {
      await quarantineEvent(await this.#connected(), one.event, 'undecidable', detail);
      answer(one, { outcome: 'quarantined', code: 'undecidable', detail });
    } catch (failure) {
      await this.#client?.query('rollback').catch(() => this.#release(true));
      one.batch.reject(failure);
    }
  }

  async #connected(): Promise<Pipeline> {
    if (this.#pipeline === null) {
      const client = await this.#pool.connect();
      client.once('error', () => {
        if (this.#client === client) this.#release(true);
      });
      await client.query(LANE_SETTINGS);
      this.#client = client;
      this.#pipeline = new Pipeline(client, 1 << 19);
    }
    return this.#pipeline;
  }

  #release(destroy: boolean): void {
    this.#client?.release(destroy);
    this.#client = null;
    this.#pipeline = null;
  }
}

/** True where the database, not the data, is at fault: the connection is gone, the server stops or starts, the disk is full. */
function isUnreachable(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code ?? '';
  if (/^(08|53|57P|58)/.test(code) || /^E[A-Z]+$/.test(code)) return true;
  return (
    error instanceof Error &&
    /connection|terminat|not queryable|timeout exceeded/i.test(error.message) &&
    !/^[0-9A-Z]{5}$/.test(code)
  );
}

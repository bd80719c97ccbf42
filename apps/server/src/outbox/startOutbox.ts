import { setTimeout as delay } from 'node:timers/promises';
import type { People } from '@baton/domain/assignment/assignment.ts';
import type { Pool } from 'pg';
import { ATTEMPT_MS, type Claimed, claimDue, LEASE_MS } from './claimDue.ts';
import { Lanes, UNSET_LIMITS } from './lanes.ts';
import { review } from './review.ts';
import { DELIVERY_CHANNELS, type DeliveryChannel, type Sender, type SendResult } from './sender.ts';
import { type Settled, settle } from './settle.ts';
import { sweepDeliveries, unsetAlert } from './sweep.ts';
import { takeAnotherWay } from './takeAnotherWay.ts';

export type OutboxDeps = {
  readonly pool: Pool;
  /** One for each channel that is set up. What is for another one is closed, with that as its reason, and takes another way. */
  readonly senders: readonly Sender[];
  /** Reps as they are now, for whose hours and covers it asks before each delivery. */
  readonly people: () => Promise<People>;
  /** The channels that the policy in force names in `notify`. */
  readonly asked: () => Promise<ReadonlySet<string>>;
  /** Names this process in leases; no other one ever has the same, and a process that was taken for dead has a new one. */
  readonly node: () => string;
  readonly onError: (error: unknown) => void;
  readonly random?: () => number;
  /** How long one attempt may take; 20 s when left out, and never more. */
  readonly attemptMs?: number;
};

export type Outbox = {
  /** Looks now rather than within a second. */
  readonly wake: () => void;
  /** Takes no more, ends what is under way (giving it a moment), and writes what became of it. */
  readonly stop: () => Promise<void>;
};

/** Frees what nodes that died had in hand, rather than when its leases end. */
export const freeLeases = async (pool: Pool, dead: readonly string[]): Promise<void> => {
  await pool.query(
    `update delivery set next_at = now_ms(), lease_until = now_ms()
     where state = 'pending' and lease_node = any($1::text[]) and lease_until > now_ms()`,
    [dead],
  );
};

const POLL_MS = 1_000;
/** While something is under way, what ends within so long makes room for one look instead of one each. */
const GATHER_MS = 10;
const SWEEP_MS = 10_000;
const UNSET_MS = 500;
const STOP_MS = 5_000;

/**
 * Carries deliveries out: takes what is due lane by lane, looks once more, sends, and writes how it went. Any number of
 * nodes may run one. What a node that dies had in hand is taken by another within thirty seconds.
 */
export const startOutbox = (deps: OutboxDeps): Outbox => {
  const { pool, node, onError } = deps;
  const senders = new Map<DeliveryChannel, Sender>(deps.senders.map((sender) => [sender.channel, sender]));
  const setUp = [...senders.keys()];
  const lanes = new Lanes(setUp);
  const unset = new Lanes(
    DELIVERY_CHANNELS.filter((channel) => !senders.has(channel)),
    UNSET_LIMITS,
  );
  const cutting = new AbortController();
  const underWay = new Set<Promise<void>>();
  const settler = makeSettler(deps);
  let woken: (() => void) | null = null;
  let again = false;
  let stopping = false;

  const wake = (): void => {
    again = true;
    woken?.();
  };
  const sleep = (): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        woken = null;
        resolve();
      };
      const timer = setTimeout(end, POLL_MS);
      woken = end;
      if (again) end();
    });

  const carryOut = (claimed: Claimed, since: number): void => {
    const sender = senders.get(claimed.delivery.channel) as Sender;
    const work = attempt(claimed, sender, since, cutting.signal, deps.attemptMs)
      .then(async (settled) => {
        if (settled === null) return;
        await settler.add(await turnElsewhere(settled));
      })
      .catch(onError)
      .finally(() => {
        lanes.giveBack(placeOf(claimed));
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  };

  // before it is closed: who dies in between closes it once more, and the other way keeps its key
  const turnElsewhere = async (settled: Settled): Promise<Settled> => {
    const { claimed, result } = settled;
    if (result.ok || result.noWay === undefined) return settled;
    const [taken] = await takeAnotherWay(pool, [{ delivery: claimed.delivery, why: result.detail }], setUp);
    return { ...settled, result: { ...result, detail: `${result.detail}; ${taken}` } };
  };

  const takeDue = async (): Promise<number> => {
    const since = performance.now();
    const claimed = await claimDue(pool, node(), lanes);
    if (claimed.length === 0) return 0;
    for (const one of claimed) lanes.take(placeOf(one));
    let valid: readonly Claimed[] = [];
    try {
      valid = await review(pool, claimed, deps.people);
    } finally {
      // what was closed, and all where the look failed: their leases end by themselves
      const kept = new Set(valid.map(({ delivery }) => delivery.id));
      for (const one of claimed) if (!kept.has(one.delivery.id)) lanes.giveBack(placeOf(one));
    }
    for (const one of valid) carryOut(one, since);
    return claimed.length;
  };

  /** Turns all that is due by ways that nobody set up. Nothing is attempted, so it is done by the lot. */
  const turnUnset = async (): Promise<number> => {
    const began = performance.now();
    const claimed = await claimDue(pool, node(), unset);
    if (claimed.length === 0) return 0;
    const valid = await review(pool, claimed, deps.people);
    const why = ({ delivery }: Claimed): string => `${delivery.channel} is not set up here`;
    const taken = await takeAnotherWay(
      pool,
      valid.map((one) => ({ delivery: one.delivery, why: why(one) })),
      setUp,
    );
    const tookMs = performance.now() - began;
    const settled = valid.map(
      (one, index): Settled => ({
        claimed: one,
        result: notSetUp(one.delivery.channel, `${why(one)}; ${taken[index]}`),
        tookMs,
      }),
    );
    await settle(pool, node(), settled, deps.random ?? Math.random);
    return claimed.length;
  };

  const loop = async (): Promise<void> => {
    let sweepAt = 0;
    let unsetAt = 0;
    while (!stopping) {
      again = false;
      let took = 0;
      try {
        took = await takeDue();
        if (performance.now() >= unsetAt) {
          unsetAt = performance.now() + UNSET_MS;
          // more of them are due than are taken at once
          while ((await turnUnset()) > 0 && !stopping) took += 1;
        }
        if (performance.now() >= sweepAt) {
          sweepAt = performance.now() + SWEEP_MS;
          await sweepDeliveries(pool, setUp, await deps.asked());
        }
      } catch (error) {
        if (!stopping) onError(error);
      }
      if (took === 0) await sleep();
      if (underWay.size > 0) await delay(GATHER_MS);
    }
  };
  const looping = loop();

  return {
    wake,
    async stop() {
      stopping = true;
      wake();
      await looping;
      const cut = setTimeout(() => cutting.abort(new Error('the server was stopped')), STOP_MS);
      await Promise.all(underWay);
      clearTimeout(cut);
    },
  };
};

const placeOf = ({ destination, delivery, failing }: Claimed) => ({ destination, channel: delivery.channel, failing });

const notSetUp = (channel: DeliveryChannel, detail: string): SendResult => ({
  ok: false,
  retry: false,
  detail,
  noWay: unsetAlert(channel),
});

/** One attempt, in its time. Null: it was not begun, because the lease may be somebody else's by now. */
const attempt = async (
  claimed: Claimed,
  sender: Sender,
  since: number,
  stopped: AbortSignal,
  attemptMs = ATTEMPT_MS,
): Promise<Settled | null> => {
  const began = performance.now();
  // a process that slept between taking and sending must not send late
  if (began - since > LEASE_MS - ATTEMPT_MS || stopped.aborted) return null;
  // not AbortSignal.timeout: it can't be called off, and costs its error later although the attempt is long over
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new TimedOut()), Math.min(attemptMs, ATTEMPT_MS));
  const signal = AbortSignal.any([timeout.signal, stopped]);
  const over = new Promise<SendResult>((resolve) => {
    signal.addEventListener('abort', () => resolve({ ok: false, retry: true, detail: sayAbort(signal) }), {
      once: true,
    });
  });
  const sent = sender.send(claimed.delivery, signal).catch((error: unknown) => failure(error, signal));
  const result = await Promise.race([sent, over]);
  clearTimeout(timer);
  return { claimed, result, tookMs: performance.now() - began };
};

class TimedOut extends Error {
  override readonly name = 'TimeoutError';
  override readonly message = 'no answer in time';
}

const sayAbort = ({ reason }: AbortSignal): string => (reason instanceof Error ? reason.message : 'stopped');

const failure = (error: unknown, signal: AbortSignal): SendResult => ({
  ok: false,
  retry: true,
  detail: signal.aborted ? sayAbort(signal) : error instanceof Error ? error.message : String(error),
});

/** Gathers what becomes of attempts while the last lot is being written, and writes each lot in one statement. */
const makeSettler = ({ pool, node, random = Math.random }: OutboxDeps) => {
  let waiting: Settled[] = [];
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    next = null;
    const lot = waiting;
    waiting = [];
    if (lot.length > 0) await settle(pool, node(), lot, random);
  };
  return {
    /** Resolves once it is written. */
    add: (settled: Settled): Promise<void> => {
      waiting.push(settled);
      next ??= writing = writing.catch(() => {}).then(write);
      return next;
    },
  };
};

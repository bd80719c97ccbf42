import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { describeTables, dropBaseline, measureBaseline } from './intakeBaseline.ts';
import { makeEvents } from './intakeEvents.ts';
import { type House, openHouse } from './intakeHouse.ts';
import { type Measured, prepare, quantile, sendAll, sendSteadily } from './intakeLoad.ts';
import { median } from './measure.ts';
import { atLeast, atMost, type Bench, type BenchRow, row, stated } from './row.ts';

const BATCH = 100;
const RUNS = 3;
/** Smaller for a quick look: BATON_BENCH_SCALE=0.1. */
const SCALE = Number(process.env.BATON_BENCH_SCALE ?? 1);
const scaled = (count: number): number => Math.max(BATCH * 10, Math.round((count * SCALE) / BATCH) * BATCH);

/** Requests of one hundred events each. */
export const batches = (house: House, events: ReturnType<typeof makeEvents>, count: number) => {
  let n = 0;
  return Array.from({ length: count / BATCH }, () =>
    prepare(
      '/v1/batch',
      { batch: Array.from({ length: BATCH }, () => events.next(n++)), sentAt: new Date() },
      house.key,
      BATCH,
    ),
  );
};

/** Fails where an answer was given for something that is not stored: speed that loses events is no speed. */
export const checkStored = async (house: House, sent: number): Promise<void> => {
  const { rows } = await house.pool.query<{ count: number }>('select count(*) from event where source_id = $1', [
    house.sourceId,
  ]);
  if (rows[0]?.count !== sent) throw new Error(`${sent} events were acknowledged, ${rows[0]?.count} are stored`);
};

/** Intake over HTTP against bare COPY, its latencies, single events, and what one lone qualifying lead costs. */
export const benchIntake: Bench = async (note) => {
  const house = await openHouse();
  try {
    for (const line of await describeTables(house.pool)) note(`baseline table: ${line}`);
    const events = makeEvents({ visitors: 20_000, ids: 'ordered' });
    let sent = 0;
    const run = async (count: number, lines: number): Promise<Measured> => {
      sent += count;
      return sendAll(house.port, batches(house, events, count), lines);
    };
    await run(scaled(30_000), 8);

    const ratios: number[] = [];
    const rates: number[] = [];
    const bare: Awaited<ReturnType<typeof measureBaseline>>[] = [];
    for (let n = 0; n < RUNS; n += 1) {
      bare.push(await measureBaseline(house.pool, scaled(40_000), BATCH));
      const before = house.cpuSeconds();
      const measured = await run(scaled(60_000), 16);
      const after = house.cpuSeconds();
      bare.push(await measureBaseline(house.pool, scaled(40_000), BATCH));
      const beside = median(bare.slice(-2).map((one) => one.perSecond));
      rates.push(measured.perSecond);
      ratios.push(measured.perSecond / beside);
      note(
        `run ${n + 1}: ${Math.round(measured.perSecond)} events/s, bare ${Math.round(beside)}; CPU us an event: ` +
          `server ${(((after.server - before.server) / measured.events) * 1e6).toFixed(1)}, PostgreSQL ` +
          `${(((after.postgres - before.postgres) / measured.events) * 1e6).toFixed(1)}`,
      );
    }
    const rate = median(rates);
    const bareRate = median(bare.map((one) => one.perSecond));
    const bareCommit = median(bare.map((one) => one.commitMs));
    const bytes = median(bare.map((one) => one.bytesPerEvent));
    const rows: BenchRow[] = [
      row(
        {
          bench: 'intake: HTTP, batches of 100',
          value: rate,
          unit: 'events/s',
          against: `bare COPY, 1 client, ${BATCH} rows each, ${Math.round(bytes)} bytes an event: ${Math.round(bareRate)}/s`,
          ratio: median(ratios),
        },
        atLeast(0.33),
      ),
    ];

    const steady = scaled(30_000);
    sent += steady;
    const half = await sendSteadily(house.port, batches(house, events, steady), rate / 2, 64);
    const [p50, p99] = [quantile(half.latencies, 0.5), quantile(half.latencies, 0.99)];
    rows.push(
      row(
        {
          bench: 'intake: p99 at half load',
          value: p99,
          unit: 'ms',
          against: `p50 ${p50.toFixed(2)} ms`,
          ratio: p99 / p50,
        },
        atMost(6),
      ),
      row(
        {
          bench: 'intake: p50 at half load',
          value: p50,
          unit: 'ms',
          against: `bare COPY commit of one batch ${bareCommit.toFixed(2)} ms`,
          ratio: p50 / bareCommit,
        },
        atMost(8),
      ),
    );

    const singles = scaled(10_000);
    sent += singles;
    const single = await sendAll(
      house.port,
      Array.from({ length: singles }, () => prepare('/v1/page', events.page(), house.key, 1)),
      64,
    );
    rows.push(
      row(
        {
          bench: 'intake: single-event requests',
          value: single.perSecond,
          unit: 'events/s',
          against: `batches ${Math.round(rate)}/s`,
          ratio: single.perSecond / rate,
        },
        atLeast(0.2),
      ),
    );

    rows.push(...(await benchLoneLeads(house, events, (count) => (sent += count))));
    await dropBaseline(house.pool);
    await checkStored(house, sent);
    const breaches = await askOracles(house.pool);
    if (breaches.length > 0)
      throw new Error(`promises were broken under load: ${JSON.stringify(breaches).slice(0, 2000)}`);
    rows.push(
      row(
        {
          bench: 'intake: peak memory of the server',
          value: house.peakMb(),
          unit: 'MB',
          against: '400 MB',
          ratio: house.peakMb() / 400,
        },
        atMost(1),
      ),
    );
    return rows;
  } finally {
    await house.stop();
  }
};

/** Leads that arrive alone, 50 at once, each a request, each with all rows of its handoff. */
const benchLoneLeads = async (
  house: House,
  events: ReturnType<typeof makeEvents>,
  count: (events: number) => void,
): Promise<readonly BenchRow[]> => {
  const leads = scaled(2_000);
  const handoffs = async () =>
    (await house.pool.query<{ count: number }>('select count(*) from handoff')).rows[0]?.count ?? 0;
  const before = { handoffs: await handoffs(), cpu: house.cpuSeconds() };
  const measured = await sendAll(
    house.port,
    Array.from({ length: leads }, () => prepare('/v1/track', events.lead(), house.key, 1)),
    50,
  );
  count(leads);
  const cpu = house.cpuSeconds();
  const made = (await handoffs()) - before.handoffs;
  if (made !== leads) throw new Error(`${leads} leads made ${made} handoffs`);
  const ms = ((cpu.server - before.cpu.server + cpu.postgres - before.cpu.postgres) / leads) * 1000;
  const { rows: shares } = await house.pool.query<{ count: number }>(
    'select count(*) from ledger_step group by winner',
  );
  const spread = Math.max(...shares.map((share) => share.count)) - Math.min(...shares.map((share) => share.count));
  return [
    row(
      {
        bench: 'intake: CPU of a lone qualifying lead',
        value: ms,
        unit: 'ms',
        against: `1.5 ms; server ${(((cpu.server - before.cpu.server) / leads) * 1000).toFixed(2)}, PostgreSQL ${(((cpu.postgres - before.cpu.postgres) / leads) * 1000).toFixed(2)}`,
        ratio: ms / 1.5,
      },
      atMost(1),
    ),
    stated({ bench: 'intake: lone leads at concurrency 50', value: measured.perSecond, unit: 'leads/s' }),
    row(
      {
        bench: 'intake: shares of 5 equal reps',
        value: spread,
        unit: 'leads apart',
        against: 'at most 1',
        ratio: spread,
      },
      atMost(1),
    ),
  ];
};

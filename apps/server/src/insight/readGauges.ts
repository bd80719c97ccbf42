import type { Queryable } from '../database/queryable.ts';

/** How the company stands, in numbers that name nobody. Lags in ms. */
export type Gauges = {
  readonly handoffs: readonly { readonly status: string; readonly count: number }[];
  readonly breached: number;
  readonly held: number;
  readonly clocksRunning: number;
  /** How long the earliest clock that should have fired has waited; 0: none has. */
  readonly timerLagMs: number;
  readonly clockFaults: number;
  readonly deliveries: readonly { readonly state: string; readonly count: number }[];
  /** How long the earliest delivery that may be tried has waited; 0: none has. */
  readonly deliveryLagMs: number;
  readonly leaks: readonly { readonly check: string; readonly count: number }[];
  /** Checks of leaks that could not look. */
  readonly blindChecks: number;
  readonly quarantined: number;
  readonly reevaluations: number;
  readonly nodes: number;
};

const NUMBERS = `
select
  (select count(*) from handoff where closed_at is null and breached) as breached,
  (select count(*) from hold where ended_at is null) as held,
  (select count(*) from handoff_clock where stopped_at is null) as running,
  (select k.next_at from handoff_clock k where k.stopped_at is null order by k.next_at limit 1) as next_clock,
  (select count(*) from clock_fault f join handoff_clock k on k.id = f.clock_id
    where k.stopped_at is null and k.next_at <= f.last_at) as faults,
  (select min(next_at) from delivery where state = 'pending') as next_delivery,
  (select count(*) from leak_check where error is not null) as blind,
  (select count(*) from quarantine where resolved_at is null) as quarantined,
  (select count(*) from reevaluation where at <= (select now_ms())) as reevaluations,
  (select count(*) from node) as nodes,
  now_ms() as now`;

type Numbers = {
  readonly breached: number;
  readonly held: number;
  readonly running: number;
  readonly next_clock: number | null;
  readonly faults: number;
  readonly next_delivery: number | null;
  readonly blind: number;
  readonly quarantined: number;
  readonly reevaluations: number;
  readonly nodes: number;
  readonly now: number;
};

/** Reads all of them, each by an index of what is open. Linear in what is open. */
export const readGauges = async (client: Queryable): Promise<Gauges> => {
  const handoffs = await client.query<{ status: string; count: number }>(
    'select status, count(*) as count from handoff where closed_at is null group by status order by status',
  );
  const deliveries = await client.query<{ state: string; count: number }>(
    `select 'pending' as state, count(*) as count from delivery where state = 'pending'
     union all select 'dead', count(*) from delivery where state = 'dead'`,
  );
  const leaks = await client.query<{ check: string; count: number }>(
    `select check_id as "check", count(*) as count from leak where cleared_at is null group by check_id order by check_id`,
  );
  const { rows } = await client.query<Numbers>(NUMBERS);
  const numbers = rows[0] as Numbers;
  const lag = (since: number | null): number => (since === null ? 0 : Math.max(0, numbers.now - since));
  return {
    handoffs: handoffs.rows,
    breached: numbers.breached,
    held: numbers.held,
    clocksRunning: numbers.running,
    timerLagMs: lag(numbers.next_clock),
    clockFaults: numbers.faults,
    deliveries: deliveries.rows,
    deliveryLagMs: lag(numbers.next_delivery),
    leaks: leaks.rows,
    blindChecks: numbers.blind,
    quarantined: numbers.quarantined,
    reevaluations: numbers.reevaluations,
    nodes: numbers.nodes,
  };
};

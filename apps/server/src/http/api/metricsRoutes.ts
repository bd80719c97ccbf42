import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { type Gauges, readGauges } from '../../insight/readGauges.ts';
import { type Buckets, type Family, OPEN_METRICS_TYPE, writeOpenMetrics } from '../openMetrics.ts';
import { admit, readCaller } from './caller.ts';
import type { ApiDeps } from './implement.ts';

export type MetricsDeps = ApiDeps & {
  readonly version: string;
  /** Clients that follow the live feed of this node. */
  readonly liveClients: () => number;
  /** Events that wait in this node for their group. */
  readonly intakeWaiting: () => number;
  /** How late the clocks fired that this node fired. */
  readonly lateness: () => Buckets;
};

/** What was read is answered again for so long: several scrapers ask the database no more often. */
const FRESH_MS = 5_000;

const NEEDS = { access: 'metrics:read', permission: 'metrics.read' } as const;

/** Registers `GET /metrics`: OpenMetrics of the company (the same on each node) and of this node. Needs `metrics:read`. */
export const registerMetricsRoutes = (app: FastifyInstance, deps: MetricsDeps): void => {
  const answers = new Map<string, number>();
  app.addHook('onResponse', (_request, reply, done) => {
    const kind = `${Math.floor(reply.statusCode / 100)}xx`;
    answers.set(kind, (answers.get(kind) ?? 0) + 1);
    done();
  });
  let loop: EventLoopUtilization = performance.eventLoopUtilization();
  let read: { readonly at: number; readonly gauges: Promise<Gauges> } | null = null;
  const gauges = (): Promise<Gauges> => {
    if (read === null || performance.now() - read.at > FRESH_MS) {
      const asked = readGauges(deps.pool);
      read = { at: performance.now(), gauges: asked };
      asked.catch(() => {
        read = null;
      });
    }
    return read.gauges;
  };

  app.get('/metrics', async (request, reply) => {
    admit(request, await readCaller(request, deps.findKey, deps.sessions), NEEDS);
    const company = ofCompany(await gauges());
    const used = performance.eventLoopUtilization(loop);
    loop = performance.eventLoopUtilization();
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', OPEN_METRICS_TYPE)
      .send(writeOpenMetrics([...company, ...ofNode(deps, answers, used.utilization)]));
  });
};

const gauge = (name: string, help: string, value: number): Family => ({
  name,
  help,
  type: 'gauge',
  samples: [{ value }],
});

const ofCompany = (now: Gauges): readonly Family[] => [
  {
    name: 'baton_handoffs_open',
    help: 'Open handoffs by status.',
    type: 'gauge',
    samples: now.handoffs.map(({ status, count }) => ({ labels: { status }, value: count })),
  },
  gauge('baton_handoffs_breached', 'Open handoffs whose response promise was broken.', now.breached),
  gauge('baton_holds_open', 'People who qualified and are held, each with an end.', now.held),
  {
    name: 'baton_leaks_open',
    help: 'Open leaks by check. Alert on any.',
    type: 'gauge',
    samples: now.leaks.map(({ check, count }) => ({ labels: { check }, value: count })),
  },
  gauge('baton_leak_checks_blind', 'Checks of leaks that could not look. Alert on any.', now.blindChecks),
  gauge('baton_clocks_running', 'Promises that run.', now.clocksRunning),
  gauge('baton_clocks_set_aside', 'Clocks that could not be decided and wait for another try.', now.clockFaults),
  gauge('baton_timer_lag_seconds', 'How long the earliest due clock has waited.', now.timerLagMs / 1_000),
  {
    name: 'baton_deliveries',
    help: 'Deliveries that are still to be made, or were given up.',
    type: 'gauge',
    samples: now.deliveries.map(({ state, count }) => ({ labels: { state }, value: count })),
  },
  gauge('baton_delivery_lag_seconds', 'How long the earliest due delivery has waited.', now.deliveryLagMs / 1_000),
  gauge('baton_quarantine_open', 'Events set aside that nobody has looked at.', now.quarantined),
  gauge('baton_reevaluations_due', 'Contacts that are to be decided again now.', now.reevaluations),
  gauge('baton_nodes', 'Nodes that serve this company.', now.nodes),
];

const ofNode = (deps: MetricsDeps, answers: ReadonlyMap<string, number>, busy: number): readonly Family[] => {
  const { user, system } = process.cpuUsage();
  return [
    {
      name: 'baton_clock_lateness_seconds',
      help: 'How late clocks fired that this node fired.',
      type: 'histogram',
      samples: [],
      buckets: deps.lateness(),
    },
    {
      name: 'baton_http_answers',
      help: 'Answers of this node by class of status.',
      type: 'counter',
      samples: [...answers].sort().map(([status, value]) => ({ labels: { status }, value })),
    },
    gauge('baton_live_clients', 'Pages that follow the live feed of this node.', deps.liveClients()),
    gauge('baton_intake_waiting', 'Events that wait in this node for their group.', deps.intakeWaiting()),
    gauge('baton_event_loop_busy', 'Share of time in which the thread of this node worked, since the last look.', busy),
    gauge('baton_resident_bytes', 'Memory of this process.', process.memoryUsage.rss()),
    {
      name: 'baton_cpu_seconds',
      help: 'CPU time of this process.',
      type: 'counter',
      samples: [{ value: (user + system) / 1e6 }],
    },
    {
      name: 'baton_build',
      help: 'Always 1; the version is a label.',
      type: 'gauge',
      samples: [{ labels: { version: deps.version }, value: 1 }],
    },
  ];
};

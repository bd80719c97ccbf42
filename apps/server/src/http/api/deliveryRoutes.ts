import { closeAlert, listAlerts } from '@baton/contract/alerts.ts';
import {
  type DeliveryRow,
  listDeliveries,
  readDelivery,
  replayDeliveries,
  replayDelivery,
} from '@baton/contract/deliveries.ts';
import type { FastifyInstance } from 'fastify';
import * as alerts from '../../outbox/alerts.ts';
import * as deliveries from '../../outbox/deliveries.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { type Caller, callerName } from './caller.ts';
import { idAfter, pageOfIds } from './idPaging.ts';
import { type ApiDeps, implement } from './implement.ts';

/** Registers the log of what goes out, sending again what was given up, and alerts. */
export const registerDeliveryRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  const { pool } = deps;
  implement(app, deps, listDeliveries, async ({ query, caller }) => {
    const before = idAfter(query.cursor, Number.MAX_SAFE_INTEGER);
    const found = await deliveries.listDeliveries(pool, query, before, query.limit + 1);
    return pageOfIds(found, query.limit, (row) => toRow(row, seesAnswers(caller)));
  });
  implement(app, deps, readDelivery, async ({ params, caller }) => {
    const found = await deliveries.readDelivery(pool, params.id);
    if (found === null) throw new HttpProblem('not_found', `There is no delivery ${params.id}.`);
    const sees = seesAnswers(caller);
    return {
      ...toRow(found.delivery, sees),
      log: found.log.map(({ n, at, took_ms, outcome, detail }) => ({
        n,
        at: iso(at),
        tookMs: took_ms,
        outcome,
        transcript: shown(detail, sees),
      })),
    };
  });
  implement(app, deps, replayDeliveries, async ({ body, caller }) => ({
    replayed: await deliveries.replayDeliveries(pool, { ...body }, callerName(caller)),
  }));
  implement(app, deps, replayDelivery, async ({ params, caller }) => {
    const found = await deliveries.readDelivery(pool, params.id);
    if (found === null) throw new HttpProblem('not_found', `There is no delivery ${params.id}.`);
    const replayed = await deliveries.replayDeliveries(pool, { id: params.id }, callerName(caller));
    if (replayed === 0)
      throw new HttpProblem(
        'illegal_transition',
        found.delivery.state === 'dead'
          ? 'Its webhook is switched off or removed: switch it on first.'
          : `It is ${found.delivery.state}: only what was given up is sent once more.`,
      );
    return { replayed };
  });
  implement(app, deps, listAlerts, async ({ query }) => {
    const before = idAfter(query.cursor, Number.MAX_SAFE_INTEGER);
    return pageOfIds(await alerts.listAlerts(pool, before, query.limit + 1), query.limit, (row) => ({
      id: row.id,
      kind: row.kind,
      say: row.say.split('\n', 1)[0] ?? '',
      count: row.count,
      at: iso(row.at),
      latestAt: iso(row.latest_at),
    }));
  });
  implement(app, deps, closeAlert, async ({ params, caller }) => {
    if (!(await alerts.closeAlert(pool, params.id, callerName(caller))))
      throw new HttpProblem('not_found', `There is no open alert ${params.id}.`);
  });
};

/** What a receiver answers may show the inside of a network: the first line of a transcript is ours, the rest is theirs. */
const seesAnswers = (caller: Caller): boolean =>
  caller.kind === 'key'
    ? caller.holder.scopes.has('webhooks:write')
    : caller.kind === 'session' && caller.session.team === 'admin';

const shown = (detail: string, sees: boolean): string => (sees ? detail : (detail.split('\n', 1)[0] ?? ''));

const toRow = (row: deliveries.StoredDelivery, sees: boolean): DeliveryRow => ({
  id: row.id,
  key: row.key,
  channel: row.channel,
  destination: row.destination,
  about: row.about,
  subject: row.subject,
  state: row.state,
  attempts: row.attempts,
  repId: row.rep_id,
  coversFor: row.covers_for,
  handoffId: row.handoff_id,
  contactId: row.contact_id,
  webhookId: row.webhook_id,
  createdAt: iso(row.created_at),
  nextAt: row.state === 'pending' ? iso(row.next_at) : null,
  closedAt: row.closed_at === null ? null : iso(row.closed_at),
  closedReason: row.closed_reason,
  lastError: row.last_error === null ? null : shown(row.last_error, sees),
});

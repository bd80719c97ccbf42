import type { Actor, RepAct } from '@baton/domain/handoff/input.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { PolicyLoader } from '../../agreement/activePolicy.ts';
import { type ActionClaim, judgeActionToken } from '../../channels/actionToken.ts';
import { handoffAddress, type LinkMaker } from '../../channels/links.ts';
import { dayAfter, morningOf } from '../../channels/morningOf.ts';
import { readNoticeFacts } from '../../channels/noticeFacts.ts';
import { sayState } from '../../channels/sayState.ts';
import { allDue, sayLocal, saySpan } from '../../channels/sayTimes.ts';
import type { ActOutcome, Acts } from '../../handoff/act.ts';
import { makeUndoAct, undoableUntil } from '../../handoff/undoAct.ts';
import { readActions } from '../../records/handoffs/readActions.ts';
import { type ActionPage, actionPage, offPage, type PageAct, sayPage } from './actionPage.ts';
import { PAGE_STYLE } from './pageStyle.ts';

/** What the pages behind the links of messages need. */
export type ActionPageDeps = {
  readonly pool: Pool;
  readonly acts: Acts;
  readonly links: LinkMaker;
  readonly loadActivePolicy: PolicyLoader['loadActivePolicy'];
  readonly now: () => number;
};

const BODY_BYTES_MAX = 8_192;
const SHOWN: readonly PageAct['do'][] = ['accept', 'claim', 'reject', 'park'];

type Token = { Params: { token: string } };

/**
 * Registers the pages behind the links of messages: `GET /act/:token` shows and never acts, because scanners open links;
 * `POST /act/:token` acts in the name of the rep whom the signed token names; `/act/:token/off` switches mails off.
 */
export const registerActionRoutes = (app: FastifyInstance, deps: ActionPageDeps): void => {
  const config = { bodyBytesMax: BODY_BYTES_MAX };
  const undoAct = makeUndoAct(deps.acts);
  app.get('/act/page.css', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/css; charset=utf-8').send(PAGE_STYLE),
  );
  app.get<Token & { Querystring: { do?: string } }>('/act/:token', async (request, reply) => {
    const claim = judge(request, reply, deps);
    return claim === null ? reply : show(reply, deps, request, claim, { wants: request.query.do ?? null });
  });
  app.post<Token>('/act/:token', { config }, async (request, reply) => {
    const claim = judge(request, reply, deps);
    if (claim === null) return reply;
    const fields = fieldsOf(request);
    const wants = fields.get('do');
    const { rep, row } = await readFacts(deps.pool, claim);
    const by: Actor = { kind: 'rep', id: claim.repId };
    const answer = (outcome: ActOutcome) => {
      if (outcome.kind === 'done') return reply.redirect(`/act/${request.params.token}`, 303);
      const refusal = outcome.kind === 'refused' ? outcome.refusal.say : 'This lead is no more.';
      return show(reply, deps, request, claim, { wants, refusal, status: outcome.kind === 'refused' ? 409 : 404 });
    };
    if (wants === 'undo' && row !== null) return answer(await undoAct(row.contact.id, by));
    const act = readAct(fields, rep?.timeZone ?? 'UTC');
    if (typeof act === 'string') return show(reply, deps, request, claim, { wants, refusal: act, status: 422 });
    return answer(await deps.acts.act({ handoffId: claim.handoffId }, { kind: 'rep-acted', by, act }));
  });
  app.get<Token>('/act/:token/off', async (request, reply) => {
    const claim = judge(request, reply, deps);
    return claim === null ? reply : showOff(reply, deps, request, claim);
  });
  app.post<Token>('/act/:token/off', { config }, async (request, reply) => {
    const claim = judge(request, reply, deps);
    if (claim === null) return reply;
    // a mail program that unsubscribes with one click says so instead of naming a field of ours
    const off = fieldsOf(request).get('to') !== 'on';
    await deps.pool.query(
      off
        ? `insert into channel_off (rep_id, channel) select id, 'email' from rep where id = $1 on conflict do nothing`
        : `delete from channel_off where rep_id = $1 and channel = 'email'`,
      [claim.repId],
    );
    return showOff(reply, deps, request, claim);
  });
};

const send = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply
    .status(status)
    .header('cache-control', 'no-store')
    .header('x-robots-tag', 'noindex')
    .type('text/html; charset=utf-8')
    .send(page);

/** The token's claim; null where the answer was given: a forged one is nothing, an old one says where to go instead. */
const judge = (request: FastifyRequest<Token>, reply: FastifyReply, deps: ActionPageDeps): ActionClaim | null => {
  const judged = judgeActionToken(request.params.token, deps.now(), deps.links.secret);
  if (judged.is === 'good') return judged.claim;
  if (judged.is === 'expired') {
    const say = 'Links in messages work for two weeks. Open the lead in Baton to act on it.';
    send(reply, 410, sayPage('This link has expired', say, handoffAddress(deps.links, judged.claim.handoffId)));
  } else {
    const say = 'Nothing is here. Check that the whole address was copied from the message.';
    send(reply, 404, sayPage('This link is not one of ours', say, null));
  }
  return null;
};

type Chosen = { readonly wants: string | null; readonly refusal?: string; readonly status?: number };

const show = async (
  reply: FastifyReply,
  deps: ActionPageDeps,
  request: FastifyRequest<Token>,
  claim: ActionClaim,
  { wants, refusal, status = 200 }: Chosen,
): Promise<FastifyReply> => {
  const { pool, links, now } = deps;
  const facts = await readFacts(pool, claim);
  const { row, rep } = facts;
  if (row === null || rep === null)
    return send(reply, 404, sayPage('This lead is no more', 'It was removed since the message was sent.', null));
  if (!rep.active)
    return send(reply, 403, sayPage('This link works no more', `${rep.name} no longer works with leads here.`, null));
  const actions = await readActions(pool, row.contact.id, row, { kind: 'rep', id: claim.repId });
  const policy = await deps.loadActivePolicy(pool);
  const undoUntil = await undoableUntil(pool, row.contact.id, rep.id, now());
  const page: ActionPage = {
    heading: row.contact.name ?? row.contact.email ?? `Contact ${row.contact.id}`,
    under: [row.contact.title, row.company?.name].filter((part) => part != null).join(', ') || null,
    state: sayState(row, rep.id, now(), facts.acceptedAt),
    rows: [
      { label: 'Why', value: row.why },
      ...(row.whyOwner === null ? [] : [{ label: 'Why its owner', value: row.whyOwner }]),
      ...allDue(row).map(({ label, at }) => ({
        label,
        value: `${sayLocal(at, rep.timeZone)}, ${at > now() ? `in ${saySpan(at - now())}` : `${saySpan(now() - at)} ago`}`,
      })),
    ],
    phone: facts.phone,
    email: row.contact.email,
    acts: SHOWN.flatMap((act) => {
      const found = actions.find((action) => action.do === act);
      return found === undefined ? [] : [{ do: act, allowed: found.allowed, why: found.why }];
    }),
    reasons: (policy?.compiled.document.feedback.reject ?? []).map(({ id, afterAttempts }) => ({
      id,
      note: afterAttempts > 0 ? `after ${afterAttempts} attempts` : null,
    })),
    undoSeconds: undoUntil === null ? null : Math.ceil((undoUntil - now()) / 1_000),
    firstDay: dayAfter(now(), rep.timeZone),
    wants,
    refusal: refusal ?? null,
    openAt: handoffAddress(links, claim.handoffId),
    path: `/act/${request.params.token}`,
  };
  return send(reply, status, actionPage(page));
};

const showOff = async (
  reply: FastifyReply,
  deps: ActionPageDeps,
  request: FastifyRequest<Token>,
  claim: ActionClaim,
): Promise<FastifyReply> => {
  const { rep, isOff } = await readFacts(deps.pool, claim);
  if (rep === null) return send(reply, 404, sayPage('Nobody is here', 'This rep is no more.', null));
  return send(reply, 200, offPage(rep.name, isOff, `/act/${request.params.token}/off`, deps.links.publicUrl));
};

const readFacts = (pool: Pool, claim: ActionClaim) =>
  readNoticeFacts(pool, { ...claim, id: claim.deliveryId, channel: 'email', coversFor: null });

const fieldsOf = (request: FastifyRequest): URLSearchParams => {
  const type = request.headers['content-type'] ?? '';
  const isForm = type.startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm && Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
};

/** What a form asks for, or a sentence what is missing. */
const readAct = (fields: URLSearchParams, timeZone: string): RepAct | string => {
  const detail = fields.get('detail')?.trim().slice(0, 1_000) || null;
  switch (fields.get('do')) {
    case 'accept':
      return { do: 'accept' };
    case 'claim':
      return { do: 'claim' };
    case 'reject': {
      const reason = fields.get('reason');
      return reason === null || reason === '' ? 'Choose a reason first.' : { do: 'reject', reason, detail };
    }
    case 'park': {
      const until = morningOf(fields.get('until') ?? '', timeZone);
      return until === null ? 'Choose the day on which it comes back.' : { do: 'park', until, note: detail };
    }
    default:
      return 'Choose what to do: accept, reject or put it off.';
  }
};

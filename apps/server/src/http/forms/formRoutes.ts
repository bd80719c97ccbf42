import { ERROR_CODES } from '@baton/contract/errorCodes.ts';
import { REQUEST_BYTES_MAX } from '@baton/contract/limits.ts';
import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import type { Trust } from '@baton/domain/facts/fact.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Submit } from '../../intake/incomingEvent.ts';
import { setAside } from '../../intake/setAside.ts';
import { HttpProblem } from '../httpProblem.ts';
import { plainPage } from '../plainPage.ts';
import { toHttpProblem } from '../problemReply.ts';
import { makeRateLimit, senderOf } from '../rateLimit.ts';
import { preflight } from '../segment/preflight.ts';
import { embedScript } from './embedScript.ts';
import type { Form } from './form.ts';
import { judgeFormToken, makeFormToken, type TokenVerdict } from './formToken.ts';
import { type Fields, readFields } from './readFields.ts';
import { HONEYPOT_FIELD, REDIRECT_FIELD, readSubmission, TOKEN_FIELD } from './readSubmission.ts';

/** What forms need. */
export type FormDeps = {
  readonly pool: Pool;
  readonly submit: Submit;
  readonly findForm: (id: string) => Promise<Form | null>;
  readonly tokenSecret: Uint8Array;
  readonly now: () => number;
  readonly ownDomains: ReadonlySet<string>;
  /** Submissions a minute from one sender; so many again at once. */
  readonly perMinute: number;
};

/** Submissions a minute to one form from all senders together; what exceeds it is set aside and not lost. */
const FLOOD_A_MINUTE = 300;

/** Why a submission looks like spam, in the words of a quarantine row; the other verdicts are not here. */
const SUSPICIONS: { readonly [V in Exclude<TokenVerdict, 'good' | 'missing' | 'too-old'>]: string } = {
  forged: 'The form token is not one of ours',
  'too-young': 'The form came back faster than a person fills it in',
};

/** Registers public forms: `POST /forms/:id`, its token, and the script that adds both token and honeypot to a page. */
export const registerFormRoutes = (app: FastifyInstance, deps: FormDeps): void => {
  const config = { ingest: true, bodyBytesMax: REQUEST_BYTES_MAX };
  const senders = makeRateLimit(deps.perMinute, deps.perMinute * 2, deps.now);
  const flood = makeRateLimit(FLOOD_A_MINUTE, FLOOD_A_MINUTE, deps.now);
  type Id = { Params: { id: string } };
  for (const path of ['/forms/:id', '/forms/:id/submissions']) {
    app.post<Id>(path, { config }, async (request, reply) => {
      try {
        return await take(request, reply, request.params.id, { ...deps, senders, flood });
      } catch (error) {
        if (!wantsPage(request)) throw error;
        const problem = toHttpProblem(error);
        const { status, title } = ERROR_CODES[problem.code];
        return reply.status(status).type('text/html; charset=utf-8').send(plainPage(title, problem.message));
      }
    });
  }
  app.get<Id>('/forms/:id', { config }, async (request) => {
    const { id, name } = await find(deps, request.params.id);
    return { id, name };
  });
  app.get<Id>('/forms/:id/token', { config }, async (request, reply) => {
    const { id } = await find(deps, request.params.id);
    return reply.header('cache-control', 'no-store').send({ token: makeFormToken(id, deps.now(), deps.tokenSecret) });
  });
  app.get<Id>('/forms/:id/embed.js', { config }, async (request, reply) => {
    const { id } = await find(deps, request.params.id);
    reply.header('cross-origin-resource-policy', 'cross-origin').header('cache-control', 'public, max-age=300');
    return reply.type('text/javascript; charset=utf-8').send(embedScript(id));
  });
  app.options('/forms/*', { config }, (_request, reply) => preflight(reply));
};

type Limits = { readonly senders: (key: string) => number; readonly flood: (key: string) => number };

const take = async (request: FastifyRequest, reply: FastifyReply, id: string, deps: FormDeps & Limits) => {
  const warnings = new Set<WarningCode>();
  const fields = readFields(request, warnings);
  const form = await find(deps, id);
  const token = fields.get(TOKEN_FIELD);
  const receivedAt = deps.now();
  const verdict = judgeFormToken(typeof token === 'string' ? token : undefined, form.id, receivedAt, deps.tokenSecret);
  if (verdict === 'missing') warnings.add('form_token_missing');
  const isOurs = verdict === 'good' || verdict === 'too-old';
  const event = readSubmission(
    form,
    fields,
    {
      trust: trustOf(form, verdict),
      receivedAt,
      nonce: isOurs ? (String(token).split('.')[1] ?? null) : null,
      // a page left open overnight may have a person at it: taken, and held by the policy until somebody has looked
      spamSuspect: isOurs ? verdict === 'too-old' : null,
      // whoever brings a good token was shown the form; what its program calls itself then says nothing
      userAgent: verdict === 'good' ? undefined : request.headers['user-agent'],
      ownDomains: deps.ownDomains,
    },
    warnings,
  );
  const waitS = deps.senders(senderOf(request.ip));
  if (waitS > 0) throw new HttpProblem('rate_limited', 'Too many submissions from one place.', { retryAfterS: waitS });
  const suspicion = suspicionOf(form, fields, verdict, deps.flood);
  if (suspicion !== null) {
    const payload = JSON.stringify(Object.fromEntries(fields));
    await setAside(deps.pool, {
      sourceId: form.sourceId,
      messageKey: event.messageKey,
      ...suspicion,
      payload,
      receivedAt,
    });
  } else {
    await deps.submit([event]);
  }
  // a spammer is told nothing that a person is not told
  return answer(request, reply, form, fields, event.messageKey ?? '', [...warnings]);
};

const find = async (deps: Pick<FormDeps, 'findForm'>, id: string): Promise<Form> => {
  const form = await deps.findForm(id);
  if (form === null)
    throw new HttpProblem('not_found', 'A form id has lower-case letters, digits, - and _, at most 64.');
  return form;
};

const trustOf = (form: Form, verdict: TokenVerdict): Trust =>
  verdict === 'good' || verdict === 'too-old' || form.settings.withoutToken === 'trusted' ? 'form' : 'browser';

const suspicionOf = (
  form: Form,
  fields: Fields,
  verdict: TokenVerdict,
  flood: (key: string) => number,
): { readonly code: string; readonly detail: string } | null => {
  const trap = fields.get(HONEYPOT_FIELD);
  if (trap !== undefined && trap !== null && trap !== '') {
    return { code: 'spam_suspect', detail: 'The field that people do not see was filled in' };
  }
  if (verdict === 'forged' || verdict === 'too-young') return { code: 'spam_suspect', detail: SUSPICIONS[verdict] };
  if (verdict === 'missing' && form.settings.withoutToken === 'quarantine') {
    return { code: 'spam_suspect', detail: 'The form came without its token' };
  }
  return flood(form.id) > 0 ? { code: 'flood', detail: `More than ${FLOOD_A_MINUTE} submissions in a minute` } : null;
};

/** True for a form that a browser sends by itself and shows the answer of. */
const wantsPage = (request: FastifyRequest): boolean =>
  request.headers.accept?.includes('text/html') === true && !request.headers['content-type']?.includes('json');

const answer = (
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  fields: Fields,
  messageId: string,
  warnings: readonly WarningCode[],
) => {
  reply.header('cache-control', 'no-store');
  if (!wantsPage(request))
    return reply.send({ success: true, messageId, ...(warnings.length > 0 ? { warnings } : {}) });
  const target = allowedRedirect(request, form, fields.get(REDIRECT_FIELD));
  if (target !== null) return reply.redirect(target, 303);
  return reply.type('text/html; charset=utf-8').send(plainPage('Thank you', 'We have received what you sent.'));
};

/** Where a submission may send people on to: origins that the form names, or the page it was sent from. Null: nowhere. */
const allowedRedirect = (request: FastifyRequest, form: Form, wanted: unknown): string | null => {
  if (typeof wanted !== 'string' || !URL.canParse(wanted)) return null;
  const url = new URL(wanted);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const allowed = url.origin === request.headers.origin || form.settings.redirects.includes(url.origin);
  return allowed ? url.href : null;
};

import { REQUEST_BYTES_MAX } from '@baton/contract/limits.ts';
import type { Answer, Operation, Parsed, Schema } from '@baton/contract/operation.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { safeParse } from 'zod/mini';
import type { FindKey } from '../../access/keyRing.ts';
import type { Sessions } from '../../access/sessions.ts';
import { checkEncoding, decodeBody } from '../decodeBody.ts';
import { cleanJson } from '../events/cleanJson.ts';
import { parseObject } from '../events/parseEvents.ts';
import { HttpProblem } from '../httpProblem.ts';
import { scanJson } from '../scanJson.ts';
import { auditOnBehalf } from './auditOnBehalf.ts';
import { admit, type Caller, callerName, readCaller } from './caller.ts';
import { expectSeen } from './expectSeen.ts';
import { claimIdempotencyKey } from './idempotency.ts';

/** What every operation needs around it. */
export type ApiDeps = { readonly pool: Pool; readonly findKey: FindKey; readonly sessions: Sessions };

/** What a handler gets beside its parsed input. */
export type Asked<O> = Parsed<O> & {
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

const BODY_DEPTH_MAX = 32;

/**
 * Serves one operation of the contract: who asks, may they, is the input well-formed, was it asked before; then the
 * handler; then the answer. Refusals are thrown as HttpProblem by whoever finds them.
 */
export const implement = <O extends Operation>(
  app: FastifyInstance,
  deps: ApiDeps,
  operation: O,
  handle: (asked: Asked<O>) => Promise<Answer<O>>,
): void => {
  app.route({
    method: operation.method,
    url: operation.path,
    ...(operation.bodyBytesMax === undefined ? {} : { config: { bodyBytesMax: operation.bodyBytesMax } }),
    handler: async (request, reply) => {
      const caller = await readCaller(request, deps.findKey, deps.sessions);
      admit(request, caller, operation);
      const body = readJson(request, operation);
      const parsed = {
        params: parse(operation.params, request.params, 'not_found'),
        query: parse(operation.query, request.query, 'invalid_parameter'),
        body: parse(operation.body, body, 'invalid_field'),
      } as Parsed<O>;
      if (operation.about !== undefined)
        await expectSeen(deps.pool, caller, operation.about, (parsed.params as { readonly id: number }).id);
      const answer = async () => {
        const value = await handle({ ...parsed, caller, request, reply });
        await auditOnBehalf(deps.pool, operation, caller, parsed.params, parsed.body);
        return { status: operation.status, body: operation.reply === undefined ? '' : JSON.stringify(value) };
      };
      const key = request.headers['idempotency-key'];
      if (!operation.errors.includes('idempotency_conflict') || typeof key !== 'string')
        return send(reply, await answer());
      const claim = await claimIdempotencyKey(
        deps.pool,
        callerName(caller),
        key,
        `${request.url} ${JSON.stringify(body)}`,
      );
      if ('before' in claim) return send(reply.header('idempotency-replayed', 'true'), claim.before);
      try {
        const fresh = await answer();
        await claim.held.keep(fresh);
        return send(reply, fresh);
      } catch (error) {
        await claim.held.giveBack();
        throw error;
      }
    },
  });
};

const send = (reply: FastifyReply, answer: { readonly status: number; readonly body: string }) => {
  reply.status(answer.status).header('cache-control', 'no-store');
  if (answer.status === 204) return reply.send();
  return reply.header('content-type', 'application/json; charset=utf-8').send(answer.body);
};

const readJson = (request: FastifyRequest, operation: Operation): unknown => {
  if (operation.body === undefined) return undefined;
  const type = request.headers['content-type'];
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (bytes.length === 0 && type === undefined) return undefined;
  if (type === undefined || (type.split(';', 1)[0] as string).trim().toLowerCase() !== 'application/json') {
    throw new HttpProblem('unsupported_media_type', 'Send content-type: application/json.', { at: 'content-type' });
  }
  checkEncoding(request.headers['content-encoding']);
  const text = decodeBody(bytes, operation.bodyBytesMax ?? REQUEST_BYTES_MAX);
  const scan = scanJson(text, BODY_DEPTH_MAX);
  if (scan === null) throw new HttpProblem('too_deep', `A body is nested at most ${BODY_DEPTH_MAX} levels deep.`);
  const found = { members: 0, warnings: new Set<never>() };
  const clean = cleanJson(parseObject(text), true, found);
  if (found.members !== scan.members)
    throw new HttpProblem('duplicate_key', 'A key stands twice in one object; keep one.');
  return clean;
};

/** What a wrong parameter is called where its name says more than `invalid_parameter`. */
const BY_NAME: { readonly [name: string]: 'invalid_sort' | 'invalid_cursor' } = {
  sort: 'invalid_sort',
  cursor: 'invalid_cursor',
};

const parse = (
  schema: Schema | undefined,
  value: unknown,
  code: 'not_found' | 'invalid_parameter' | 'invalid_field',
): unknown => {
  if (schema === undefined) return undefined;
  const result = safeParse(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue?.path.map(String).join('/') ?? '';
  if (code === 'not_found') throw new HttpProblem('not_found', 'Nothing is here.');
  const named = code === 'invalid_parameter' ? (BY_NAME[at] ?? code) : code;
  if (issue?.code === 'unrecognized_keys') {
    const place = [...issue.path.map(String), issue.keys[0] ?? ''].join('/');
    throw new HttpProblem(named, `${place}: nothing of this name is taken here; leave it out.`, { at: place });
  }
  throw new HttpProblem(named, `${at === '' ? 'The input' : at}: ${issue?.message ?? 'not valid'}.`, { at });
};

import type { Permission } from '@baton/domain/access/roles.ts';
import type { z } from 'zod/mini';
import type { ErrorCode } from './errorCodes.ts';

/** Any schema of the contract. */
export type Schema = z.ZodMiniType;

/** What a key must have to ask: nothing, a scope, or (`session`) it may not: only people who are signed in. */
export type Access = 'public' | 'session' | Scope;

/** What a person needs: nothing, a session, one of the table's permissions; `key`: only programs with a key may. */
export type Needed = Permission | 'anybody' | 'signed-in' | 'key';

/** What the `:id` of a path can name of which not everybody sees each row. `free-contact`: one that is nobody's counts, too. */
export const SUBJECTS = ['handoff', 'contact', 'free-contact', 'deal', 'task', 'rep'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What a secret key may do. A write key has `events:write` and nothing else. */
export const SCOPES = [
  'events:write',
  'contacts:read',
  'handoffs:read',
  'handoffs:write',
  'policy:read',
  'keys:write',
  'quarantine:read',
  'deliveries:read',
  'metrics:read',
  'webhooks:write',
  'people:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** One operation of the API: what goes in, what comes out, who may, and how it can fail. */
export type Operation<
  Params extends Schema | undefined = Schema | undefined,
  Query extends Schema | undefined = Schema | undefined,
  Body extends Schema | undefined = Schema | undefined,
  Reply extends Schema | undefined = Schema | undefined,
> = {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As Fastify writes it: `/api/v1/handoffs/:id`. */
  readonly path: string;
  readonly say: string;
  readonly access: Access;
  readonly permission: Needed;
  /** What the path's `:id` names: whoever does not see it is answered 404, as for one that is not there. */
  readonly about?: Subject;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Most bytes of a body, unpacked; 64 KiB when left out. */
  readonly bodyBytesMax?: number;
  /** Absent: 204 without a body. */
  readonly reply?: Reply;
  readonly status: 200 | 201 | 204;
  /** With `idempotency_conflict` among them its answers are kept for a day under an Idempotency-Key. */
  readonly errors: readonly ErrorCode[];
};

/** Types an operation by its schemas, and changes nothing. */
export const operation = <
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Reply extends Schema | undefined = undefined,
>(
  it: Operation<Params, Query, Body, Reply>,
): Operation<Params, Query, Body, Reply> => it;

type Out<S> = S extends Schema ? z.output<S> : undefined;
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a reply returns nothing
type OutOrNothing<S> = S extends Schema ? z.output<S> : void;
type In<S> = S extends Schema ? z.input<S> : undefined;

/** What a handler gets, parsed. */
export type Parsed<O> =
  O extends Operation<infer P, infer Q, infer B, infer _>
    ? { readonly params: Out<P>; readonly query: Out<Q>; readonly body: Out<B> }
    : never;

/** What a handler answers, and a client receives. */
export type Answer<O> = O extends Operation<infer _P, infer _Q, infer _B, infer R> ? OutOrNothing<R> : never;

type Given<Name extends string, S> = S extends Schema
  ? undefined extends In<S>
    ? { readonly [K in Name]?: In<S> }
    : { readonly [K in Name]: In<S> }
  : { readonly [K in Name]?: undefined };

/** What a client sends, before parsing. */
export type Call<O> =
  O extends Operation<infer P, infer Q, infer B, infer _>
    ? Given<'params', P> & Given<'query', Q> & Given<'body', B>
    : never;

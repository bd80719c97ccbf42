import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ERROR_CODES, type ErrorCode } from '@baton/contract/errorCodes.ts';
import { REQUEST_BYTES_MAX } from '@baton/contract/limits.ts';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { makeHostGuard } from './hostGuard.ts';
import { HttpProblem } from './httpProblem.ts';
import { PROBLEM_TYPE, problemOf, toHttpProblem } from './problemReply.ts';
import { readBody } from './readBody.ts';
import { BY_HTTPS_ALONE, EVERY_ANSWER, EVERY_PAGE } from './securityHeaders.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The largest body that the route takes, in bytes as sent; 64 KiB when left out. */
    bodyBytesMax?: number;
    /** True where a body is a batch of events, and is refused as one. */
    isBatch?: boolean;
    /** True for paths that scripts on other sites send to: open CORS, no headers for pages. */
    ingest?: boolean;
  }
}

/** What the server needs to know beside its routes. */
export type HttpServerOptions = {
  readonly host: string;
  readonly publicUrl: string | null;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Hears of our own mistakes. */
  readonly onMistake: (error: unknown, requestId: string) => void;
  /** Hears of every answer, of those to senders of events only when they failed: they are too many. Null: nobody does. */
  readonly onAnswered?: ((answer: Answered) => void) | null | undefined;
};

/** A request that was answered. The route is its pattern: no id and no address of a person is in it. */
export type Answered = {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
};

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 72_000;
const HEADER_BYTES_MAX = 16_384;
const METHODS_KNOWN: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * The HTTP server before any route: limits and timeouts, Host check, headers, bodies as bytes whatever their type says,
 * and every refusal as problem+json. Routes are added by the surfaces.
 */
export const createHttpServer = (options: HttpServerOptions): FastifyInstance => {
  const isHttps = options.publicUrl?.startsWith('https:') === true;
  const isServed = makeHostGuard(options.host, options.publicUrl);
  const paths: { readonly method: string; readonly matches: RegExp }[] = [];
  const app = Fastify({
    logger: false,
    genReqId: makeRequestIds(),
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 1_000, maxHeaderSize: HEADER_BYTES_MAX },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => refuse(toHttpProblem(error), request, reply),
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => {
    const { bodyBytesMax, isBatch } = request.routeOptions.config;
    return readBody(
      payload,
      bodyBytesMax ?? REQUEST_BYTES_MAX,
      isBatch === true ? 'batch_too_large' : 'payload_too_large',
    );
  });
  app.addHook('onRoute', (route) => {
    const matches = new RegExp(
      `^${route.url
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace(/\*/g, '.*')}/?$`,
    );
    for (const method of [route.method].flat()) paths.push({ method, matches });
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.setHeader('x-request-id', request.id);
    reply.headers(EVERY_ANSWER);
    if (request.routeOptions.config.ingest !== true) reply.headers(EVERY_PAGE);
    if (isHttps) reply.header(...BY_HTTPS_ALONE);
    if (isServed(request.headers.host)) done();
    else done(new HttpProblem('invalid_host', 'Open Baton by the name that it is bound to, or set BATON_PUBLIC_URL.'));
  });
  const { onAnswered } = options;
  if (onAnswered != null) {
    app.addHook('onResponse', (request, reply, done) => {
      const { config, url } = request.routeOptions;
      if (config.ingest !== true || reply.statusCode >= 500)
        onAnswered({
          requestId: request.id,
          method: request.method,
          route: url ?? 'none',
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime),
        });
      done();
    });
  }
  app.setErrorHandler((error, request, reply) => {
    const problem = toHttpProblem(error);
    if (problem.code === 'internal') options.onMistake(error, request.id);
    refuse(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] as string;
    if (request.method === 'OPTIONS') {
      refuse(new HttpProblem('cross_site', 'Nothing is offered here to pages of other sites.'), request, reply);
      return;
    }
    if (!METHODS_KNOWN.has(request.method)) {
      refuse(new HttpProblem('not_implemented', 'This method is not known here.'), request, reply);
      return;
    }
    const allowed = paths.filter((known) => !known.matches.source.includes('.*') && known.matches.test(path));
    if (allowed.length === 0) {
      refuse(new HttpProblem('not_found', 'Nothing is here.'), request, reply);
      return;
    }
    reply.header('allow', [...new Set(allowed.map((known) => known.method))].join(', '));
    refuse(new HttpProblem('method_not_allowed', 'This path has other methods; see Allow.'), request, reply);
  });
  return app;
};

/** Answers a refusal; the connection closes after one that leaves a body unread. */
export const refuse = (problem: HttpProblem, request: FastifyRequest, reply: FastifyReply): void => {
  if (problem.facts.retryAfterS !== undefined) reply.header('retry-after', problem.facts.retryAfterS);
  if (problem.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="baton"');
  reply
    .status(ERROR_CODES[problem.code].status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemOf(problem.code, request.id, problem.message, problem.facts)));
};

/** Ids that are short, unique over restarts and cheap: a random start and a counter. */
const makeRequestIds = (): (() => string) => {
  const start = randomBytes(6).toString('base64url');
  let next = 0;
  return () => {
    next += 1;
    return `${start}-${next.toString(36)}`;
  };
};

const BROKEN: { readonly [code: string]: ErrorCode } = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_INVALID_METHOD: 'not_implemented',
};

/** For what never became a request: answers on the bare socket and closes it. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const code = BROKEN[error.code ?? ''] ?? 'malformed_request';
  const { status, title } = ERROR_CODES[code];
  const body = JSON.stringify(problemOf(code, 'none', `${title}.`));
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

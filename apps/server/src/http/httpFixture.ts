import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { Submit } from '../intake/incomingEvent.ts';
import { createHttpServer, type HttpServerOptions } from './createHttpServer.ts';
import { createHttpSurfaces, type SurfaceDeps } from './httpSurfaces.ts';

const LOCAL = {
  host: '127.0.0.1',
  publicUrl: null,
  trustedProxies: [],
  onMistake: (error: unknown) => {
    throw error;
  },
} satisfies HttpServerOptions;

/** A server on this machine without any route, and without a port: tests inject. What it did not expect is thrown. */
export const makeServer = (over: Partial<HttpServerOptions> = {}): FastifyInstance =>
  createHttpServer({ ...LOCAL, ...over });

/** Such a server with every surface that needs no more than a database and somebody who takes events. */
export const makeSurfaces = (pool: Pool, submit: Submit, over: Partial<SurfaceDeps> = {}) =>
  createHttpSurfaces({
    ...LOCAL,
    pool,
    submit,
    now: Date.now,
    takesWork: () => true,
    version: '0.1.0',
    ownDomains: [],
    formsPerMinute: 10,
    ...over,
  });

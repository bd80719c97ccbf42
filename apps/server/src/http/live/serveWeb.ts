import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from '../httpProblem.ts';

const DIST = join(import.meta.dirname, '../../../../web/dist');
const YEAR_MS = 31_536_000_000;
/** Files that keep their name from build to build; browsers ask for /favicon.ico by themselves. */
const UNHASHED = [
  ['/theme.js', 'theme.js'],
  ['/icon.svg', 'icon.svg'],
  ['/favicon.ico', 'icon.svg'],
] as const;

/** The addresses that the client's router shows; opened directly they get the same page. */
const PAGES = [
  '/',
  '/handoffs/:id',
  '/sign-in',
  '/welcome',
  '/new-password',
  '/account',
  '/accounts',
  '/leaks',
  '/team',
] as const;

/**
 * Serves the built web client: hashed assets for a year, compressed ahead of time, and its page under each of its addresses. `dist` is where the build lies; a clone without one says how to make it.
 */
export const serveWeb = async (app: FastifyInstance, dist: string = DIST): Promise<void> => {
  const index = join(dist, 'index.html');
  if (existsSync(dist)) {
    // Only what the build has hashed is kept; a build made while we run is served at once.
    await app.register(fastifyStatic, {
      root: join(dist, 'assets'),
      prefix: '/assets/',
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: YEAR_MS,
    });
    for (const [url, name] of UNHASHED) {
      app.get(url, (_request, reply) =>
        reply.header('cache-control', 'no-cache').sendFile(name, dist, { cacheControl: false }),
      );
    }
  }
  for (const url of PAGES) {
    app.get(url, async (_request, reply) => {
      const html = await readFile(index, 'utf8').catch(() => {
        throw new HttpProblem('not_found', 'The web client is not built. `npm start` builds it.');
      });
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(html);
    });
  }
};

import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { makeSurfaces } from './httpFixture.ts';
import type { SurfaceDeps } from './httpSurfaces.ts';

/** What a browser asks with: its cookies are kept from answer to answer. */
export type Browser = {
  readonly cookies: Map<string, string>;
  readonly ask: (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    payload?: object,
    headers?: Record<string, string>,
  ) => Promise<{
    readonly status: number;
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    readonly json: any;
    readonly reply: LightMyRequestResponse;
  }>;
};

/** The surfaces of a server over a database of its own, and browsers that ask them. */
export type AccessServer = {
  readonly database: TestDatabase;
  readonly app: FastifyInstance;
  readonly browser: () => Browser;
  readonly stop: () => Promise<void>;
};

let peers = 0;

/** Starts it. Each browser comes from an address of its own, so that what holds one back holds back no other. */
export const startAccess = async (over: Partial<SurfaceDeps> = {}): Promise<AccessServer> => {
  const database = await createTestDatabase();
  const { app } = await makeSurfaces(
    database.pool,
    async () => {
      throw new Error('no events are sent here');
    },
    { onMistake: (error: unknown) => console.error(error), ...over },
  );
  const browser = (): Browser => {
    const cookies = new Map<string, string>();
    peers += 1;
    const remoteAddress = `10.1.${Math.floor(peers / 250)}.${(peers % 250) + 1}`;
    return {
      cookies,
      async ask(method, path, payload, headers = {}) {
        const reply = await app.inject({
          method,
          url: path,
          remoteAddress,
          headers: {
            host: 'localhost:4600',
            'x-baton': '1',
            'user-agent': 'Firefox of a test',
            ...(cookies.size === 0
              ? {}
              : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
            ...headers,
          },
          ...(payload === undefined ? {} : { payload }),
        });
        for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
          const [name = '', value = ''] = (line.split(';')[0] as string).split('=');
          if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
          else cookies.set(name, value);
        }
        const isJson = reply.headers['content-type']?.toString().includes('json') === true;
        return { status: reply.statusCode, json: isJson ? reply.json() : null, reply };
      },
    };
  };
  return {
    database,
    app,
    browser,
    async stop() {
      await app.close();
      await database.drop();
    },
  };
};

import type { AddressInfo } from 'node:net';
import { makeKeyRing } from '../../apps/server/src/access/keyRing.ts';
import { createSignInLink, makeSessions } from '../../apps/server/src/access/signIn.ts';
import type { TestDatabase } from '../../apps/server/src/database/testDatabase.ts';
import { registerAccessRoutes } from '../../apps/server/src/http/api/accessRoutes.ts';
import { createHttpServer } from '../../apps/server/src/http/createHttpServer.ts';
import { startFeedReader } from '../../apps/server/src/http/live/feedReader.ts';
import { registerHandoffRoutes } from '../../apps/server/src/http/live/handoffRoutes.ts';
import { registerLiveRoutes } from '../../apps/server/src/http/live/liveRoutes.ts';
import { serveWeb } from '../../apps/server/src/http/live/serveWeb.ts';

/** The real server's page surface on a free port, over one test database. */
export type WebServer = {
  readonly url: string;
  readonly link: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

export const startWebServer = async (
  database: Pick<TestDatabase, 'pool' | 'connection'>,
  port = 0,
): Promise<WebServer> => {
  const { pool, connection } = database;
  const app = createHttpServer({
    host: '127.0.0.1',
    publicUrl: null,
    trustedProxies: [],
    onMistake: (error) => console.error(error),
  });
  const now = (): number => Date.now();
  const deps = { pool, findKey: makeKeyRing(pool, now), sessions: makeSessions(pool, now) };
  const feed = await startFeedReader(pool, connection, (error) => console.error(error));
  registerAccessRoutes(app, { ...deps, now, secure: false });
  registerHandoffRoutes(app, deps);
  registerLiveRoutes(app, { ...deps, feed });
  await serveWeb(app);
  await app.listen({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    link: async () => `${url}/?key=${(await createSignInLink(pool)).token}`,
    stop: async () => {
      await app.close();
      await feed.stop();
    },
  };
};

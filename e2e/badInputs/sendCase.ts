import { expect } from 'vitest';
import type { BadInput } from './catalogue.ts';
import { type Answered, ask, basic, type TestServer } from './testServer.ts';

/** Where the catalogue's placeholders are served. */
const PLACES = { '{ingest}': '/v1', '{app}': '/api/v1', '{forms}': '/forms' } as const;

/** A path of the catalogue as this server has it; `more` fills what is left in braces. */
export const pathOf = (bad: BadInput, more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({ ...PLACES, ...more }).reduce((path, [name, place]) => path.replace(name, place), bad.send.path);

/** Who the catalogue's actors are here. */
export const authOf = (server: TestServer, bad: BadInput): Record<string, string> => {
  if (bad.as.startsWith('ingest-key')) return { authorization: basic(server.writeKey) };
  if (bad.as === 'public') return {};
  return { cookie: server.cookie, 'x-baton': '1' };
};

/** What is sent instead of what the case says. */
export type Instead = {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
};

/** Sends a case and expects one of its statuses within its time. */
export const sendCase = async (server: TestServer, bad: BadInput, instead: Instead = {}): Promise<Answered> => {
  const { send } = bad;
  const body = instead.body ?? send.raw ?? (send.json === undefined ? undefined : JSON.stringify(send.json));
  const answered = await ask(server, instead.path ?? pathOf(bad), {
    method: bad.method,
    headers: {
      ...authOf(server, bad),
      ...(send.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...send.headers,
      ...instead.headers,
    },
    ...(body === undefined || bad.method === 'GET' ? {} : { body: body as BodyInit }),
    limitMs: bad.limitMs,
  });
  expect(bad.expected.status, `${bad.id}: ${answered.text.slice(0, 200)}`).toContain(answered.status);
  return answered;
};

/** How many rows a table has, for what must not change. */
export const count = async (
  server: TestServer,
  table: 'event' | 'quarantine' | 'contact' | 'handoff',
): Promise<number> =>
  (await server.database.pool.query<{ n: number }>(`select count(*) as n from ${table}`)).rows[0]?.n ?? 0;

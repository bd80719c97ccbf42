import type { Scope } from '@baton/contract/operation.ts';
import type { FastifyInstance } from 'fastify';
import { createKey } from '../../access/keys.ts';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import type { Node } from '../../intake/intakeFixture.ts';
import { makeSurfaces } from '../httpFixture.ts';
import type { ApiDeps } from './implement.ts';

/** An answer of the API; `json` is null where it has no body. */
export type Asked = { readonly status: number; readonly json: ReturnType<typeof JSON.parse> };

/** Asks the API with a path below `/api/v1`, by default with the company's own key. */
export type Ask = (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, by?: string) => Promise<Asked>;

/** A company with a policy in force, a node and the API over both. */
export type TestApi = {
  readonly database: TestDatabase;
  readonly node: Node;
  readonly app: FastifyInstance;
  readonly api: ApiDeps;
  readonly ask: Ask;
  /** A key that may only read: no scope that a test asks for beyond those of every secret key. */
  readonly reader: string;
  readonly stop: () => Promise<void>;
};

/** Starts it; a test registers the routes it is about. Its key has the scopes, or those of every secret key. */
export const startApi = async (policy: string, scopes?: readonly Scope[]): Promise<TestApi> => {
  const { database, node } = await startCompany(policy);
  const { pool } = database;
  const wanted = { name: 'staff', kind: 'secret', by: 'test', ...(scopes === undefined ? {} : { scopes }) } as const;
  const { key } = await createKey(pool, wanted);
  const { key: reader } = await createKey(pool, { name: 'backend', kind: 'secret', by: 'test' });
  const { app, api } = await makeSurfaces(pool, node.intake.submit);
  const ask: Ask = async (method, path, payload, by = key) => {
    const reply = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { host: 'localhost', authorization: `Bearer ${by}` },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: reply.statusCode, json: reply.body === '' ? null : reply.json() };
  };
  const stop = async (): Promise<void> => {
    await app.close();
    await node.intake.stop();
    await database.drop();
  };
  return { database, node, app, api, ask, reader, stop };
};

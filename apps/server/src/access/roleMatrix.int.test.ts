import type { Operation } from '@baton/contract/operation.ts';
import { OPERATIONS } from '@baton/contract/operations.ts';
import { mayDo, PERMISSIONS, type Permission, ROLES, type Role } from '@baton/domain/access/roles.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { furnish, offeringPolicy, putInForce } from '../intake/intakeFixture.ts';
import { type RunningServer, startServer } from '../startServer.ts';
import { signIn } from './accountFixture.ts';
import { createKey } from './keys.ts';

let database: TestDatabase;
let server: RunningServer;
let key: string;
/** A contact and a handoff of it that is rep 1's: everybody who may read at all may read these. */
const made = { contact: 0, handoff: 0 };

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  await putInForce(database.pool, offeringPolicy());
  server = await startServer({ config: readConfig({ BATON_PORT: '0' }), connection: database.connection });
  ({ key } = await createKey(database.pool, { name: 'matrix', kind: 'secret', by: 'test' }));
  const send = async (path: string, body: object) => {
    const reply = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const json = (await reply.json()) as { contactId: number; handoffId: number };
    expect([path, reply.status, json]).toEqual([path, 200, json]);
    return json;
  };
  await send('/api/v1/events', {
    batch: [{ type: 'identify', userId: 'm1', traits: { email: 'lead@firm.example' } }],
  });
  const { rows } = await database.pool.query<{ id: number }>('select id from contact order by id limit 1');
  made.contact = rows[0]?.id ?? 0;
  made.handoff = (await send(`/api/v1/contacts/${made.contact}/own-lead`, { as: 1, note: 'matrix' })).handoffId;
  expect(made.handoff).toBeGreaterThan(0);
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** What is asked by path instead of by number, and the numbers of what is there. */
const pathOf = ({ path, about }: Operation): string =>
  path
    .replace(
      ':id',
      String(
        path.includes('/teams/')
          ? 'inbound'
          : about === 'handoff'
            ? made.handoff
            : about?.endsWith('contact')
              ? made.contact
              : 1,
      ),
    )
    .replace(':repId', '1')
    .replace(':timeOff', '1')
    .replace(':channel', 'email')
    .replace(':name', 'qualified');

/** Done, they would take long or end what the other cases need; who may is asked with a body that is refused, or not at all. */
const NOT_DONE: { readonly [operation: string]: string } = {
  'start-demo': 'loads a company of thousands; e2e/webDemo does it',
  'begin-my-passkey': 'needs a host name that is no number; signIn and e2e/access do it',
};

/** Bodies of what looks for its key in there, too. */
const BODIES: { readonly [operation: string]: string } = { 'segment-batch': '{"batch":[{"type":"track"}]}' };

const ask = async (operation: Operation, role: Role | null) => {
  const headers = role === null ? {} : (await signIn(database, [role], role === 'rep' ? repOne() : {})).headers;
  // nothing that is well-formed: who may gets as far as to be told so, and nothing changes
  const body = BODIES[operation.id] ?? (operation.body === undefined ? '{}' : '{"unknown":[]}');
  const reply = await fetch(`${server.url}${pathOf(operation)}`, {
    method: operation.method,
    headers: { ...headers, ...(operation.method === 'POST' ? { 'content-type': 'application/json' } : {}) },
    ...(operation.method === 'POST' ? { body } : {}),
  });
  const text = await reply.text();
  const { code, at } = reply.status >= 400 ? (JSON.parse(text) as { code: string; at?: string }) : {};
  // whose an act may be undone is the table of acts' to say, not that of roles
  return { status: reply.status, code, byRole: code === 'forbidden' && at === operation.permission };
};
let reps = 0;
/** Rep 1 is one account; each further account of the role is a rep that is not there. */
const repOne = () => {
  reps += 1;
  return reps === 1 ? { email: 'rep1@sales.example' } : {};
};

const ANYBODY = ['anybody', 'key', 'signed-in'];
const asked: readonly Operation[] = OPERATIONS;

describe('the table of roles', () => {
  test('names a role for every permission, and every operation names a permission that is in it', () => {
    for (const [permission, { roles }] of Object.entries(PERMISSIONS))
      expect([permission, roles.length > 0]).toEqual([permission, true]);
    for (const { id, access, permission } of asked) {
      expect([id, permission in PERMISSIONS || ANYBODY.includes(permission)]).toEqual([id, true]);
      expect([id, permission === 'anybody']).toEqual([id, access === 'public']);
    }
  });

  test('nobody signs for both teams by one role, and admins sign for none', () => {
    for (const role of ROLES) {
      const signs = (['policy.sign.marketing', 'policy.sign.sales'] as const).filter((one) => mayDo([role], one));
      expect([role, signs.length <= 1]).toEqual([role, true]);
    }
    expect(mayDo(['admin'], 'policy.sign.sales') || mayDo(['admin'], 'policy.sign.marketing')).toBe(false);
  });
});

describe.each(ROLES.map((role) => ({ role })))('as $role', ({ role }) => {
  test.each(asked.filter(({ id }) => NOT_DONE[id] === undefined).map((operation) => ({ id: operation.id, operation })))(
    '$id',
    async ({ operation }) => {
      const { id, permission, method, path } = operation;
      const { status, code, byRole } = await ask(operation, role);
      if (id.startsWith('segment-')) {
        // where events come in nobody looks for a session
        expect([status, code]).toEqual([401, 'unauthorized']);
      } else if (permission === 'key') expect([status, code]).toEqual([403, 'forbidden']);
      else if (permission in PERMISSIONS && !mayDo([role], permission as Permission))
        expect([status, code, byRole]).toEqual([403, 'forbidden', true]);
      else {
        expect(byRole || (status === 401 && code === 'unauthorized')).toBe(false);
        if (method === 'GET' && !path.includes(':')) expect(status).toBeLessThan(300);
      }
    },
  );
});

describe('as nobody', () => {
  test.each(asked.filter(({ access }) => access !== 'public').map((operation) => ({ id: operation.id, operation })))(
    '$id is refused',
    async ({ operation }) => {
      expect(await ask(operation, null)).toMatchObject({ status: 401 });
    },
  );
});

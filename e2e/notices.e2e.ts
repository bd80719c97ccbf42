/** What a rep is told in the app: counted, marked as read, and followed live with nothing missed over a lost connection. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../apps/server/src/access/keys.ts';
import { startTestServer, type TestServer } from './badInputs/testServer.ts';

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ key } = await createKey(server.database.pool, { name: 'live', kind: 'secret', by: 'test' }));
});
afterAll(() => server.stop());

type Heard = {
  readonly id: string | null;
  readonly event: string;
  readonly data: { unread: number; rows: { id: string; handoffId: number }[] };
};

/** Follows the live stream of a rep and keeps what it says. */
const follow = async (repId: number, lastEventId: string | null = null) => {
  const stop = new AbortController();
  const heard: Heard[] = [];
  const answer = await fetch(`${server.url}/api/v1/live?as=${repId}`, {
    headers: { authorization: `Bearer ${key}`, ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }) },
    signal: stop.signal,
  });
  expect(answer.status).toBe(200);
  const read = async () => {
    let text = '';
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const lineOf = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
        const data = lineOf('data');
        if (data !== undefined)
          heard.push({ id: lineOf('id') ?? null, event: lineOf('event') ?? '', data: JSON.parse(data) });
      }
    }
  };
  const done = read().catch(() => undefined);
  return {
    heard,
    notices: () => heard.filter(({ event }) => event === 'notices'),
    lastId: () => heard.findLast(({ id }) => id !== null)?.id ?? null,
    stop: async () => {
      stop.abort();
      await done;
    },
  };
};

let people = 0;
/** Five people of five companies ask for a demo: each of the five reps gets one. */
const round = async () => {
  const batch = Array.from({ length: 5 }, () => {
    people += 1;
    const userId = `n${people}`;
    return [
      { type: 'identify', userId, traits: { email: `a@notice${people}.example`, name: `Person ${people}` } },
      { type: 'track', userId, event: 'Demo Requested' },
    ];
  }).flat();
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
};
const ask = async (path: string, body?: object) => {
  const answer = await fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  return { status: answer.status, json: (await answer.json()) as any };
};

test('a rep’s stream tells each notice once it is committed, with the count; what was missed comes again after the last id', async () => {
  const stream = await follow(1);
  await expect.poll(() => stream.notices()[0]?.data).toEqual({ unread: 0, rows: [] });
  await round();
  await expect.poll(() => stream.notices().length, { timeout: 10_000 }).toBe(2);
  const first = stream.notices()[1]?.data;
  expect(first).toMatchObject({ unread: 1, rows: [{ about: 'assigned', readAt: null }] });
  await expect.poll(() => stream.lastId()).not.toBeNull();
  const last = stream.lastId();
  await stream.stop();

  await round();
  await round();
  const again = await follow(1, last);
  await expect
    .poll(() => again.notices().flatMap(({ data }) => data.rows.map(({ id }) => id)).length, { timeout: 10_000 })
    .toBe(2);
  const missed = again.notices().flatMap(({ data }) => data.rows.map(({ id }) => id));
  expect(missed).not.toContain(first?.rows[0]?.id);
  expect(again.notices().at(-1)?.data.unread).toBe(3);
  await again.stop();
});

test('notices are listed, counted and marked, for their rep alone; other open pages of the rep hear of it', async () => {
  const mine = await ask('/api/v1/notices?as=1&limit=2');
  expect(mine.json).toMatchObject({ unread: 3, nextCursor: expect.any(String) });
  const rest = await ask(`/api/v1/notices?as=1&cursor=${mine.json.nextCursor}`);
  const ids = [...mine.json.rows, ...rest.json.rows].map((row: { id: string }) => row.id);
  expect(new Set(ids).size).toBe(3);
  const stream = await follow(1);
  await expect.poll(() => stream.notices().length).toBe(1);
  expect((await ask('/api/v1/notices/read', { ids: [ids[0]], as: 1 })).json).toEqual({ read: 1, unread: 2 });
  await expect.poll(() => stream.notices().at(-1)?.data.unread, { timeout: 10_000 }).toBe(2);
  expect((await ask('/api/v1/notices/read', { ids: [ids[0]], as: 1 })).json).toEqual({ read: 0, unread: 2 });
  expect((await ask('/api/v1/notices/read', { ids: [ids[1]], as: 2 })).json).toEqual({ read: 0, unread: 3 });
  expect((await ask('/api/v1/notices?as=1&unread=true')).json.rows).toHaveLength(2);
  expect((await ask('/api/v1/notices/read', { all: true, as: 1 })).json).toEqual({ read: 2, unread: 0 });
  for (const wrong of [{}, { ids: [], all: true }, { ids: ['x; drop table'] }, { all: true, as: 99_999 }])
    expect((await ask('/api/v1/notices/read', wrong)).status).toBe(422);
  expect((await ask('/api/v1/notices?cursor=bm9wZQ')).status).toBe(200);
  expect((await ask('/api/v1/notices?as=1&cursor=bm9wZQ')).status).toBe(400);
  await stream.stop();
  expect(server.mistakes).toEqual([]);
});

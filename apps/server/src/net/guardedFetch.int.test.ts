import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { makeGuardedFetch } from './guardedFetch.ts';
import { type Network, parseNetwork } from './ipAddress.ts';
import type { Resolve } from './judgeUrl.ts';

const LOOPBACK = [parseNetwork('127.0.0.1') as Network];
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const serve = async (answer: RequestListener): Promise<number> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** Loopback is allowed here, since the receiver of a test is nowhere else. */
const allowed = (resolve: Resolve = async () => ['127.0.0.1']) => makeGuardedFetch({ networks: LOOPBACK, resolve });

describe('a guarded call', () => {
  test('posts what it is given, and answers what came', async () => {
    const port = await serve(async (request, reply) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      reply.writeHead(201, { 'x-was': request.headers['x-mine'] ?? '' }).end(body.toUpperCase());
    });
    const answer = await allowed()(`http://hook.example:${port}/a`, {
      method: 'POST',
      body: 'grüße',
      headers: { 'x-mine': 'yes' },
    });
    expect([answer.status, answer.body.toString(), answer.headers['x-was'], answer.cut]).toEqual([
      201,
      'GRÜSSE',
      'yes',
      false,
    ]);
  });

  test('connects to the address that was judged, whatever the name leads to a moment later', async () => {
    let asked = 0;
    const port = await serve((_request, reply) => reply.end('reached'));
    const rebinding: Resolve = async () => {
      asked += 1;
      return asked === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
    };
    const answer = await allowed(rebinding)(`http://rebind.example:${port}/`);
    expect([answer.body.toString(), asked]).toEqual(['reached', 1]);
    // the second answer is judged anew, and refused before anything is sent
    await expect(allowed(rebinding)(`http://rebind.example:${port}/`)).rejects.toMatchObject({
      code: 'url-not-allowed',
    });
  });

  test('without a network of the house, nothing inside is reached', async () => {
    let reached = 0;
    const port = await serve((_request, reply) => {
      reached += 1;
      reply.end();
    });
    const guarded = makeGuardedFetch({ networks: [], resolve: async () => ['127.0.0.1'] });
    for (const url of [`https://127.0.0.1:${port}/`, `https://rebind.example:${port}/`, `https://localhost:${port}/`])
      await expect(guarded(url)).rejects.toMatchObject({ code: 'url-not-allowed' });
    expect(reached).toBe(0);
  });

  test('does not follow a redirect', async () => {
    let inside = 0;
    const port = await serve((request, reply) => {
      if (request.url === '/inside') inside += 1;
      reply.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end();
    });
    expect((await allowed()(`http://127.0.0.1:${port}/`)).status).toBe(302);
    expect(inside).toBe(0);
  });

  test('reads no more than it may of an answer without end', async () => {
    const port = await serve((_request, reply) => {
      const more = (): void => {
        while (!reply.destroyed && reply.write(Buffer.alloc(16_384)));
        reply.once('drain', more);
      };
      more();
    });
    const answer = await allowed()(`http://127.0.0.1:${port}/`, { maxBytes: 65_536 });
    expect([answer.cut, answer.body.length]).toEqual([true, 65_536]);
  });

  test.each([
    ['says nothing', () => {}],
    [
      'drips',
      (_request: unknown, reply: { write: (text: string) => void }) => {
        const drip = setInterval(() => reply.write('.'), 50);
        drip.unref();
      },
    ],
  ] as const)('gives up in time on a receiver that %s', async (_what, answer) => {
    const port = await serve(answer as RequestListener);
    const began = performance.now();
    await expect(allowed()(`http://127.0.0.1:${port}/`, { timeoutMs: 300 })).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('gives up in time on a name whose server says nothing', async () => {
    const never = allowed(() => new Promise(() => {}));
    await expect(never('http://slow.example/', { timeoutMs: 100 })).rejects.toThrow();
  });
});

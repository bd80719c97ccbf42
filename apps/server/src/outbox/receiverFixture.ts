import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeGuardedFetch } from '../net/guardedFetch.ts';
import { type Network, parseNetwork } from '../net/ipAddress.ts';
import { type CallRules, resolveBySystem } from '../net/judgeUrl.ts';

/** A call as a receiver got it. */
export type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

export type Receiver = {
  readonly url: string;
  readonly received: Received[];
  /** Changes how it answers from now on. */
  answer: (reply: ServerResponse, received: Received) => void;
  readonly stop: () => Promise<void>;
};

/** Loopback is allowed here, since the receiver of a test is nowhere else. */
export const LOOPBACK_RULES: CallRules = {
  networks: [parseNetwork('127.0.0.1') as Network],
  resolve: resolveBySystem,
};
export const loopbackFetch = makeGuardedFetch(LOOPBACK_RULES);

/** A receiver of webhooks on loopback that keeps what it gets; answers 204 until told otherwise. */
export const startReceiver = async (): Promise<Receiver> => {
  const receiver: Pick<Receiver, 'received' | 'answer'> = {
    received: [],
    answer: (reply) => {
      reply.writeHead(204).end();
    },
  };
  const server = createServer(async (request, reply) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const received = { path: request.url ?? '', headers: request.headers, body };
    receiver.received.push(received);
    receiver.answer(reply, received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
};

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Json } from './slackDouble.ts';

/** What stands in for Slack's Socket Mode in tests: hands out an address to holders of the app's token, and speaks on it. */
export type SocketDouble = {
  readonly apiUrl: string;
  readonly appToken: string;
  /** What was acknowledged, by envelope, with how long it took. */
  readonly acks: Map<string, { readonly payload: Json; readonly tookMs: number }>;
  readonly isConnected: () => boolean;
  /** Sends what Slack sends when somebody clicks (`interactive`) or types a command (`slash_commands`). */
  readonly say: (envelope: string, type: 'interactive' | 'slash_commands', payload: Json) => void;
  /** Ends the connection as Slack does from time to time. */
  readonly drop: () => void;
  readonly stop: () => Promise<void>;
};

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

const frameOf = (opcode: number, payload: Buffer): Buffer => {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
};

/** The first whole frame of what came, unmasked; null while there is none. Frames below 64 kB. */
const readFrame = (bytes: Buffer): { opcode: number; payload: Buffer; rest: Buffer } | null => {
  if (bytes.length < 6) return null;
  const short = (bytes[1] as number) & 0x7f;
  const from = short === 126 ? 4 : 2;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < from + 4 + length) return null;
  const mask = bytes.subarray(from, from + 4);
  const payload = Buffer.from(bytes.subarray(from + 4, from + 4 + length));
  for (let i = 0; i < length; i += 1) payload[i] = (payload[i] as number) ^ (mask[i % 4] as number);
  return { opcode: (bytes[0] as number) & 0xf, payload, rest: bytes.subarray(from + 4 + length) };
};

/** Starts the double on a port of its own. */
export const startSocketDouble = async (): Promise<SocketDouble> => {
  const appToken = 'xapp-1-test';
  const acks = new Map<string, { payload: Json; tookMs: number }>();
  const sentAt = new Map<string, number>();
  let socket: Duplex | null = null;
  const server = createServer((request, response) => {
    const may = request.headers.authorization === `Bearer ${appToken}`;
    const isOpen = request.url === '/api/apps.connections.open';
    const { port } = server.address() as AddressInfo;
    const answer =
      may && isOpen ? { ok: true, url: `ws://127.0.0.1:${port}/link` } : { ok: false, error: 'invalid_auth' };
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const send = (value: Json) => socket?.write(frameOf(TEXT, Buffer.from(JSON.stringify(value))));
  server.on('upgrade', (request, stream) => {
    const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${WEBSOCKET_GUID}`).digest('base64');
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${key}\r\n\r\n`,
    );
    socket = stream;
    let bytes: Buffer = Buffer.alloc(0);
    stream.on('error', () => undefined);
    stream.on('close', () => {
      if (socket === stream) socket = null;
    });
    stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let frame = readFrame(bytes); frame !== null; frame = readFrame(bytes)) {
        bytes = frame.rest;
        if (frame.opcode === PING) stream.write(frameOf(PONG, frame.payload));
        if (frame.opcode === CLOSE) stream.end(frameOf(CLOSE, frame.payload));
        if (frame.opcode !== TEXT) continue;
        const { envelope_id: envelope, payload } = JSON.parse(frame.payload.toString('utf8'));
        acks.set(envelope, { payload: payload ?? null, tookMs: Date.now() - (sentAt.get(envelope) ?? 0) });
      }
    });
    send({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    appToken,
    acks,
    isConnected: () => socket !== null,
    say: (envelope, type, payload) => {
      sentAt.set(envelope, Date.now());
      send({ envelope_id: envelope, type, accepts_response_payload: true, payload });
    },
    drop: () => void socket?.end(frameOf(CLOSE, Buffer.from([0x03, 0xe8]))),
    stop: () =>
      new Promise((resolve) => {
        socket?.destroy();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

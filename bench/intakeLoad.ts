/** Drives the HTTP server over keep-alive sockets with as little CPU of our own as can be: it runs on the same machine. */
import { connect, type Socket } from 'node:net';

/** One prepared request as bytes, and how many events it holds. */
export type Prepared = { readonly bytes: Buffer; readonly events: number };

/** Makes a request of Segment's tracking API. */
export const prepare = (path: string, body: object, key: string, events: number): Prepared => {
  const text = Buffer.from(JSON.stringify(body));
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
    `Authorization: Basic ${Buffer.from(`${key}:`).toString('base64')}\r\nContent-Length: ${text.length}\r\n\r\n`;
  return { bytes: Buffer.concat([Buffer.from(head), text]), events };
};

/** One socket; requests one after the other. */
class Line {
  readonly #socket: Socket;
  #received = '';
  #wanted: { resolve: (body: string) => void; reject: (error: Error) => void } | null = null;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#wanted?.reject(error));
    this.#socket.on('close', () => this.#wanted?.reject(new Error('the server closed the connection')));
  }

  send(request: Prepared): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#wanted = { resolve, reject };
      this.#socket.write(request.bytes);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#received += chunk;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < headEnd + 4 + length) return;
    const body = this.#received.slice(headEnd + 4, headEnd + 4 + length);
    this.#received = this.#received.slice(headEnd + 4 + length);
    const wanted = this.#wanted;
    this.#wanted = null;
    if (head.startsWith('HTTP/1.1 200')) wanted?.resolve(body);
    else wanted?.reject(new Error(`${head.slice(0, head.indexOf('\r'))} ${body.slice(0, 500)}`));
  }
}

export type Measured = {
  readonly events: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Of requests, in ms, ascending. */
  readonly latencies: readonly number[];
};

export const quantile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;

/** Sends all requests over so many lines at once, each line the next as soon as it is answered. */
export const sendAll = async (port: number, requests: readonly Prepared[], lines: number): Promise<Measured> => {
  const open = Array.from({ length: lines }, () => new Line(port));
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    open.map(async (line) => {
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        const at = performance.now();
        await line.send(request);
        latencies.push(performance.now() - at);
      }
    }),
  );
  for (const line of open) line.close();
  return summed(requests, latencies, (performance.now() - started) / 1000);
};

/** Sends at a steady rate whatever the answers do, and counts the wait for a free line into the latency. */
export const sendSteadily = async (
  port: number,
  requests: readonly Prepared[],
  eventsPerSecond: number,
  lines: number,
): Promise<Measured> => {
  const open = Array.from({ length: lines }, () => new Line(port));
  const free = [...open];
  const queue: { request: Prepared; due: number }[] = [];
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  const started = performance.now();
  let due = started;
  const pump = (): void => {
    while (free.length > 0 && queue.length > 0) {
      const line = free.pop() as Line;
      const { request, due: wasDue } = queue.shift() as { request: Prepared; due: number };
      running.push(
        line.send(request).then(() => {
          latencies.push(performance.now() - wasDue);
          free.push(line);
          pump();
        }),
      );
    }
  };
  for (const request of requests) {
    const wait = due - performance.now();
    if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
    queue.push({ request, due });
    pump();
    due += (request.events / eventsPerSecond) * 1000;
  }
  while (latencies.length < requests.length) await Promise.all(running.splice(0));
  for (const line of open) line.close();
  return summed(requests, latencies, (performance.now() - started) / 1000);
};

const summed = (requests: readonly Prepared[], latencies: number[], seconds: number): Measured => {
  const events = requests.reduce((sum, request) => sum + request.events, 0);
  return { events, seconds, perSecond: events / seconds, latencies: latencies.sort((one, other) => one - other) };
};

import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIPv6 } from 'node:net';
import { type CallRules, judgeUrl } from './judgeUrl.ts';

export type GuardedRequest = {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For everything: name, connection, sending, and all of the answer. 15 s when left out. */
  readonly timeoutMs?: number;
  /** Most bytes of the answer that are read; 64 KiB when left out. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
};

/** `cut`: there was more than `maxBytes`, the rest was not read. Redirects are answers like others: they are not followed. */
export type GuardedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  readonly cut: boolean;
};

/**
 * Calls an address that somebody wrote. Throws UrlNotAllowed where it may not be called, else what Node says of the
 * connection; an `AbortError` when its time was up.
 */
export type GuardedFetch = (url: string, request?: GuardedRequest) => Promise<GuardedAnswer>;

const TIMEOUT_MS = 15_000;
const BYTES_MAX = 64 * 1_024;

/**
 * Makes the one way by which Baton calls addresses that people wrote (webhooks, calendars, cards): each is judged with all
 * that its name leads to, and the connection goes to the judged address, whatever DNS says a moment later.
 */
export const makeGuardedFetch =
  (rules: CallRules): GuardedFetch =>
  async (text, request = {}) => {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    const judged = await orAborted(judgeUrl(text, rules), signal);
    return call(judged.url, judged.addresses, request, signal);
  };

/** DNS can't be stopped: whoever waits goes on without it. */
const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

const call = (
  url: URL,
  addresses: readonly string[],
  request: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedAnswer> =>
  new Promise((resolve, reject) => {
    const max = request.maxBytes ?? BYTES_MAX;
    const judgedOnly: LookupFunction = (_host, options, done) => {
      const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
      const [first] = found;
      if (options.all === true) done(null, found);
      else if (first !== undefined) done(null, first.address, first.family);
    };
    const module = url.protocol === 'https:' ? https : http;
    const sent = module.request(url, {
      method: request.method ?? 'GET',
      headers: {
        'user-agent': 'Baton',
        'accept-encoding': 'identity',
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
      lookup: judgedOnly,
      // a connection of its own: none that was opened before an address was judged is used again
      agent: false,
      signal,
      maxHeaderSize: 16 * 1_024,
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = (cut: boolean): void => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).subarray(0, max),
          cut,
        });
      };
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= max) return;
        finish(true);
        sent.destroy();
      });
      answer.on('end', () => finish(false));
      answer.on('error', reject);
    });
    sent.end(request.body);
  });

import { isIPv6 } from 'node:net';

/** Takes one turn for a key, if it may: 0, or the seconds to wait. `giveBack`: the turn shall not count after all. */
export type RateLimit = ((key: string) => number) & { readonly giveBack: (key: string) => void };

const KEYS_MAX = 50_000;
const MINUTE_MS = 60_000;

/**
 * At most `perMinute` turns a minute for each key in the long run and `burst` at once, counted on this node (a token
 * bucket). `now` in epoch ms.
 */
export const makeRateLimit = (perMinute: number, burst: number, now: () => number): RateLimit => {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const take = (key: string): number => {
    const at = now();
    const before = buckets.get(key);
    const tokens =
      before === undefined ? burst : Math.min(burst, before.tokens + ((at - before.at) * perMinute) / MINUTE_MS);
    buckets.delete(key);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    if (buckets.size > KEYS_MAX) buckets.delete(buckets.keys().next().value as string);
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil(((1 - tokens) * MINUTE_MS) / perMinute / 1000));
  };
  const giveBack = (key: string): void => {
    const bucket = buckets.get(key);
    if (bucket !== undefined) bucket.tokens = Math.min(burst, bucket.tokens + 1);
  };
  return Object.assign(take, { giveBack });
};

/** What one sender is known by: its IPv4 address, or the /64 that an IPv6 sender has for itself. */
export const senderOf = (ip: string): string => (isIPv6(ip) ? ip.split(':').slice(0, 4).join(':') : ip);

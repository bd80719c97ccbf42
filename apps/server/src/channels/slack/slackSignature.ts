import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack's own window: what is older was kept and sent again by somebody. */
const WINDOW_S = 300;

/** Why a request is not Slack's, or null where it is. Signed over the bytes as they came; constant in time. `now`: epoch ms. */
export const judgeSlackSignature = (
  secret: string,
  headers: { readonly timestamp: string | undefined; readonly signature: string | undefined },
  body: Uint8Array,
  now: number,
): 'missing' | 'stale' | 'forged' | null => {
  const { timestamp, signature } = headers;
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return 'missing';
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
  return Math.abs(now / 1_000 - Number(timestamp)) > WINDOW_S ? 'stale' : null;
};

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HandoffId, RepId } from '@baton/domain/kernel/ids.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';

/** What a link in a message stands for: this rep, about this handoff, by this delivery. */
export type ActionClaim = {
  readonly handoffId: HandoffId;
  readonly repId: RepId;
  readonly deliveryId: number;
  readonly madeAt: Instant;
};

/** Links of a message work so long after it was made; a promise is days, not weeks. */
export const TOKEN_MAX_MS = 14 * DAY_MS;

/** A judged token: good, or once good and too old now, or never one of ours. */
export type TokenJudged = { readonly is: 'good' | 'expired'; readonly claim: ActionClaim } | { readonly is: 'forged' };

const PART = /^[0-9a-z]{1,11}$/;

/** The signed token of a claim: four numbers and their HMAC, about 75 characters that are safe in an address. */
export const makeActionToken = (claim: ActionClaim, secret: Uint8Array): string => {
  const head = [claim.handoffId, claim.repId, claim.deliveryId, claim.madeAt].map((n) => n.toString(36)).join('.');
  return `${head}.${sign(head, secret)}`;
};

/** Judges a token in constant time; pure. `now`: epoch ms. */
export const judgeActionToken = (token: string, now: Instant, secret: Uint8Array): TokenJudged => {
  const parts = token.split('.');
  const signature = Buffer.from(parts.pop() ?? '');
  const expected = Buffer.from(sign(parts.join('.'), secret));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return { is: 'forged' };
  if (parts.length !== 4 || !parts.every((part) => PART.test(part))) return { is: 'forged' };
  const [handoffId = 0, repId = 0, deliveryId = 0, madeAt = 0] = parts.map((part) => Number.parseInt(part, 36));
  const claim: ActionClaim = { handoffId, repId, deliveryId, madeAt };
  return { is: now - madeAt > TOKEN_MAX_MS ? 'expired' : 'good', claim };
};

const sign = (head: string, secret: Uint8Array): string =>
  createHmac('sha256', secret).update(`action\n${head}`).digest('base64url');

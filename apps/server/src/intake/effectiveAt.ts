import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';

/** When an event counts, and whether its sender's clock named an instant more than a day after its arrival. */
export type Effective = { readonly at: Instant; readonly fromFuture: boolean };

/**
 * min(arrival, the sender's timestamp corrected by its sentAt): a clock that is wrong by d is wrong by d in both, so
 * arrival - (sentAt - timestamp) is right. Never later than the arrival; never before 1970.
 */
export const effectiveAt = (receivedAt: Instant, timestamp: Instant | null, sentAt: Instant | null): Effective => {
  if (timestamp === null) return { at: receivedAt, fromFuture: false };
  const corrected = sentAt === null ? timestamp : receivedAt - (sentAt - timestamp);
  return { at: Math.max(0, Math.min(receivedAt, corrected)), fromFuture: corrected > receivedAt + DAY_MS };
};

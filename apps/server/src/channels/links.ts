import type { Delivery } from '../outbox/sender.ts';
import { makeActionToken } from './actionToken.ts';

/** Where people reach Baton, and the secret that their links are signed with. */
export type LinkMaker = {
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly secret: Uint8Array;
};

/** The page of a handoff, for who is signed in. */
export const handoffAddress = ({ publicUrl }: LinkMaker, handoffId: number): string =>
  `${publicUrl}/handoffs/${handoffId}`;

/** The signed page of a delivery to a rep, on which they act without signing in; null for a place or without a handoff. */
export const actionAddress = (links: LinkMaker, delivery: Delivery): string | null =>
  delivery.repId === null || delivery.handoffId === null
    ? null
    : `${links.publicUrl}/act/${makeActionToken(
        {
          handoffId: delivery.handoffId,
          repId: delivery.repId,
          deliveryId: delivery.id,
          madeAt: delivery.createdAt,
        },
        links.secret,
      )}`;

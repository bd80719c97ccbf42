import type { People } from '@baton/domain/assignment/assignment.ts';
import type { Pool } from 'pg';
import type { DeliveryChannel } from '../../outbox/sender.ts';
import { makeDigests } from './makeDigests.ts';

const LOOK_EVERY_MS = 60_000;

/** Looks each minute whose morning has come. Nothing is asked while no channel could carry a digest. */
export const startDigests = (
  pool: Pool,
  deps: {
    readonly people: () => Promise<People>;
    readonly channels: readonly DeliveryChannel[];
    readonly now: () => number;
    readonly onMade: () => void;
    readonly onError: (error: unknown) => void;
  },
): { readonly stop: () => Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const made = await makeDigests(pool, await deps.people(), deps.channels, deps.now());
    if (made > 0) deps.onMade();
  };
  const timer =
    deps.channels.length === 0
      ? undefined
      : setInterval(() => {
          running = running.then(look).catch(deps.onError);
        }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
};

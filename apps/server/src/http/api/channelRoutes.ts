import { listChannels, testChannel } from '@baton/contract/channels.ts';
import type { FastifyInstance } from 'fastify';
import type { Channels } from '../../channels/openChannels.ts';
import { type ApiDeps, implement } from './implement.ts';

/** Registers the list of channels and their tests by hand. */
export const registerChannelRoutes = (
  app: FastifyInstance,
  deps: ApiDeps & { readonly channels: Pick<Channels, 'list' | 'test'> },
): void => {
  implement(app, deps, listChannels, async () => ({ rows: await deps.channels.list() }));
  implement(app, deps, testChannel, ({ params, body }) => deps.channels.test(params.channel, body.to));
};

import { z } from 'zod/mini';
import { operation } from './operation.ts';

/** The demo company as it stands: whether its data is there, and whether its events are still arriving. */
export const DemoState = z.object({ loaded: z.boolean(), running: z.boolean() });
export type DemoState = z.output<typeof DemoState>;

export const startDemo = operation({
  id: 'start-demo',
  method: 'POST',
  path: '/api/v1/demo',
  say: 'Load the demo company and let its events keep arriving; does nothing where it is loaded already',
  access: 'session',
  reply: DemoState,
  status: 201,
  errors: ['conflict'],
});

import { z } from 'zod/mini';
import { operation } from './operation.ts';

/** What the demo company holds. */
export const DemoLoaded = z.object({ people: z.int(), events: z.int(), handoffs: z.int(), reps: z.int() });
export type DemoLoaded = z.output<typeof DemoLoaded>;

export const startDemo = operation({
  id: 'start-demo',
  method: 'POST',
  path: '/api/v1/demo',
  say: 'Load the generated demo company into an empty one; asked again it adds nothing twice',
  access: 'session',
  reply: DemoLoaded,
  status: 201,
  errors: ['conflict'],
});

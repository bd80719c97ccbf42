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
  permission: 'demo.run',
  reply: DemoLoaded,
  status: 201,
  errors: ['conflict'],
});

/** Whether a demo company is here: not at all, on its way, or as a whole. */
export const DemoState = z.object({ state: z.enum(['none', 'loading', 'loaded']) });
export type DemoState = z.output<typeof DemoState>;

export const readDemo = operation({
  id: 'read-demo',
  method: 'GET',
  path: '/api/v1/demo',
  say: 'Say whether the generated demo company is loaded',
  access: 'session',
  permission: 'signed-in',
  reply: DemoState,
  status: 200,
  errors: [],
});

/** What went with the demo. `repsKept`: reps that stay, switched off, because a contact of the company's own was theirs. */
export const DemoRemoved = z.object({ people: z.int(), handoffs: z.int(), repsKept: z.int() });
export type DemoRemoved = z.output<typeof DemoRemoved>;

export const removeDemo = operation({
  id: 'remove-demo',
  method: 'DELETE',
  path: '/api/v1/demo',
  say: 'Take away all that the demo made, and nothing else; asked again it takes nothing',
  access: 'session',
  permission: 'demo.run',
  reply: DemoRemoved,
  status: 200,
  errors: [],
});

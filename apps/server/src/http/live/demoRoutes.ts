import { startDemo } from '@baton/contract/demo.ts';
import type { FastifyInstance } from 'fastify';
import { type DemoDeps, loadDemo } from '../../demo/loadDemo.ts';
import { type ApiDeps, implement } from '../api/implement.ts';
import { HttpProblem } from '../httpProblem.ts';

/** Registers the button of the first page: load the generated company. Asked twice at once, both wait for one load. */
export const registerDemoRoutes = (app: FastifyInstance, deps: ApiDeps, demo: DemoDeps): void => {
  let loading: ReturnType<typeof loadDemo> | null = null;
  implement(app, deps, startDemo, async () => {
    loading ??= loadDemo(demo).finally(() => {
      loading = null;
    });
    const loaded = await loading;
    if (!loaded.ok) throw new HttpProblem('conflict', loaded.error.say);
    const { people, events, handoffs, reps } = loaded.value;
    return { people, events, handoffs, reps };
  });
};

import * as contract from '@baton/contract/demo.ts';
import type { FastifyInstance } from 'fastify';
import { loadDemoRecord } from '../../demo/demoRecord.ts';
import { type DemoDeps, loadDemo } from '../../demo/loadDemo.ts';
import { removeDemo } from '../../demo/removeDemo.ts';
import { type ApiDeps, implement } from '../api/implement.ts';
import { HttpProblem } from '../httpProblem.ts';

/**
 * Registers what the page does with the generated company: load it, ask whether it is there, remove it. Asked to load
 * twice at once, both wait for one load.
 */
export const registerDemoRoutes = (app: FastifyInstance, deps: ApiDeps, demo: DemoDeps): void => {
  let loading: ReturnType<typeof loadDemo> | null = null;
  implement(app, deps, contract.startDemo, async () => {
    loading ??= loadDemo(demo).finally(() => {
      loading = null;
    });
    const loaded = await loading;
    if (!loaded.ok) throw new HttpProblem('conflict', loaded.error.say);
    const { people, events, handoffs, reps } = loaded.value;
    return { people, events, handoffs, reps };
  });
  implement(
    app,
    deps,
    contract.readDemo,
    async (): Promise<contract.DemoState> => ({
      state: (await loadDemoRecord(demo.pool))?.state ?? 'none',
    }),
  );
  implement(app, deps, contract.removeDemo, async () => {
    await loading?.catch(() => undefined);
    return (await removeDemo(demo)) ?? { people: 0, handoffs: 0, repsKept: 0 };
  });
};

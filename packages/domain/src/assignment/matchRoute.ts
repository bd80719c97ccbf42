import type { RouteRule } from '../policy/document.ts';
import { testCondition } from '../policy/evaluate.ts';
import type { RouteRequest } from './route.ts';

/** Whether a route is for this lead, and why. */
export const matchRoute = (
  { policy, view }: Pick<RouteRequest, 'policy' | 'view'>,
  route: RouteRule,
): { readonly verdict: 'met' | 'not-met' | 'unknown'; readonly say: string } => {
  if (route.when === null) return { verdict: 'met', say: 'everyone' };
  const { verdict, trace } = testCondition(policy, route.when, view);
  return { verdict, say: trace.say };
};

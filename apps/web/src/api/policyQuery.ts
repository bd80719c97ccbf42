import { readPolicyInForce } from '@baton/contract/policyInForce.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from './request.ts';

/** The policy in force; asked again while nobody has published one, because the first run waits for it. */
export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => request(readPolicyInForce, {}, signal),
  refetchInterval: ({ state }) => (state.data?.name === null ? 10_000 : 60_000),
});

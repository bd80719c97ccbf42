import { type Me, readMe } from '@baton/contract/me.ts';
import type { Permission } from '@baton/domain/access/roles.ts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { request } from '../api/request.ts';

/** Who is signed in; asked again each minute, so that other roles and the end of a session reach an open page. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => request(readMe, {}, signal),
  staleTime: 30_000,
  refetchInterval: 60_000,
});

/** Who is signed in; null while it is asked, and for nobody. */
export const useMe = (): Me | null => useQuery(meQuery).data ?? null;

/** True where the one who is signed in has the permission; false while it is asked. */
export const useMay = (permission: Permission): boolean => useMe()?.permissions.includes(permission) === true;

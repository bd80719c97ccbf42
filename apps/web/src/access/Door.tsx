import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLiveState } from '../api/live.ts';
import { statusOf } from '../api/request.ts';
import { Frame } from '../shell/Frame.tsx';
import { SignedOut } from './SignedOut.tsx';
import { meQuery } from './useMe.ts';

/** Pages for whoever is not signed in. */
const OUTSIDE: ReadonlySet<string> = new Set(['/sign-in', '/welcome', '/new-password']);

/**
 * Every page behind the one question who is signed in. A session that ends elsewhere ends its live stream, too: the page
 * asks again as soon as the stream stops, and shows the ways in where the answer is nobody.
 */
export const Door = () => {
  const isOutside = useLocation({ select: ({ pathname }) => OUTSIDE.has(pathname) });
  const { error, refetch } = useQuery({ ...meQuery, enabled: !isOutside });
  const live = useLiveState().kind;
  useEffect(() => {
    if (live === 'paused' && !isOutside) refetch();
  }, [live, isOutside, refetch]);
  if (isOutside) return <Outlet />;
  if (statusOf(error) === 401) return <SignedOut />;
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
};

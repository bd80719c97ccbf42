import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { countsQuery } from '../api/handoffQueries.ts';
import { startLive, useLiveBatches } from '../api/live.ts';

/** Each lead that somebody gets, or loses, changes turns and loads: they are read again, one reading at a time. */
export const useTeamLive = (): void => {
  const queries = useQueryClient();
  const position = useQuery(countsQuery).data?.livePosition;
  useEffect(() => {
    if (position !== undefined) startLive(position);
  }, [position]);
  useLiveBatches(() => {
    for (const part of ['turns', 'reps'])
      queries.invalidateQueries({ queryKey: ['people', part] }, { cancelRefetch: false });
  });
};

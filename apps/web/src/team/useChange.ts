import { useQueryClient } from '@tanstack/react-query';
import { type Act, useAct } from '../access/useAct.ts';

/** An act that changes people: everything that is shown of them is read again before it counts as done. */
export const useChange = <Given extends readonly unknown[]>(
  work: (...given: Given) => Promise<unknown>,
): Act<Given> => {
  const queries = useQueryClient();
  return useAct(async (...given: Given) => {
    await work(...given);
    await queries.invalidateQueries({ queryKey: ['people'] });
  });
};

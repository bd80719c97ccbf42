import { readDemo, removeDemo } from '@baton/contract/demo.ts';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { request } from '../api/request.ts';
import { FailureNote } from '../ui/FailureNote.tsx';

const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => request(readDemo, {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: ({ state }) => (state.data?.state === 'loading' ? 2_000 : false),
});

/** While the demo company is loaded the page says that all of it is made up, and takes it away in one step. */
export const DemoBanner = () => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const demo = useQuery(demoQuery);
  const removal = useMutation({
    mutationFn: () => request(removeDemo, {}),
    onSuccess: async () => {
      await navigate({ to: '/' });
      await client.resetQueries();
    },
  });
  const state = demo.data?.state ?? 'none';
  if (state === 'none') return null;
  return (
    <section aria-label="Demo company" className="border-b border-line bg-surface px-5 py-1.5 text-dense text-text2">
      <div className="flex items-center justify-between gap-4">
        <p>Demo company: everybody here is made up.</p>
        {state === 'loading' ? (
          <p role="status">Its four weeks are still being lived through.</p>
        ) : (
          <button
            type="button"
            className="button shrink-0"
            disabled={removal.isPending}
            onClick={() => removal.mutate()}
          >
            {removal.isPending ? 'Removing demo' : 'Remove demo'}
          </button>
        )}
      </div>
      {removal.isError ? (
        <FailureNote
          what="The demo company could not be removed."
          safe="Nothing was taken away."
          error={removal.error}
          retry={() => removal.mutate()}
        />
      ) : null}
    </section>
  );
};

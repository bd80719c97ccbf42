import { startDemo } from '@baton/contract/demo.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../api/request.ts';
import { FailureNote } from '../ui/FailureNote.tsx';

/** The quickest way to see Baton at work: a made-up company whose events keep arriving. */
export const StartDemo = () => {
  const client = useQueryClient();
  const demo = useMutation({
    mutationFn: () => request(startDemo, {}),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div className="mt-8 border-t border-b border-line py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="text-base font-semibold">Load a demo company</h3>
          <p className="text-dense text-text2">
            Made-up reps and four weeks of made-up contacts; events keep arriving. One press of a button takes it all
            away again.
          </p>
        </div>
        <button type="button" className="button button-primary" disabled={demo.isPending} onClick={() => demo.mutate()}>
          {demo.isPending ? 'Loading demo company' : 'Load demo company'}
        </button>
      </div>
      {demo.isPending ? (
        <p role="status" className="mt-2 text-meta text-text3">
          Four weeks are being lived through. This takes some seconds; the first handoffs show up meanwhile.
        </p>
      ) : null}
      {demo.isError ? (
        <FailureNote
          what="The demo company could not be loaded."
          safe="Your own data was not touched."
          error={demo.error}
          retry={() => demo.mutate()}
        />
      ) : null}
    </div>
  );
};

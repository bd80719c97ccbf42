import { createKey } from '@baton/contract/access.ts';
import { useMutation } from '@tanstack/react-query';
import { request } from '../api/request.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Arrived } from './Arrived.tsx';
import { PolicyNote } from './PolicyNote.tsx';

const callFor = (key: string): string =>
  `curl ${location.origin}/v1/batch \\
  -u ${key}: \\
  -H 'content-type: application/json' \\
  -d '{"batch":[
    {"type":"identify","userId":"812","messageId":"first-1","traits":
      {"email":"jo@northwind.example","title":"VP Operations"}},
    {"type":"track","userId":"812","messageId":"first-2",
      "event":"Demo Requested"}]}'`;

/** The first event by hand: a call to copy, with a write key made for it. */
export const SendEvent = () => {
  const key = useMutation({
    mutationFn: () => request(createKey, { body: { name: 'First events', kind: 'write' } }),
  });
  const call = callFor(key.data?.key ?? 'YOUR_WRITE_KEY');
  return (
    <div>
      <h3 className="text-title font-semibold">Send one event and watch it arrive</h3>
      <p className="mt-1 text-dense text-text2">
        Same calls as Segment’s HTTP API; in an SDK, set <code className="font-mono text-meta text-text">host</code> to
        this server.
      </p>
      <div className="mt-4 border border-line bg-surface">
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-hair py-2 pr-2 pl-4">
          <p className="text-meta text-text3">
            {key.isSuccess
              ? 'The key is shown this once. It only takes events in, and may be public.'
              : 'Needs a write key.'}
          </p>
          <div className="flex gap-2">
            {key.isSuccess ? null : (
              <button type="button" className="button" disabled={key.isPending} onClick={() => key.mutate()}>
                Make a write key
              </button>
            )}
            <CopyButton text={call} what="call" />
          </div>
        </div>
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label="A call that sends two events"
          className="overflow-x-auto p-4"
        >
          <pre className="font-mono text-meta">{call}</pre>
        </section>
      </div>
      {key.isError ? (
        <FailureNote
          what="The key could not be made."
          safe="./baton keys makes one in the terminal."
          error={key.error}
          retry={() => key.mutate()}
        />
      ) : null}
      <PolicyNote />
      <Arrived />
    </div>
  );
};

import { SendEvent } from './SendEvent.tsx';
import { StartDemo } from './StartDemo.tsx';

/** Nothing was handed off yet: says why, and shows two ways to see the first one. It leaves by itself when one arrives. */
export const FirstRun = () => (
  <main className="min-h-0 flex-1 overflow-y-auto">
    <div className="empty-grid mx-auto max-w-page px-5 py-12 roomy:px-12 roomy:py-16">
      <div>
        <h2 className="text-hero font-semibold tracking-tight text-balance">Nobody has qualified yet.</h2>
        <p className="mt-3 max-w-text text-reading text-text2">
          A handoff appears here the moment a contact does what your policy asks for: with its reason, its owner, and
          the time by which somebody owes them an answer.
        </p>
        <StartDemo />
        <p className="mt-8 max-w-text text-dense text-text2">
          Leads in a file? <code className="font-mono text-meta text-text">./baton import FILE --as-of-row</code>{' '}
          decides each as if it had arrived in its own day. Nobody is told.
        </p>
      </div>
      <SendEvent />
    </div>
  </main>
);

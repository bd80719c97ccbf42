import { Mark } from '../ui/Mark.tsx';

/** No session: says how to get one. */
export const SignedOut = () => (
  <main className="mx-auto flex h-dvh max-w-sheet flex-col justify-center px-5 pb-12">
    <Mark />
    <h1 className="mt-4 text-title font-semibold">This page needs the link from the terminal.</h1>
    <p className="mt-2 text-base text-text2">
      Baton prints a link when it starts. It works once and opens a session in this browser. If it was used, or has
      expired, ask for a new one:
    </p>
    <pre className="mt-4 overflow-x-auto border border-line bg-surface px-4 py-3 font-mono text-dense">
      ./baton link
    </pre>
  </main>
);

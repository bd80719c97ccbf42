import { Link } from '@tanstack/react-router';
import { Mark } from '../ui/Mark.tsx';

/** An address that leads nowhere, with the one way back. */
export const NotFound = () => (
  <main className="mx-auto flex h-dvh max-w-sheet flex-col items-start justify-center px-5 pb-12">
    <Mark />
    <h1 className="mt-4 text-title font-semibold">There is no page here.</h1>
    <p className="mt-2 text-base text-text2">The address may be mistyped, or the page may have moved.</p>
    <Link to="/" search={{}} className="button mt-4">
      Show all handoffs
    </Link>
  </main>
);

import { lazy, Suspense } from 'react';

const SignInPage = lazy(() => import('./SignInPage.tsx').then(({ SignInPage: it }) => ({ default: it })));

/** In place of a page, where nobody is signed in: the ways in. Signed in, one is on the page that one asked for. */
export const SignedOut = () => (
  <Suspense fallback={null}>
    <SignInPage />
  </Suspense>
);

import { lazy, type ReactNode, Suspense } from 'react';

const Rail = lazy(() => import('./Rail.tsx').then(({ Rail: it }) => ({ default: it })));

/** The page beside its navigation. The place of the navigation is kept free until it is there: nothing moves. */
export const Frame = ({ children }: { children: ReactNode }) => (
  <div className="frame">
    <nav aria-label="Screens" className="rail">
      <Suspense fallback={null}>
        <Rail />
      </Suspense>
    </nav>
    <div className="frame-page">{children}</div>
  </div>
);

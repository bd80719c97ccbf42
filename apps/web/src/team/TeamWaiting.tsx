import { Bar, useLate } from '../ui/Skeleton.tsx';

/** The shape of what comes, where it takes long enough to be noticed. */
export const TeamWaiting = () => {
  const late = useLate();
  return (
    <main aria-busy="true" className="grid content-start gap-6 p-6">
      {late ? (
        <>
          <p className="sr-only" role="status">
            Reading the team
          </p>
          <Bar width="w-48" />
          <Bar width="w-72" />
          <Bar width="w-full" />
          <Bar width="w-full" />
        </>
      ) : null}
    </main>
  );
};

import { Bar, useLate } from '../ui/Skeleton.tsx';

/** The page's shape while it is read for the first time; nothing at all for the first 150 ms. */
export const LeaksSkeleton = () => {
  const late = useLate();
  if (!late) return null;
  return (
    <div aria-busy="true" className="grid gap-4 p-6">
      <p className="sr-only" role="status">
        Reading the leaks
      </p>
      <Bar width="w-64" />
      <Bar width="w-48" />
      <Bar width="w-full" />
      <Bar width="w-full" />
      <Bar width="w-full" />
    </div>
  );
};

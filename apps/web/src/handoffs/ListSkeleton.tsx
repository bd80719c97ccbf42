import { Bar, useLate } from '../ui/Skeleton.tsx';

const WIDTHS = ['w-40', 'w-56', 'w-48', 'w-64', 'w-44', 'w-52', 'w-60', 'w-40'];

/** The list's shape while it is read for the first time; nothing at all for the first 150 ms. */
export const ListSkeleton = () => {
  const late = useLate();
  if (!late) return null;
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">
        Reading handoffs
      </p>
      {WIDTHS.map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed picture
        <div key={index} className="row-grid row-height border-b border-hair px-5" aria-hidden="true">
          <svg viewBox="0 0 20 20" className="size-5" aria-hidden="true">
            <circle cx="10" cy="10" r="7.5" className="fill-none stroke-sunken" strokeWidth="3.5" />
          </svg>
          <span className="row-clock">
            <Bar width="w-10" />
          </span>
          <span className="row-who gap-2">
            <Bar width={width} />
            <Bar width="w-32" />
          </span>
        </div>
      ))}
    </div>
  );
};

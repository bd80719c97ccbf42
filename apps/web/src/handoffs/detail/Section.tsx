import type { ReactNode } from 'react';

type Props = {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly id: string;
  readonly children: ReactNode;
};

/** One answer of the detail, under its question. */
export const Section = ({ title, aside, id, children }: Props) => (
  <section aria-labelledby={id} className="mt-7 first:mt-0">
    <div className="flex flex-wrap items-baseline justify-between gap-x-4">
      <h3 id={id} className="text-base font-semibold">
        {title}
      </h3>
      {aside === undefined ? null : <p className="text-meta text-text3">{aside}</p>}
    </div>
    {children}
  </section>
);

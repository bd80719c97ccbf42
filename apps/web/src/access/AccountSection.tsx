import type { ReactNode } from 'react';

/** One part of the account: its name, what it is for, and what to do. */
export const AccountSection = ({ title, say, children }: { title: string; say: string; children: ReactNode }) => (
  <section aria-label={title} className="grid gap-3">
    <div>
      <h2 className="text-reading font-semibold">{title}</h2>
      <p className="text-dense text-text2">{say}</p>
    </div>
    {children}
  </section>
);

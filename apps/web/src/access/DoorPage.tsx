import type { ReactNode } from 'react';
import { Mark } from '../ui/Mark.tsx';

/** A page for whoever is not signed in: what it is for, and one column of what to do. */
export const DoorPage = ({ title, children }: { title: string; children: ReactNode }) => (
  <main className="h-dvh overflow-y-auto">
    <div className="mx-auto flex min-h-dvh max-w-menu flex-col justify-center gap-4 px-5 py-12">
      <Mark />
      <h1 className="text-title font-semibold">{title}</h1>
      {children}
    </div>
  </main>
);

import type { ReactNode } from 'react';
import { TopActions } from './TopActions.tsx';

/** The top of a screen: its name, what belongs to the screen, and what every screen has. */
export const ScreenBar = ({ title, children }: { title: string; children?: ReactNode }) => (
  <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-5 room:gap-4">
    <h1 className="text-reading font-semibold">{title}</h1>
    <div className="flex-1" />
    {children}
    <TopActions />
  </header>
);

import { useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useKeys } from '../keys/useKeys.ts';

type Props = { readonly title: string; readonly say: string; readonly back: string; readonly children: ReactNode };

/** What is open beside the team, or in its place where there is no room. `back`: what has the focus once it is closed. */
export const Panel = ({ title, say, back, children }: Props) => {
  const navigate = useNavigate();
  const self = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each panel that opens takes the focus
  useEffect(() => {
    self.current?.focus({ preventScroll: true });
  }, [title]);
  const close = (): void => {
    navigate({ to: '/team', search: ({ rep: _, simulate: __, ...before }) => before });
    requestAnimationFrame(() => document.querySelector<HTMLElement>(back)?.focus());
  };
  useKeys({ close });
  return (
    <article
      ref={self}
      tabIndex={-1}
      aria-label={title}
      className="@container min-h-0 overflow-y-auto border-l border-line bg-surface outline-none"
    >
      <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-3">
        <div className="min-w-0">
          <h2 className="text-reading font-semibold">{title}</h2>
          <p className="text-dense text-text2">{say}</p>
        </div>
        <button type="button" className="icon-button" aria-label="Close (Esc)" title="Close (Esc)" onClick={close}>
          <X className="size-4" strokeWidth={1.5} aria-hidden="true" />
        </button>
      </div>
      <div className="px-5 py-5">{children}</div>
    </article>
  );
};

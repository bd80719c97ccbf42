import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../keys/useKeys.ts';
import { Key } from '../ui/Key.tsx';

const WAIT_MS = 200;

/** Finds handoffs by part of a name, an address or a company; the address bar keeps what was asked. */
export const SearchField = ({ search }: { search: string | undefined }) => {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search ?? '');
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  // The address can change without the field: back, forward, "Show all".
  useEffect(() => {
    if (document.activeElement !== field.current) setText(search ?? '');
  }, [search]);

  const ask = (next: string): void => {
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => {
      const term = next.trim();
      navigate({ to: '.', search: (before) => ({ ...before, q: term === '' ? undefined : term }), replace: true });
    }, WAIT_MS);
  };
  useKeys({
    search: (event) => {
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    },
  });

  return (
    <search className="relative flex min-w-0 flex-1 items-center">
      <Search
        className="pointer-events-none absolute left-2.5 size-3.5 text-text3"
        strokeWidth={1.5}
        aria-hidden="true"
      />
      <input
        ref={field}
        type="search"
        value={text}
        maxLength={200}
        aria-label="Search handoffs by name, address or company"
        placeholder="Search name, address, company"
        onChange={(event) => {
          setText(event.target.value);
          ask(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (text === '') field.current?.blur();
          else {
            setText('');
            ask('');
          }
        }}
        className="h-8 w-full min-w-0 rounded-control border border-line2 bg-surface pr-8 pl-8 text-dense text-text placeholder:text-text3"
      />
      <span className="pointer-events-none absolute right-1.5 max-room:hidden" aria-hidden="true">
        <Key>/</Key>
      </span>
    </search>
  );
};

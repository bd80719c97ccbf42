/** A key as printed beside what it does. */
export const Key = ({ children }: { children: string }) => (
  <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-control border border-line bg-surface px-1 font-mono text-meta text-text2">
    {children}
  </kbd>
);

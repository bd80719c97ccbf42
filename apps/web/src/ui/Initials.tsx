const lettersOf = (name: string): string => {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const last = words.length > 1 ? words.at(-1) : undefined;
  return `${words[0]?.[0] ?? '?'}${last?.[0] ?? ''}`.toUpperCase();
};

/** A person as two letters; decoration beside the name. */
export const Initials = ({ name }: { name: string }) => (
  <span
    aria-hidden="true"
    className="on-tint inline-flex size-5 shrink-0 items-center justify-center rounded-round border border-line bg-sunken text-tiny font-semibold text-text2"
  >
    {lettersOf(name)}
  </span>
);

type Props = { readonly label: string; readonly name: string; readonly maxLength: number };

/** A line or more in somebody's own words; it need not be filled in. */
export const NoteField = ({ label, name, maxLength }: Props) => (
  <label className="grid gap-1">
    <span className="text-dense font-medium">
      {label} <span className="font-normal text-text2">(optional)</span>
    </span>
    <textarea
      name={name}
      rows={2}
      maxLength={maxLength}
      className="w-full min-w-0 rounded-control border border-line2 bg-surface px-3 py-1.5 text-base text-text"
    />
  </label>
);

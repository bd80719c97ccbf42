type Props = {
  readonly value: number;
  readonly possible: number;
  readonly needs: number;
  readonly max: number;
  readonly met: boolean;
};

/** A value beside what is asked of it: bar, what missing facts could still add, and a mark at the threshold. */
export const ThresholdBar = ({ value, possible, needs, max, met }: Props) => {
  const x = (of: number): number => (Math.max(0, of) / max) * 64;
  return (
    <svg viewBox="0 0 64 14" className="h-3.5 w-full" preserveAspectRatio="none" aria-hidden="true">
      <rect x="0" y="4" width="64" height="6" className="fill-line" />
      {possible > value ? (
        <rect x={x(value)} y="4" width={x(possible) - x(value)} height="6" className="fill-warn-soft" />
      ) : null}
      <rect x="0" y="4" width={x(value)} height="6" className={met ? 'fill-text2' : 'fill-line2'} />
      <rect x={Math.min(62.5, x(needs))} y="1" width="1.5" height="12" className="fill-text" />
    </svg>
  );
};

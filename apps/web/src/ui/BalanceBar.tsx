/** A ledger balance: owed to the right in teal, ahead to the left in grey, which is no fault. `share`: -1 to 1, one lead. */
export const BalanceBar = ({ share, strong }: { share: number; strong: boolean }) => {
  const length = Math.max(1, Math.abs(share) * 36);
  return (
    <svg viewBox="0 0 76 16" className="h-4 w-full" preserveAspectRatio="none" aria-hidden="true">
      {share === 0 ? null : (
        <rect
          x={share > 0 ? 38 : 38 - length}
          y="4"
          width={length}
          height="8"
          rx="1"
          className={share > 0 ? (strong ? 'fill-sales' : 'fill-sales-mid') : 'fill-line2'}
        />
      )}
      <rect x="37.5" y="0" width="1" height="16" className="fill-line2" />
    </svg>
  );
};

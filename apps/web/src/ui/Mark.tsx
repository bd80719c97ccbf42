/** Two inks that meet: marketing and sales. */
export const Mark = () => (
  <svg viewBox="0 0 22 16" className="h-4 w-5.5 shrink-0" aria-hidden="true">
    <circle cx="8" cy="8" r="6.25" className="fill-none stroke-mkt" strokeWidth="2.25" />
    <circle cx="14" cy="8" r="6.25" className="fill-none stroke-sales" strokeWidth="2.25" />
  </svg>
);

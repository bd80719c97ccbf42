import { useQuery } from '@tanstack/react-query';
import { policyQuery } from '../api/policyQuery.ts';

/** The agreement's exception, on every screen while it lasts: one person signed the policy in force for both teams. */
export const SingleSignerBanner = () => {
  const { data } = useQuery(policyQuery);
  if (data?.mode !== 'single-signer') return null;
  return (
    <section
      aria-label="Single-signer mode"
      className="border-b border-line bg-surface px-5 py-1.5 text-dense text-text2"
    >
      <p>
        <span className="font-medium text-warn">Single-signer mode:</span> one person signed{' '}
        <span className="font-medium text-text">{data.name}</span> for marketing and sales.
      </p>
    </section>
  );
};

import { useQuery } from '@tanstack/react-query';
import { policyQuery } from '../api/policyQuery.ts';

const STARTER = 'policies/demo-request-only.yaml';

/** Whether anything can qualify at all: which policy is in force, or how to put the smallest one in force. */
export const PolicyNote = () => {
  const { data } = useQuery(policyQuery);
  if (data === undefined) return null;
  if (data.name !== null) {
    return (
      <p className="mt-3 text-dense text-text2">
        Whether it qualifies is for the policy in force to say:{' '}
        <span className="font-medium text-text">{data.name}</span>.
      </p>
    );
  }
  return (
    <p className="mt-3 text-dense text-text2">
      <span className="font-medium text-warn">No policy is in force</span>, so what arrives is kept and nobody qualifies
      yet. The smallest one hands every demo request to the team{' '}
      <code className="font-mono text-meta text-text">inbound</code>: make it with{' '}
      <code className="font-mono text-meta text-text">./baton team add inbound</code>, let both teams sign with{' '}
      <code className="font-mono text-meta text-text">./baton policy sign {STARTER}</code>, then{' '}
      <code className="font-mono text-meta text-text">publish</code>. By it a form or a server with a secret key can ask
      for a demo; a web page with a write key can’t.
    </p>
  );
};

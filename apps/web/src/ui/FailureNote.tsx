import { ApiError } from '@baton/contract/client.ts';
import { statusOf } from '../api/request.ts';

type Props = {
  readonly what: string;
  /** What is not lost. */
  readonly safe: string;
  readonly error: Error | null;
  readonly retry: () => void;
};

const causeOf = (error: Error | null): string => {
  if (error === null) return '';
  return statusOf(error) === null ? 'The page could not read the answer.' : error.message;
};

/** Something failed: what, what is safe, the request's name for whoever looks into it, and one way on. */
export const FailureNote = ({ what, safe, error, retry }: Props) => (
  <div role="alert" className="mx-5 my-4 max-w-text border-l-2 border-breach pl-4">
    <p className="text-base font-semibold">{what}</p>
    <p className="text-dense text-text2">
      {causeOf(error)} {safe}
    </p>
    {error instanceof ApiError && error.problem !== null ? (
      <p className="mt-1 font-mono text-meta text-text3">Request {error.problem.requestId}</p>
    ) : null}
    <button type="button" onClick={retry} className="button mt-3">
      Try again
    </button>
  </div>
);

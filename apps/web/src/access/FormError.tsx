import { ApiError } from '@baton/contract/client.ts';

/** What went wrong with a form, where it is read out. */
export const FormError = ({ error }: { error: Error | null }) => (
  <p role="alert" className={error === null ? 'sr-only' : 'border-l-2 border-breach pl-3 text-dense'}>
    {error === null ? '' : sayOf(error)}
  </p>
);

const sayOf = (error: Error): string => {
  const { problem } = error instanceof ApiError ? error : { problem: null };
  const detail = problem?.detail;
  // "password: Take at least ..." is about the field that stands above
  return detail === undefined ? error.message : detail.replace(/^\w+: /, '');
};

import type { ErrorCode } from '@baton/contract/errorCodes.ts';

/** What more a refusal may say: see the contract's `Problem`. */
export type ProblemFacts = {
  readonly at?: string;
  readonly by?: string;
  readonly limit?: number;
  /** Sent as Retry-After. */
  readonly retryAfterS?: number;
};

/** A request that is refused: thrown anywhere below a route and answered as problem+json by the server. */
export class HttpProblem extends Error {
  readonly code: ErrorCode;
  readonly facts: ProblemFacts;

  constructor(code: ErrorCode, detail: string, facts: ProblemFacts = {}) {
    super(detail);
    this.name = 'HttpProblem';
    this.code = code;
    this.facts = facts;
  }
}

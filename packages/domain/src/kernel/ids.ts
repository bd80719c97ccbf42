/**
 * Names of rows as the core knows them: plain integers (below 2^53) or short texts. The shell hands ids out before it
 * asks for a decision, so that a decision can name what it makes without I/O. A handoff, and the deal and the tasks
 * that a decision makes, take ids from the decision: the handoff's id is the id of the decision that opened it.
 */
export type ContactId = number;
export type CompanyId = number;
export type DecisionId = number;
export type HandoffId = number;
export type DealId = number;
/** Of a row that the database numbered. */
export type TaskId = number;
export type RepId = number;
/** The team's name as the policy writes it, e.g. `inbound`. */
export type TeamId = string;
/** `high`, `standard`, `expansion`, or an intent that the policy names. */
export type Intent = string;
/** A queue without an owner that people claim from, as the policy names it, e.g. `triage`. */
export type QueueId = string;

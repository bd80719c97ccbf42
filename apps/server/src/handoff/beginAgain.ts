/**
 * What a transaction was built on has moved: it must be rolled back and begun again, which has no effect of its own. Bears
 * PostgreSQL's code of a serialization failure, because that is what it is to everybody else.
 */
export class BeginAgain extends Error {
  readonly code = '40001';
}

/** Ends a switch over a closed union: does not compile while a case is missing, throws if data ever lies about its type. */
export const assertNever = (value: never): never => {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
};

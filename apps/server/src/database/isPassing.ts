/** Classes of PostgreSQL errors that pass by themselves: connection, resources, operator intervention, system, conflicts. */
const PASSING = /^(?:08|53|57|58|40|25006|25P03|55000|55P03)/;
const PASSING_SYSTEM: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);

/** True for trouble of the database or the way to it, after which the same may simply be tried again later. */
export const isPassing = (error: unknown): boolean => {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  return (
    PASSING.test(code) ||
    PASSING_SYSTEM.has(code) ||
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after/.test(
      message,
    )
  );
};

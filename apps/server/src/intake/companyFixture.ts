import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { furnish, type Node, putInForce, startNode } from './intakeFixture.ts';

/** A database of its own with five equal reps, a policy in force and a node. Stop the node, then drop the database. */
export const startCompany = async (
  policy: string,
): Promise<{ readonly database: TestDatabase; readonly node: Node }> => {
  const database = await createTestDatabase();
  await furnish(database.pool);
  await putInForce(database.pool, policy);
  return { database, node: startNode(database.pool) };
};

/** Whole numbers below `below`, the same for the same seed (a linear congruential generator), so that a failure repeats. */
export const makeDice = (seed: number) => {
  let state = seed >>> 0;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** The middle of several figures; 0 of none. */
export const median = (figures: readonly number[]): number => {
  const sorted = [...figures].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/** One thing to measure; `run` does `times` of it and answers something that depends on all, so that none is left out. */
export type Contender = { readonly name: string; readonly times: number; readonly run: (times: number) => unknown };

const ROUNDS = 11;
/** Holds the last answer, so that no run is left out for having none. */
const sink: { answer: unknown } = { answer: null };

/**
 * CPU microseconds (of the whole process, garbage collection included) that each contender takes for one: the median
 * of eleven rounds in which the contenders take turns, so that a disturbance hits all alike. Warms up first.
 */
export const cpuMicrosEach = async (contenders: readonly Contender[]): Promise<ReadonlyMap<string, number>> => {
  for (let round = 0; round < 3; round += 1)
    for (const { run, times } of contenders) sink.answer = await run(Math.max(1, Math.floor(times / 2)));
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { name, run, times } of contenders) {
      const before = process.cpuUsage();
      sink.answer = await run(times);
      const { user, system } = process.cpuUsage(before);
      figures.get(name)?.push((user + system) / times);
    }
  return new Map([...figures].map(([name, each]) => [name, median(each)]));
};

type Waiting<Asked, Read> = {
  readonly asked: Asked;
  readonly resolve: (read: Read) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * One read for all that is asked in the same turn. `readAll` answers in the order of what it is asked; where it fails for
 * several, each is asked alone, so that one that can't be read fails by itself.
 */
export const gatherReads = <Asked, Read>(
  readAll: (asked: readonly Asked[]) => Promise<readonly Read[]>,
): ((asked: Asked) => Promise<Read>) => {
  let waiting: Waiting<Asked, Read>[] = [];
  const readLot = async (lot: readonly Waiting<Asked, Read>[]): Promise<void> => {
    try {
      const read = await readAll(lot.map(({ asked }) => asked));
      for (const [index, one] of lot.entries()) one.resolve(read[index] as Read);
    } catch (error) {
      if (lot.length > 1) await Promise.all(lot.map((one) => readLot([one])));
      else lot[0]?.reject(error);
    }
  };
  return (asked) =>
    new Promise<Read>((resolve, reject) => {
      if (waiting.length === 0)
        queueMicrotask(() => {
          const lot = waiting;
          waiting = [];
          void readLot(lot);
        });
      waiting.push({ asked, resolve, reject });
    });
};

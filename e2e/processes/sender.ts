import { randomUUID } from 'node:crypto';

/** One event as it was sent, and what we know of its fate. */
export type SentEvent = { readonly messageId: string; readonly email: string; readonly qualifies: boolean };

/** What the server has acknowledged with a 2xx, and what it may or may not have taken. */
export type Ledger = { readonly acknowledged: Map<string, SentEvent>; readonly doubtful: SentEvent[][] };

/**
 * Sends batches of ten events, one in five a demo request of a new person, from `senders` loops until `stop` aborts.
 * A batch without an answer is kept as doubtful and sent again, with the same message ids, by the next `send`.
 */
export const send = async (
  url: string,
  key: string,
  ledger: Ledger,
  options: { readonly senders: number; readonly stop: AbortSignal },
): Promise<void> => {
  const again = ledger.doubtful.splice(0);
  const loop = async (): Promise<void> => {
    while (!options.stop.aborted) {
      const batch = again.pop() ?? makeBatch();
      if (await deliver(url, key, batch)) for (const event of batch) ledger.acknowledged.set(event.messageId, event);
      else ledger.doubtful.push(batch);
    }
  };
  await Promise.all(Array.from({ length: options.senders }, loop));
  ledger.doubtful.push(...again);
};

const makeBatch = (): SentEvent[] =>
  Array.from({ length: 10 }, (_, at) => {
    const messageId = randomUUID();
    return { messageId, email: `p-${messageId}@${messageId.slice(0, 8)}.example`, qualifies: at % 5 === 0 };
  });

const deliver = async (url: string, key: string, batch: readonly SentEvent[]): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
      body: JSON.stringify({
        batch: batch.map((event) => ({
          type: 'track',
          event: event.qualifies ? 'Demo Requested' : 'Content Downloaded',
          messageId: event.messageId,
          userId: event.email,
          context: { traits: { email: event.email } },
        })),
      }),
      signal: AbortSignal.timeout(10_000),
    });
    await answer.text();
    return answer.ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
};

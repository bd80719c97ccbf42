import { request } from 'node:http';
import { batches } from './intake.ts';
import { makeEvents } from './intakeEvents.ts';
import { type House, openHouse } from './intakeHouse.ts';
import { type Prepared, prepare, quantile, sendAll } from './intakeLoad.ts';
import { atMost, type Bench, row, stated } from './row.ts';

const WARM = 20_000;
const LEADS = 300;
const LEADS_PER_SECOND = 15;
const LIMIT_MS = 250;
const CLIENTS = 20;

/** A page that is open: notes when it was told of each handoff. */
const openPage = (house: House): Promise<{ readonly told: Map<number, number>; readonly close: () => void }> =>
  new Promise((resolve, reject) => {
    const told = new Map<number, number>();
    const asked = request(
      { port: house.port, host: '127.0.0.1', path: '/api/v1/live', headers: { authorization: `Bearer ${house.key}` } },
      (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`the live stream answered ${answer.statusCode}`));
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          const end = text.lastIndexOf('\n\n');
          if (end < 0) return;
          const now = performance.now();
          for (const match of text.slice(0, end).matchAll(/event: change\ndata: (.*)/g)) {
            const { handoffId } = JSON.parse(match[1] ?? '{}') as { handoffId: number };
            if (!told.has(handoffId)) told.set(handoffId, now);
          }
          text = text.slice(end + 2);
        });
        answer.on('error', () => {});
        resolve({ told, close: () => asked.destroy() });
      },
    );
    asked.on('error', reject);
    asked.end();
  });

/** Sends requests evenly over so long, each by a socket of its own, whatever the answers do. */
const sendEvenly = async (port: number, requests: readonly Prepared[], ms: number): Promise<void> => {
  const began = performance.now();
  const running: Promise<unknown>[] = [];
  for (const [n, one] of requests.entries()) {
    const wait = began + (ms * n) / requests.length - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(sendAll(port, [one], 1));
  }
  await Promise.all(running);
};

/** From the moment a lead's event is sent until a page that is open hears of its handoff, while intake has half its load. */
export const benchLive: Bench = async (note) => {
  const house = await openHouse();
  try {
    const events = makeEvents({ visitors: 20_000, ids: 'ordered' });
    const whole = await sendAll(house.port, batches(house, events, WARM), 16);
    note(`full load: ${Math.round(whole.perSecond)} events/s`);
    const pages = await Promise.all(Array.from({ length: CLIENTS }, () => openPage(house)));
    const seconds = LEADS / LEADS_PER_SECOND;
    const steady = Math.round(((whole.perSecond / 2) * seconds) / 100) * 100;
    const load = sendEvenly(house.port, batches(house, events, steady), seconds * 1_000);

    const sent = new Map<string, number>();
    const answered: number[] = [];
    const running: Promise<void>[] = [];
    for (let n = 0; n < LEADS; n += 1) {
      const lead = events.lead() as { readonly messageId: string };
      const at = performance.now();
      sent.set(lead.messageId, at);
      running.push(
        sendAll(house.port, [prepare('/v1/track', lead, house.key, 1)], 1).then(() => {
          answered.push(performance.now() - at);
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 1_000 / LEADS_PER_SECOND));
    }
    await Promise.all(running);
    await load;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const { rows } = await house.pool.query<{ message_key: string; handoff_id: number }>(
      `select s.message_key, h.id as handoff_id from message_seen s
       join event e on e.source_id = s.source_id and e.key = substr(translate(encode(sha256(convert_to(s.source_id || ':' || s.message_key, 'UTF8')), 'base64'), '+/', '-_'), 1, 12)
       join handoff h on h.contact_id = e.contact_id where s.message_key = any($1)`,
      [[...sent.keys()]],
    );
    if (rows.length !== LEADS) throw new Error(`${LEADS} leads made ${rows.length} handoffs`);
    const waits = rows.flatMap(({ message_key, handoff_id }) =>
      pages.map(({ told }) => {
        const heard = told.get(handoff_id);
        if (heard === undefined) throw new Error(`a page was never told of handoff ${handoff_id}`);
        return heard - (sent.get(message_key) ?? 0);
      }),
    );
    waits.sort((one, other) => one - other);
    answered.sort((one, other) => one - other);
    for (const page of pages) page.close();
    return [
      row(
        {
          bench: `live: p99 from a lead's event to ${CLIENTS} open pages, at half load`,
          value: quantile(waits, 0.99),
          unit: 'ms',
          against: `${LIMIT_MS} ms; p50 ${quantile(waits, 0.5).toFixed(0)} ms, its sender was answered at p99 ${quantile(answered, 0.99).toFixed(0)} ms`,
          ratio: quantile(waits, 0.99) / LIMIT_MS,
        },
        atMost(1),
      ),
      stated({ bench: 'live: half load meanwhile', value: whole.perSecond / 2, unit: 'events/s' }),
    ];
  } finally {
    await house.stop();
  }
};

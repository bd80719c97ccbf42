import { batches, checkStored } from './intake.ts';
import { type Mix, makeEvents } from './intakeEvents.ts';
import { type House, openHouse } from './intakeHouse.ts';
import { sendAll } from './intakeLoad.ts';
import { median } from './measure.ts';
import { atLeast, type Bench, row } from './row.ts';

/** How large the large database is; each contact has ten events. Smaller for a quick look: BATON_BENCH_CONTACTS=50000. */
const CONTACTS = Number(process.env.BATON_BENCH_CONTACTS ?? 1_000_000);
const EVENTS_EACH = 10;
const SMALL_VISITORS = 20_000;
const WARM = 20_000;
const MEASURED = 40_000;
const RUNS = 3;

/** Whether intake stays as fast when there is a lot already, with message ids in order of time and with random ones. */
export const benchIntakeFlat: Bench = async (note) => {
  const house = await openHouse();
  try {
    let sent = 0;
    const rateOf = async (mix: Mix): Promise<number> => {
      const events = makeEvents(mix);
      const rates: number[] = [];
      await sendAll(house.port, batches(house, events, WARM), 16);
      sent += WARM;
      for (let n = 0; n < RUNS; n += 1) {
        rates.push((await sendAll(house.port, batches(house, events, MEASURED), 16)).perSecond);
        sent += MEASURED;
      }
      return median(rates);
    };
    const small = await rateOf({ visitors: SMALL_VISITORS, ids: 'ordered' });
    note(`small database: ${Math.round(small)} events/s`);
    const started = performance.now();
    await fill(house);
    note(
      `${CONTACTS} contacts and ${CONTACTS * EVENTS_EACH} events filled in ${Math.round((performance.now() - started) / 1000)} s`,
    );
    const ordered = await rateOf({ visitors: CONTACTS, ids: 'ordered' });
    const random = await rateOf({ visitors: CONTACTS, ids: 'random' });
    await checkStored(house, sent);
    const against = `small database ${Math.round(small)}/s`;
    const bench = `intake: ${CONTACTS / 1000}k contacts, ${(CONTACTS * EVENTS_EACH) / 1000}k events`;
    return [
      row(
        { bench: `${bench}, ordered ids`, value: ordered, unit: 'events/s', against, ratio: ordered / small },
        atLeast(0.75),
      ),
      row(
        { bench: `${bench}, random ids`, value: random, unit: 'events/s', against, ratio: random / small },
        atLeast(0.5),
      ),
    ];
  } finally {
    await house.stop();
  }
};

/** Source of what was filled in, so that it can be told from what was sent. */
const FILLED = 999_998;

/** Writes what years of intake would have left: visitors that are known already, their events, their message ids. */
const fill = async ({ pool }: House): Promise<void> => {
  const first = SMALL_VISITORS * 50;
  const ids = `generate_series(0, ${CONTACTS - 1}) as n`;
  const state =
    `'{"id":' || (n + ${first}) || ',"facts":{},"touches":{"first":{"source":"direct","at":1790000000000,"key":"aaaaaaaaaaaa"},` +
    `"latest":{"source":"direct","at":1790000000000,"key":"aaaaaaaaaaaa"}},"signals":{},"decidedAt":1790000000000}'`;
  await pool.query(`insert into contact (id, source_id, created_at, updated_at, known, state)
    select n + ${first}, ${FILLED}, 1790000000000, 1790000000000, false, ${state} from ${ids}`);
  await pool.query(`insert into identity_key (kind, value, contact_id)
    select 'anonymous', 'visitor-' || n, n + ${first} from ${ids} on conflict do nothing`);
  const properties = `'{"path":"/pricing","url":"https://www.acme.example/pricing","title":"Acme: robots that hand over"}'`;
  for (let part = 0; part < EVENTS_EACH; part += 1) {
    await pool.query(`insert into event (contact_id, effective_at, received_at, recorded_at, source_id, trust, type, key, name, properties)
      select (n::bigint * 7919) % ${CONTACTS} + ${first}, now_ms() - 1000000, now_ms(), now_ms(), ${FILLED}, 's', 'p', substr(md5(n || '${part}'), 1, 12), 'page', ${properties}
      from ${ids}`);
    await pool.query(`insert into message_seen (source_id, message_key, payload_hash)
      select source.id, md5(n || 'm${part}')::uuid::text, '\\x000102030405060708090a0b' from ${ids}, source where source.name = 'bench'`);
  }
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
};

/**
 * A sales floor: a company with reps who have lives, over the real intake, timers, outbox and people of one or two nodes.
 * What happens is drawn from dice; what time it is says the virtual clock.
 */
import { readFileSync } from 'node:fs';
import type { RepAct } from '@baton/domain/handoff/input.ts';
import type { Pool } from 'pg';
import { createPool } from '../../apps/server/src/database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../apps/server/src/database/testDatabase.ts';
import {
  makeDemoRequest,
  makeEvent,
  type Node,
  putInForce,
  starterPolicy,
  startNode,
} from '../../apps/server/src/intake/intakeFixture.ts';
import { reevaluateDue } from '../../apps/server/src/intake/reevaluate.ts';
import type { Delivery, Sender } from '../../apps/server/src/outbox/sender.ts';
import { type Outbox, startOutbox } from '../../apps/server/src/outbox/startOutbox.ts';
import { markAway, markBack } from '../../apps/server/src/people/absences.ts';
import { loadPeople } from '../../apps/server/src/people/loadPeople.ts';
import { addRep, changeRep, deactivateRep } from '../../apps/server/src/people/reps.ts';
import { changeTeam, ensureTeam, setMember } from '../../apps/server/src/people/teams.ts';
import { wakeAvailability } from '../../apps/server/src/people/wakeAvailability.ts';
import { fireDueClocks } from '../../apps/server/src/promises/fireClocks.ts';
import { startVirtualClock, type VirtualClock } from './virtualClock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Monday, 5 January 2026, before anybody works. */
const BEGIN = Date.UTC(2026, 0, 5, 4);

type Dice = (below: number) => number;

/** How somebody works: of a hundred chances to act on a lead of theirs while they are there. */
type Life = { readonly name: string; readonly acts: number; readonly sick: number };

const LIVES: readonly Life[] = [
  { name: 'Ana', acts: 90, sick: 1 },
  { name: 'Ben', acts: 70, sick: 2 },
  { name: 'Cy', acts: 35, sick: 3 },
  // forgets everything
  { name: 'Dan', acts: 4, sick: 1 },
  { name: 'Eli', acts: 60, sick: 8 },
];

/** One server of the company, with connections of its own. */
type Server = { readonly pool: Pool; readonly node: Node };

export type Seen = { sent: number; failed: number; crashes: number; outages: number; leads: number };

export class Floor {
  readonly database: TestDatabase;
  readonly clock: VirtualClock;
  readonly seen: Seen = { sent: 0, failed: 0, crashes: 0, outages: 0, leads: 0 };
  readonly #dice: Dice;
  readonly #nodes: readonly Server[];
  readonly #outbox: Outbox;
  #trouble: unknown = null;
  #slackIsDown = false;
  #people = 0;
  #hired = 0;
  /** Addresses of who works here and is not away for good. */
  readonly #staff = new Map<string, Life>();
  readonly #away = new Set<string>();

  private constructor(database: TestDatabase, clock: VirtualClock, dice: Dice, pools: readonly Pool[]) {
    this.database = database;
    this.clock = clock;
    this.#dice = dice;
    this.#nodes = pools.map((pool) => ({ pool, node: startNode(pool) }));
    const sender = (channel: Sender['channel']): Sender => ({
      channel,
      send: async (delivery) => this.#send(delivery),
    });
    this.#outbox = startOutbox({
      pool: database.pool,
      senders: [sender('email'), sender('slack')],
      asked: async () => new Set(),
      people: () => loadPeople(database.pool as never),
      node: () => 'floor',
      onError: (error) => {
        this.#trouble = error;
      },
    });
  }

  static async open(dice: Dice): Promise<Floor> {
    const database = await createTestDatabase({ max: 12 });
    const clock = await startVirtualClock(database.pool, BEGIN);
    await database.pool.query(`insert into source (name, kind, trust) values
      ('website', 'segment', 'browser'), ('forms', 'form', 'form'), ('app', 'segment', 'server')`);
    // a node's connections can be cut without the other's
    const pools = ['floor-a', 'floor-b'].map((name) => createPool(database.connection, { max: 4, name }));
    for (const pool of pools) pool.on('error', () => {});
    const floor = new Floor(database, clock, dice, pools);
    await floor.#furnish();
    return floor;
  }

  async close(): Promise<void> {
    await this.#outbox.stop();
    for (const { node, pool } of this.#nodes) {
      await node.intake.stop().catch(() => {});
      await pool.end().catch(() => {});
    }
    await this.database.drop();
  }

  /** One of the servers, or either as the dice fall. */
  #server(index = this.#dice(this.#nodes.length)): Server {
    return this.#nodes[index] as Server;
  }

  #deps(index?: number) {
    const { pool, node } = this.#server(index);
    return { pool, references: node.references, ids: node.ids };
  }

  async #furnish(): Promise<void> {
    const { pool } = this.database;
    const hours = { timeZone: 'Europe/Berlin', hours: 'Mon-Fri 08:00-12:00 13:00-17:00', holidays: 'DE' };
    for (const team of ['inbound', 'dach', 'partners', 'ae']) must(await ensureTeam(pool, team, null));
    must(await addRep(pool, { name: 'Mia Manager', email: 'mia@sales.example', selling: false }));
    for (const life of LIVES) await this.#hire(life);
    for (const team of ['inbound', 'dach'])
      must(await changeTeam(this.#deps(0), team, { ...hours, manager: 'mia@sales.example' }));
    const policies = new URL('../../policies/', import.meta.url);
    await putInForce(pool, starterPolicy('fit-and-engagement'), (file) => readFileSync(new URL(file, policies)));
  }

  async #hire(life: Life): Promise<void> {
    const { pool } = this.database;
    const email = `${life.name.toLowerCase().replaceAll(' ', '')}@sales.example`;
    must(await addRep(pool, { name: life.name, email }));
    must(
      await changeRep(this.#deps(0), email, {
        timeZone: 'Europe/Berlin',
        hours: 'Mon-Fri 08:00-17:00',
        holidays: 'DE-BY',
        manager: 'mia@sales.example',
      }),
    );
    for (const team of ['inbound', 'dach', 'partners']) must(await setMember(pool, team, email, 100));
    this.#staff.set(email, life);
  }

  /** Lets the time go to `at`; when the servers stood still meanwhile, nothing was fired until now. */
  async advance(at: number): Promise<void> {
    await this.clock.set(at);
  }

  /** Leads and visits, as they come. */
  async arrive(): Promise<void> {
    const events = [];
    for (let n = this.#dice(4); n > 0; n -= 1) {
      const now = this.clock.now();
      const isKnown = this.#people > 3 && this.#dice(4) === 0;
      if (!isKnown) this.#people += 1;
      const person = isKnown ? 1 + this.#dice(this.#people) : this.#people;
      const email = `person${person}@firm${person % 41}.example`;
      const at = { receivedAt: now, timestamp: now, sentAt: now };
      if (this.#dice(3) === 0)
        events.push(
          makeEvent({
            ...at,
            type: 'page',
            name: 'page',
            properties: { path: '/pricing' },
            identity: { email, anonymousId: `b${person}` },
          }),
        );
      else {
        this.seen.leads += 1;
        const claims = [
          { path: 'contact.name', value: `Person ${person}` },
          { path: 'contact.country', value: person % 3 === 0 ? 'DE' : 'US' },
          { path: 'contact.phone', value: '+4940555014' },
        ];
        events.push(makeDemoRequest(email, { ...at, claims }));
      }
    }
    if (events.length > 0) {
      const receipts = await this.#server().node.intake.submit(events);
      for (const receipt of receipts)
        if (receipt.outcome !== 'accepted') throw new Error(`an event was ${JSON.stringify(receipt)}`);
    }
  }

  /** What happens in people's lives. */
  async live(): Promise<void> {
    for (const [email, life] of [...this.#staff]) {
      if (this.#away.has(email)) {
        if (this.#dice(6) === 0) {
          this.#away.delete(email);
          await markBack(this.#deps(), email);
        }
      } else if (this.#dice(300) < life.sick) {
        this.#away.add(email);
        const until = this.#dice(2) === 0 ? this.clock.now() + (1 + this.#dice(12)) * DAY_MS : null;
        must(
          await markAway(this.#deps(), email, {
            handoffs: (['keep', 'cover', 'reroute'] as const)[this.#dice(3)] ?? 'keep',
            until,
          }),
        );
      }
    }
    if (this.#dice(90) === 0 && this.#staff.size > 3) {
      const gone = [...this.#staff.keys()][this.#dice(this.#staff.size)] as string;
      this.#staff.delete(gone);
      this.#away.delete(gone);
      must(await deactivateRep(this.#deps(), gone));
      this.#hired += 1;
      await this.#hire({ name: `New ${this.#hired}`, acts: 20 + this.#dice(80), sick: 1 });
    }
  }

  /** All that time brings, by one node, or by two at once; now and then one of them is cut off in the middle. */
  async fire(): Promise<void> {
    const both = this.#dice(3) === 0;
    const crash = this.#dice(12) === 0;
    // what a cut does to a round is the next one's to mend
    const rounds = (both || crash ? [0, 1] : [this.#dice(2)]).map((index) => this.#round(index).catch(() => {}));
    if (crash) {
      this.seen.crashes += 1;
      await this.database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'floor-a'`,
      );
    }
    await Promise.all(rounds);
    await this.#round(1);
  }

  async #round(index: number): Promise<void> {
    const deps = this.#deps(index);
    for (let n = 0; n < 20; n += 1) {
      const woke = await wakeAvailability(deps.pool);
      const looked = await reevaluateDue(deps);
      const fired = await fireDueClocks(deps);
      if (woke + looked + fired === 0) return;
    }
    throw new Error('what is due never ends');
  }

  /** Reps look at what is theirs, and do what they do. */
  async work(): Promise<void> {
    const { rows } = await this.database.pool.query<{
      id: number;
      status: string;
      email: string | null;
      owner_id: number | null;
      deal_id: number | null;
    }>(
      `select h.id, h.status, r.email, h.owner_id, h.deal_id from handoff h left join rep r on r.id = h.owner_id
       where h.closed_at is null order by h.id`,
    );
    for (const one of rows) {
      const email = one.email ?? [...this.#staff.keys()][this.#dice(this.#staff.size)] ?? '';
      const life = this.#staff.get(email);
      if (life === undefined || this.#away.has(email) || this.#dice(100) >= life.acts) continue;
      const repId = one.owner_id ?? (await this.#idOf(email));
      await this.#act(one, repId);
    }
  }

  async #idOf(email: string): Promise<number> {
    const { rows } = await this.database.pool.query<{ id: number }>('select id from rep where email = $1', [email]);
    return rows[0]?.id ?? 0;
  }

  async #act(one: { id: number; status: string; deal_id: number | null }, repId: number): Promise<void> {
    const by = { kind: 'rep', id: repId } as const;
    const now = this.clock.now();
    const { acts } = this.#server().node;
    const log = (outcome: 'connected' | 'voicemail' | 'bounced' | 'met'): RepAct => ({
      do: 'log-contact',
      channel: outcome === 'met' ? 'meeting' : 'call',
      outcome,
      note: null,
      at: now,
    });
    if (one.status === 'deal' || (one.status === 'working' && this.#dice(8) === 0)) {
      const to = one.status === 'working' ? 'created' : (['won', 'lost', 'moved'] as const)[this.#dice(3)];
      const dealId = one.deal_id;
      if (dealId === null || this.#dice(4) > 0) return;
      const reason = to === 'lost' ? 'price' : null;
      await acts.act(
        { handoffId: one.id },
        { kind: 'deal-changed', by, dealId, change: { to: to ?? 'won', at: now, reason } },
      );
      return;
    }
    const choices: { readonly [status: string]: readonly RepAct[] } = {
      offered: [
        { do: 'accept' },
        { do: 'accept' },
        log('voicemail'),
        { do: 'hand-back', reason: 'busy' },
        { do: 'reject', reason: 'bad-data', detail: null },
      ],
      queued: [{ do: 'claim' }],
      open: [
        log('voicemail'),
        log('connected'),
        log('bounced'),
        { do: 'park', until: now + 5 * DAY_MS, note: null },
        { do: 'reject', reason: 'bad-fit', detail: 'size' },
      ],
      working: [
        log('connected'),
        log('voicemail'),
        log('met'),
        { do: 'reject', reason: 'no-intent', detail: null },
        { do: 'park', until: now + 9 * DAY_MS, note: null },
      ],
      parked: [log('connected')],
    };
    const list = choices[one.status] ?? [];
    const act = list[this.#dice(list.length)];
    if (act !== undefined) await acts.act({ handoffId: one.id }, { kind: 'rep-acted', by, act });
  }

  /** A destination fails for days now and then. */
  weather(): void {
    if (this.#dice(40) === 0) this.#slackIsDown = !this.#slackIsDown;
  }

  #send(delivery: Delivery): { ok: true; detail: string } | { ok: false; retry: true; detail: string } {
    if (delivery.channel === 'slack' && this.#slackIsDown) {
      this.seen.failed += 1;
      return { ok: false, retry: true, detail: 'it is down' };
    }
    this.seen.sent += 1;
    return { ok: true, detail: 'sent' };
  }

  /** Waits until nothing that could go out waits: what is due at the virtual instant is tried. */
  async post(): Promise<void> {
    for (let n = 0; n < 400; n += 1) {
      const { rows } = await this.database.pool.query<{ count: number }>(
        `select count(*) as count from delivery d where d.state = 'pending' and d.next_at <= now_ms()
           and not exists (select from destination t where t.key = d.destination and (t.paused_until > now_ms() or t.disabled_at is not null))`,
      );
      if (rows[0]?.count === 0) return;
      this.#outbox.wake();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('messages that are due do not go out', { cause: this.#trouble });
  }
}

/** The instants of a day at which something is done: some while people work, some when nobody does. */
export const instantsOf = (day: number, dice: Dice): readonly number[] => {
  const midnight = BEGIN - 4 * HOUR_MS + day * DAY_MS;
  return [7 * 60 + 20, 10 * 60 + 5, 14 * 60 + 10, 21 * 60].map((minute) => midnight + (minute + dice(25)) * MINUTE_MS);
};

const must = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

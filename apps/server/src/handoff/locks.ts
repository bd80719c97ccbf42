/**
 * What a transaction has locked beyond contacts, and how it locks more. Order: companies, people, capped reps, ledgers;
 * within a kind ascending. A lock that would come out of that order throws `LockOrder`: the transaction rolls back and
 * begins again with all that it will need. What is asked for at once is locked in one message, in that order.
 */
import type { Ledger, LedgerKey, People, RepLoad } from '@baton/domain/assignment/assignment.ts';
import type { Need } from '@baton/domain/handoff/context.ts';
import { assertNever } from '@baton/domain/kernel/assertNever.ts';
import type { CompanyId, RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { int8Array, textArray } from '../database/binary/binaryArray.ts';
import type { Pipeline } from '../database/binary/pipeline.ts';
import { BeginAgain } from './beginAgain.ts';
import { splitLedgerKey } from './commit/ledgerChanges.ts';
import type { PendingRows } from './commit/pendingRows.ts';
import { loadCompanies } from './loadCompanies.ts';
import { readLoads } from './repLoads.ts';

/** Advisory lock that changes of people take alone and assignments share (see people_changed in the schema). */
export const PEOPLE_LOCK = 7228101;

/** What a transaction knows that it will need, from an earlier try. */
export class WantedLocks {
  readonly companies = new Set<CompanyId>();
  readonly reps = new Set<RepId>();
  readonly ledgers = new Set<LedgerKey>();
}

/** Begin again: what `wanted` holds must be locked from the start, in order. */
export class LockOrder extends BeginAgain {}

/** People changed between being read and being locked: read them again and begin again. */
export class StaleReferences extends BeginAgain {}

export class Locks {
  readonly loads = new Map<RepId, RepLoad>();
  readonly #pipeline: Pipeline;
  readonly #rows: PendingRows;
  readonly #wanted: WantedLocks;
  readonly #people: People;
  readonly #peopleVersion: number;
  readonly #now: Instant;
  #peopleLocked = false;
  #highestCompany = -1;
  #highestRep = -1;
  #highestLedger = '';

  constructor(
    pipeline: Pipeline,
    rows: PendingRows,
    wanted: WantedLocks,
    references: { readonly people: People; readonly peopleVersion: number },
    now: Instant,
  ) {
    this.#pipeline = pipeline;
    this.#rows = rows;
    this.#wanted = wanted;
    this.#people = references.people;
    this.#peopleVersion = references.peopleVersion;
    this.#now = now;
  }

  /** Locks and loads all that is asked for and not yet had, in the one order. */
  async satisfy(needs: readonly Need[]): Promise<void> {
    const before = this.#wanted.companies.size + this.#wanted.reps.size + this.#wanted.ledgers.size;
    for (const need of needs) this.#want(need);
    const { companies, reps, ledgers } = this.#wanted;
    const missing = {
      companies: [...companies].filter((id) => !this.#rows.companies.has(id)).sort(ascending),
      reps: [...reps].filter((id) => !this.loads.has(id)).sort(ascending),
      ledgers: [...ledgers].filter((key) => !this.#rows.ledgers.has(key)).sort(),
    };
    const lowers =
      (missing.companies[0] ?? Number.POSITIVE_INFINITY) < this.#highestCompany ||
      (missing.companies.length > 0 && (this.#peopleLocked || this.#highestLedger !== '')) ||
      ((missing.reps[0] ?? Number.POSITIVE_INFINITY) < this.#highestRep && this.#hasCaps(missing.reps)) ||
      (missing.reps.length > 0 && this.#highestLedger !== '' && this.#hasCaps(missing.reps)) ||
      (missing.ledgers[0] !== undefined && missing.ledgers[0] < this.#highestLedger);
    if (lowers && companies.size + reps.size + ledgers.size > before) throw new LockOrder('locks out of order');
    if (missing.companies.length + missing.reps.length + missing.ledgers.length === 0) return;
    this.#companies(missing.companies);
    if (missing.reps.length > 0 || missing.ledgers.length > 0) this.#lockPeople();
    await this.#lockReps(missing.reps);
    this.#lockLedgers(missing.ledgers);
    await this.#pipeline.run();
    await this.#makeLedgers(missing.ledgers);
  }

  /** Locks companies that exist and loads them whole. Those made by this transaction are in `rows.companies` already. */
  async companies(ids: readonly CompanyId[]): Promise<void> {
    if (ids.length === 0) return;
    this.#companies(ids);
    await this.#pipeline.run();
  }

  /** Holds people still until the commit. Before anybody becomes an owner. */
  async people(): Promise<void> {
    if (this.#peopleLocked) return;
    this.#lockPeople();
    await this.#pipeline.run();
  }

  #companies(ids: readonly CompanyId[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#wanted.companies.add(id);
    loadCompanies(this.#pipeline, ids, (states) => {
      for (const state of states) this.#rows.companies.set(state.id, state);
    });
    this.#highestCompany = Math.max(this.#highestCompany, ids.at(-1) as number);
  }

  #lockPeople(): void {
    if (this.#peopleLocked) return;
    this.#pipeline.add(LOCK_PEOPLE);
    this.#pipeline.add<[number]>(PEOPLE_VERSION, [], ({ rows }) => {
      if (rows[0]?.[0] !== this.#peopleVersion) throw new StaleReferences('reps or teams changed');
    });
    this.#peopleLocked = true;
  }

  #want(need: Need): void {
    switch (need.kind) {
      case 'company':
        this.#wanted.companies.add(need.companyId);
        break;
      case 'ledger':
        this.#wanted.ledgers.add(need.key);
        for (const id of need.reps) this.#wanted.reps.add(id);
        break;
      case 'loads':
        for (const id of need.reps) this.#wanted.reps.add(id);
        break;
      default:
        assertNever(need);
    }
  }

  #hasCaps(ids: readonly RepId[]): boolean {
    return ids.some((id) => isCapped(this.#people, id));
  }

  /** A rep without caps has no load worth counting, and is held by the people lock alone. */
  async #lockReps(ids: readonly RepId[]): Promise<void> {
    const capped: RepId[] = [];
    for (const id of ids)
      if (isCapped(this.#people, id)) capped.push(id);
      else this.loads.set(id, { today: 0, thisWeek: 0, open: 0 });
    if (capped.length === 0) return;
    await this.#pipeline.query(LOCK_REPS, [int8Array(capped)]);
    const loads = await readLoads(this.#pipeline.client, capped, this.#people, this.#now);
    for (const [id, load] of loads) this.loads.set(id, load);
    this.#highestRep = Math.max(this.#highestRep, capped.at(-1) as number);
  }

  #lockLedgers(keys: readonly LedgerKey[]): void {
    if (keys.length === 0) return;
    this.#pipeline.add<LedgerRow>(LOCK_LEDGERS, ledgerKeys(keys), ({ rows }) => {
      for (const row of rows) {
        const ledger = ledgerOf(row);
        this.#rows.ledgers.set(ledger.key, ledger);
      }
    });
    this.#highestLedger = keys.at(-1) as string;
  }

  /** The first lead of a team and an intent makes their ledger. */
  async #makeLedgers(keys: readonly LedgerKey[]): Promise<void> {
    if (keys.every((key) => this.#rows.ledgers.has(key))) return;
    this.#pipeline.add(MAKE_LEDGERS, ledgerKeys(keys));
    this.#lockLedgers(keys);
    await this.#pipeline.run();
  }
}

const LOCK_PEOPLE = { name: 'lock-people', text: `select pg_advisory_xact_lock_shared(${PEOPLE_LOCK})` };
const PEOPLE_VERSION = {
  name: 'people-version',
  text: `select version from reference_version where name = 'people'`,
};
const LOCK_REPS = {
  name: 'lock-reps',
  text: 'select id from rep where id = any($1::int8[]) order by id for no key update',
};
const LOCK_LEDGERS = {
  name: 'lock-ledgers',
  text: `select l.team_id, l.intent, l.seq, l.balances
    from ledger l where (l.team_id, l.intent) in (select * from unnest($1::text[], $2::text[]))
    order by l.team_id || '/' || l.intent collate "C" for no key update`,
};
const MAKE_LEDGERS = {
  name: 'make-ledgers',
  text: 'insert into ledger (team_id, intent) select * from unnest($1::text[], $2::text[]) on conflict do nothing',
};

type LedgerRow = [teamId: string, intent: string, seq: number, balances: string];

const ledgerKeys = (keys: readonly LedgerKey[]): readonly Buffer[] => {
  const split = keys.map(splitLedgerKey);
  return [textArray(split.map(([team]) => team)), textArray(split.map(([, intent]) => intent))];
};

const ledgerOf = ([team, intent, seq, balances]: LedgerRow): Ledger => {
  const standings = JSON.parse(balances) as [RepId, string, number][];
  return {
    key: `${team}/${intent}`,
    seq,
    standings: standings.map(([repId, balance, lastWon]) => ({ repId, balance: BigInt(balance), lastWon })),
  };
};

const isCapped = (people: People, id: RepId): boolean => {
  const caps = people.reps.get(id)?.caps;
  return caps !== undefined && (caps.perDay !== undefined || caps.perWeek !== undefined || caps.open !== undefined);
};

const ascending = (one: number, other: number): number => one - other;

import { previewTerritories, type TerritoryMove, type TerritoryRow } from '@baton/domain/assignment/territory.ts';
import type { Facts } from '@baton/domain/facts/fact.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import { readState } from '../handoff/storedState.ts';
import { loadPeople } from './loadPeople.ts';
import type { PeopleError } from './peopleError.ts';
import { holdPeople } from './settleLedgers.ts';
import { readTerritories } from './territoryTable.ts';

/** Which table is in force: moves with each import, 0 before the first. */
export type TerritoryVersion = number;

/** What another table would change, before anybody applies it. Nothing open moves by it: new leads go by the new table. */
export type TerritoryPreview = {
  /** Of which table this was made; an import can ask that it is still that one. */
  readonly version: TerritoryVersion;
  readonly rows: { readonly before: number; readonly after: number };
  /** So many contacts were looked at: the latest known ones. */
  readonly looked: number;
  /** False: there are more contacts, which none of these numbers count. */
  readonly all: boolean;
  /** So many would go elsewhere than now. */
  readonly moving: number;
  /** From where to where, the most first. */
  readonly moves: readonly { readonly from: string; readonly to: string; readonly contacts: number }[];
  /** The first of them by name. */
  readonly first: readonly {
    readonly contactId: ContactId;
    readonly name: string;
    readonly from: string;
    readonly to: string;
  }[];
};

const CONTACTS_MAX = 50_000;
const CHUNK = 1_000;
const NAMED_MAX = 50;

/** The version of the table in force. */
export const territoryVersion = async (client: Queryable): Promise<TerritoryVersion> =>
  (await client.query<{ id: number }>('select coalesce(max(id), 0) as id from territory_import')).rows[0]?.id ?? 0;

/**
 * Shows what a table would move among the latest `contactsMax` known contacts (50,000 when left out), and whether those are
 * all. Changes nothing. Linear in contacts.
 */
export const previewTable = async (
  pool: Pool,
  text: string,
  contactsMax = CONTACTS_MAX,
): Promise<Result<TerritoryPreview, PeopleError>> => {
  const people = await loadPeople(pool);
  const after = readTerritories(text, people);
  if (!after.ok) return after;
  const before = people.territories ?? [];
  const version = await territoryVersion(pool);
  const now = (await pool.query<{ now: Instant }>('select now_ms() as now')).rows[0]?.now ?? 0;
  const place = (to: TerritoryMove<unknown>['to']): string => {
    if (to === null) return 'no territory';
    return to.to.kind === 'team' ? `team ${to.to.team}` : (people.reps.get(to.to.repId)?.name ?? `rep ${to.to.repId}`);
  };
  const counts = new Map<string, { from: string; to: string; contacts: number }>();
  const first: TerritoryPreview['first'][number][] = [];
  let looked = 0;
  let moving = 0;
  let all = false;
  for (let last = Number.MAX_SAFE_INTEGER; ; ) {
    const contacts = await loadContacts(pool, last, Math.min(CHUNK, Math.max(1, contactsMax - looked)));
    all = contacts.length === 0;
    if (all || looked >= contactsMax) break;
    last = contacts.at(-1)?.id.id ?? 0;
    looked += contacts.length;
    for (const move of previewTerritories(before, after.value, contacts, now)) {
      const [from, to] = [place(move.from), place(move.to)];
      const key = `${from} > ${to}`;
      const count = counts.get(key) ?? { from, to, contacts: 0 };
      count.contacts += 1;
      counts.set(key, count);
      moving += 1;
      if (first.length < NAMED_MAX) first.push({ contactId: move.id.id, name: move.id.name, from, to });
    }
  }
  const moves = [...counts.values()].sort((one, other) => other.contacts - one.contacts);
  return ok({ version, rows: { before: before.length, after: after.value.length }, looked, all, moving, moves, first });
};

type Named = { readonly id: ContactId; readonly name: string };

const loadContacts = async (
  client: Queryable,
  before: ContactId,
  limit: number,
): Promise<readonly { readonly id: Named; readonly facts: Facts; readonly companyFacts: Facts | null }[]> => {
  const { rows } = await client.query<{
    id: number;
    name: string | null;
    email: string | null;
    state: string;
    facts: string | null;
  }>(
    `select contact.id, contact.name, contact.email, contact.state, company.facts
     from contact left join company on company.id = contact.company_id
     where contact.id < $1 and contact.redirected_to is null and contact.known order by contact.id desc limit $2`,
    [before, limit],
  );
  return rows.map((row) => ({
    id: { id: row.id, name: row.name ?? row.email ?? `contact ${row.id}` },
    facts: readState(row.state).facts,
    companyFacts: row.facts === null ? null : (JSON.parse(row.facts) as Facts),
  }));
};

/**
 * Puts a table into force, whole; the one before is kept. With `expects` only where the table in force is still the one
 * that was previewed. Answers the new version and its rows.
 */
export const importTerritories = async (
  pool: Pool,
  text: string,
  choice: { readonly by: string; readonly expects?: TerritoryVersion },
): Promise<Result<{ readonly version: TerritoryVersion; readonly rows: number }, PeopleError>> =>
  inTransaction(pool, async (client) => {
    await holdPeople(client);
    const version = await territoryVersion(client);
    if (choice.expects !== undefined && choice.expects !== version)
      return err({
        code: 'territories-moved',
        say: `The table was changed since the preview (version ${version}, not ${choice.expects}): look at it again.`,
      });
    const rows = readTerritories(text, await loadPeople(client));
    if (!rows.ok) return rows;
    const made = await client.query<{ id: number }>(
      'insert into territory_import (by, row_count) values ($1, $2) returning id',
      [choice.by, rows.value.length],
    );
    const id = made.rows[0]?.id ?? 0;
    await insertRows(client, id, rows.value);
    return ok({ version: id, rows: rows.value.length });
  });

const insertRows = async (client: Queryable, id: number, rows: readonly TerritoryRow[]): Promise<void> => {
  await client.query(
    `insert into territory_row (import_id, position, name, conditions, rep_id, team_id, valid_from, valid_to)
     select $1, row.position, row.name, row.conditions, row.rep_id, row.team_id, row.valid_from, row.valid_to
     from unnest($2::int[], $3::text[], $4::text[], $5::int8[], $6::text[], $7::int8[], $8::int8[])
       as row(position, name, conditions, rep_id, team_id, valid_from, valid_to)`,
    [
      id,
      rows.map((_, index) => index + 1),
      rows.map((row) => row.id),
      rows.map((row) => JSON.stringify(row.when)),
      rows.map((row) => (row.to.kind === 'rep' ? row.to.repId : null)),
      rows.map((row) => (row.to.kind === 'team' ? row.to.team : null)),
      rows.map((row) => row.validFrom),
      rows.map((row) => row.validTo),
    ],
  );
};

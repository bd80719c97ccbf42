/** The territory table as a file: read whole, checked whole, written back as it is in force. */
import type { TerritoryCondition, TerritoryRow } from '@baton/domain/assignment/territory.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { parse } from 'csv-parse/sync';
import { findRepIn } from './loadPeople.ts';
import type { PeopleError } from './peopleError.ts';
import { readMoment } from './readMoment.ts';

const ROWS_MAX = 5_000;
const BYTES_MAX = 2_000_000;
const VALUES_MAX = 500;
const FACT = /^(?:contact|company)\.[a-z][a-z0-9_.-]{0,60}$/;
const RANGE = /^(-?\d{1,15})\.\.(-?\d{1,15})$/;

type Known = {
  readonly reps: Parameters<typeof findRepIn>[0];
  readonly teams: ReadonlyMap<string, unknown>;
};

/**
 * Reads `name,to,from,until` and a column for each fact (`contact.country`, `company.employees`): a cell holds values
 * separated by `|`, `80*` for those that begin so, `50..500` for a range; an empty cell asks nothing. `to` is `team:inbound`
 * or a rep's address; `from` and `until` are days (UTC), the last one included. The first row that matches wins, in the
 * file's order. Answers the first mistake with its line.
 */
export const readTerritories = (text: string, people: Known): Result<readonly TerritoryRow[], PeopleError> => {
  const wrong = (say: string) => err<PeopleError>({ code: 'territories-invalid', say });
  if (text.length > BYTES_MAX) return wrong('The table is larger than 2 MB.');
  let cells: string[][];
  try {
    cells = parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    return wrong(`The table can't be read as CSV: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const header = (cells[0] ?? []).map((name) => name.toLowerCase());
  const unknown = header.find((name) => !['name', 'to', 'from', 'until'].includes(name) && !FACT.test(name));
  if (unknown !== undefined)
    return wrong(`"${unknown.slice(0, 60)}" is no column: name, to, from, until, or a fact such as contact.country.`);
  if (!header.includes('name') || !header.includes('to')) return wrong('The columns name and to are needed.');
  if (new Set(header).size < header.length) return wrong('A column stands twice.');
  if (cells.length - 1 > ROWS_MAX) return wrong(`The table has more than ${ROWS_MAX} rows.`);
  const rows: TerritoryRow[] = [];
  const names = new Set<string>();
  for (const [index, line] of cells.slice(1).entries()) {
    const row = readRow(header, line, people);
    if (!row.ok) return wrong(`Line ${index + 2}: ${row.error}.`);
    if (names.has(row.value.id)) return wrong(`Line ${index + 2}: "${row.value.id}" stands twice; names are unique.`);
    names.add(row.value.id);
    rows.push(row.value);
  }
  return ok(rows);
};

const readRow = (header: readonly string[], line: readonly string[], people: Known): Result<TerritoryRow, string> => {
  const cell = (name: string): string => line[header.indexOf(name)] ?? '';
  const id = cell('name');
  if (id === '' || id.length > 100) return err('name is 1 to 100 characters');
  const to = cell('to');
  const team = to.startsWith('team:') ? to.slice('team:'.length) : null;
  const rep = team === null ? findRepIn(people.reps, to) : undefined;
  if (team !== null && !people.teams.has(team)) return err(`there is no team "${team}"`);
  if (team === null && rep === undefined) return err(`"${to}" is no rep; write an address, or team:inbound`);
  if (rep !== undefined && !rep.active) return err(`${rep.name} is not active`);
  const [from, until] = [cell('from'), cell('until')];
  const validFrom = from === '' ? ok(null) : readMoment(from, 'UTC', 'begin');
  if (!validFrom.ok) return validFrom;
  const validTo = until === '' ? ok(null) : readMoment(until, 'UTC', 'end');
  if (!validTo.ok) return validTo;
  if (validFrom.value !== null && validTo.value !== null && validTo.value <= validFrom.value)
    return err('until is before from');
  const when: TerritoryCondition[] = [];
  for (const path of header.filter((name) => FACT.test(name))) {
    const conditions = readCell(path, cell(path));
    if (!conditions.ok) return conditions;
    when.push(...conditions.value);
  }
  return ok({
    id,
    when,
    to: team === null ? { kind: 'rep', repId: rep?.id ?? 0 } : { kind: 'team', team },
    validFrom: validFrom.value,
    validTo: validTo.value,
  });
};

const readCell = (path: string, text: string): Result<readonly TerritoryCondition[], string> => {
  const values = text
    .split('|')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) return ok([]);
  if (values.length > VALUES_MAX) return err(`${path} has more than ${VALUES_MAX} values`);
  const [, low, high] = RANGE.exec(text.trim()) ?? [];
  if (low !== undefined && high !== undefined)
    return Number(low) <= Number(high)
      ? ok([{ path, op: 'between', low: Number(low), high: Number(high) }])
      : err(`${path}: ${text} ends before it begins`);
  const begins = values.filter((value) => value.endsWith('*'));
  if (begins.length > 0 && begins.length < values.length)
    return err(`${path}: either all values end with * or none does`);
  return begins.length > 0
    ? ok([{ path, op: 'starts-with', values: begins.map((value) => value.slice(0, -1)) }])
    : ok([{ path, op: 'in', values }]);
};

/** The table as the file that `readTerritories` reads. */
export const writeTerritories = (rows: readonly TerritoryRow[], people: Known): string => {
  const paths = [...new Set(rows.flatMap((row) => row.when.map((condition) => condition.path)))].sort();
  const lines = rows.map((row) => [
    row.id,
    row.to.kind === 'team' ? `team:${row.to.team}` : (people.reps.get(row.to.repId)?.email ?? String(row.to.repId)),
    row.validFrom === null ? '' : new Date(row.validFrom).toISOString(),
    row.validTo === null ? '' : new Date(row.validTo).toISOString(),
    ...paths.map((path) =>
      row.when
        .filter((one) => one.path === path)
        .map(sayCondition)
        .join('|'),
    ),
  ]);
  return [['name', 'to', 'from', 'until', ...paths], ...lines].map((line) => line.map(quoted).join(',')).join('\n');
};

/** A condition as a cell writes it. */
export const sayCondition = (condition: TerritoryCondition): string =>
  condition.op === 'between'
    ? `${condition.low}..${condition.high}`
    : condition.values.map((value) => (condition.op === 'starts-with' ? `${value}*` : value)).join('|');

/** A cell as CSV; one that a spreadsheet would take for a formula is quoted and begins with an apostrophe. */
const quoted = (cell: string): string => {
  const safe = /^[=+@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

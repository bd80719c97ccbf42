import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { parse } from 'csv-parse/sync';

export type MemberRow = { readonly name: string; readonly email: string; readonly weight: number };

const MEMBERS_MAX = 5_000;

/**
 * Reads `name,email,weight` rows (weight may be left out: 100). Answers the first mistake with its line; nothing is
 * written by anybody before all of it is right.
 */
export const readMembers = (text: string): Result<readonly MemberRow[], string> => {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, {
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      bom: true,
      trim: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    return err(`can't be read as CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (rows.length > MEMBERS_MAX) return err(`more than ${MEMBERS_MAX} rows`);
  const members: MemberRow[] = [];
  for (const [index, row] of rows.entries()) {
    const { name, email, weight = '' } = row;
    const line = index + 2;
    if (name === undefined || name === '' || email === undefined || email === '')
      return err(`line ${line}: name and email are needed`);
    if (!/^(\d{1,4})?$/.test(weight) || Number(weight) > 1_000)
      return err(`line ${line}: a weight is a whole number from 0 to 1000`);
    members.push({ name, email, weight: weight === '' ? 100 : Number(weight) });
  }
  return ok(members);
};

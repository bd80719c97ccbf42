import { FORM_ID, type FormSettings } from '@baton/contract/forms.ts';
import type { Pool } from 'pg';
import { sourceFor } from '../../access/keys.ts';

/** A form that pages post to. What is not set has the defaults below, so that any form works before it is described. */
export type Form = {
  readonly id: string;
  readonly name: string;
  readonly sourceId: number;
  readonly sourceName: string;
  readonly settings: FormSettings;
};

const DEFAULTS: FormSettings = {
  event: 'Form Submitted',
  fields: null,
  redirects: [],
  withoutToken: 'browser-trust',
  consentWording: '',
};

const FORMS_MAX = 1_000;
const SHARED_SOURCE = 'other forms';
const REMEMBERED_MS = 5_000;

/**
 * Looks forms up by id, and makes one with the defaults on its first submission, so that a form works before anybody
 * describes it. Null for what is no id.
 */
export const makeForms = (pool: Pool, now: () => number): ((id: string) => Promise<Form | null>) => {
  const remembered = new Map<string, { readonly form: Form; readonly until: number }>();
  return async (id) => {
    if (!FORM_ID.test(id)) return null;
    const known = remembered.get(id);
    if (known !== undefined && known.until > now()) return known.form;
    const form = (await readForm(pool, id)) ?? (await makeForm(pool, id));
    if (form === null) return null;
    // strangers make up ids without end, and past FORMS_MAX each still works
    if (remembered.size >= FORMS_MAX) remembered.delete(remembered.keys().next().value as string);
    remembered.delete(id);
    remembered.set(id, { form, until: now() + REMEMBERED_MS });
    return form;
  };
};

/** Describes a form: its name and whichever settings are given; the rest stays as it was. */
export const describeForm = async (
  pool: Pool,
  id: string,
  name: string,
  settings: { readonly [K in keyof FormSettings]?: FormSettings[K] | undefined },
): Promise<void> => {
  if (!FORM_ID.test(id)) throw new RangeError(`form id ${id}: lower-case letters, digits, - and _, at most 64`);
  const sourceId = await sourceFor(pool, `form ${id}`, 'form', 'form');
  const before = await readForm(pool, id);
  await pool.query(
    `insert into form (id, source_id, name, settings) values ($1, $2, $3, $4)
     on conflict (id) do update set name = excluded.name, settings = excluded.settings`,
    [id, sourceId, name, JSON.stringify({ ...before?.settings, ...settings })],
  );
};

/** All forms, by id; at most 1,000. */
export const listForms = async (pool: Pool): Promise<readonly Form[]> => {
  const found = await pool.query<Stored>(`${SELECT} order by f.id limit $1`, [FORMS_MAX]);
  return found.rows.map(toForm);
};

/** One form, with the defaults for what it does not set; null where nobody described it or sent it yet. */
export const readForm = async (pool: Pool, id: string): Promise<Form | null> => {
  const found = await pool.query<Stored>(`${SELECT} where f.id = $1`, [id]);
  const row = found.rows[0];
  return row === undefined ? null : toForm(row);
};

type Stored = { id: string; name: string; source_id: number; source_name: string; settings: string };

const SELECT = `select f.id, f.name, f.source_id, s.name as source_name, f.settings
  from form f join source s on s.id = f.source_id`;

const toForm = (row: Stored): Form => ({
  id: row.id,
  name: row.name,
  sourceId: row.source_id,
  sourceName: row.source_name,
  settings: { ...DEFAULTS, ...(JSON.parse(row.settings) as Partial<FormSettings>) },
});

/** Makes a form with the defaults. When strangers made up too many, it works without a row and a name of its own. */
const makeForm = async (pool: Pool, id: string): Promise<Form | null> => {
  const count = await pool.query<{ n: number }>('select count(*) as n from form');
  if ((count.rows[0]?.n ?? 0) >= FORMS_MAX) {
    const sourceId = await sourceFor(pool, SHARED_SOURCE, 'form', 'form');
    return { id, name: id, sourceId, sourceName: SHARED_SOURCE, settings: DEFAULTS };
  }
  const sourceId = await sourceFor(pool, `form ${id}`, 'form', 'form');
  await pool.query(`insert into form (id, source_id, name) values ($1, $2, $1) on conflict (id) do nothing`, [
    id,
    sourceId,
  ]);
  return readForm(pool, id);
};

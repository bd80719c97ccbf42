import { createHash } from 'node:crypto';
import type { BetterAuthOptions } from 'better-auth';
import { type CleanedWhere, createAdapterFactory, type DBAdapter } from 'better-auth/adapters';
import type { Pool } from 'pg';
import { AUTH_COLUMNS } from './authTables.ts';
import type { SecretBox } from './secretBox.ts';

type Row = Record<string, unknown>;

/** What the sealed secrets of authenticators are for; they open for nothing else. */
export const ABOUT_AUTHENTICATOR = 'authenticator';
const isSealedField = (model: string, field: string): boolean => model === 'account_totp' && field === 'secret';

const SESSIONS = 'account_session';
const TOKEN = 'token_hash';

/** What is stored of a session's token: its SHA-256 in hex. */
export const hashSessionToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * The sign-in library's way to our database: our pool, our tables, instants as epoch ms, and of a session's token the
 * hash alone, so that a copy of the database signs nobody in; what an authenticator shares with us is sealed by `box`. Columns that are not ours are left out, not stored.
 */
export const makeAuthAdapter = (
  pool: Pool,
  box: SecretBox | null,
): ((options: BetterAuthOptions) => DBAdapter<BetterAuthOptions>) => {
  return (options) => {
    let outer: DBAdapter<BetterAuthOptions>;
    const inner = createAdapterFactory({
      config: {
        adapterId: 'baton',
        supportsDates: true,
        supportsBooleans: true,
        transaction: (work) => work(outer),
        customTransformInput: ({ data, field, fieldAttributes, model }) => {
          if (model === SESSIONS && field === TOKEN) return hashed(data);
          if (isSealedField(model, field) && typeof data === 'string' && box !== null)
            return box.seal(data, ABOUT_AUTHENTICATOR);
          return fieldAttributes.type === 'date' ? toMs(data) : data;
        },
        customTransformOutput: ({ data, field, fieldAttributes, model }) => {
          if (fieldAttributes.type === 'date' && typeof data === 'number') return new Date(data);
          const isHidden = isSealedField(model, field) && typeof data === 'string' && box !== null;
          return isHidden ? box.open(data, ABOUT_AUTHENTICATOR) : data;
        },
      },
      adapter: () => makeStatements(pool),
    })(options);
    outer = withTokens(inner);
    return outer;
  };
};

/** Gives back the token that was asked by or made, which the database no longer knows. */
const withTokens = (inner: DBAdapter<BetterAuthOptions>): DBAdapter<BetterAuthOptions> => {
  const tokenIn = (model: string, where: readonly { field: string; value: unknown }[]): string | null => {
    const value = model === 'session' ? where.find((one) => one.field === 'token')?.value : undefined;
    return typeof value === 'string' ? value : null;
  };
  const put = <T>(row: T, token: string | null): T => (row === null || token === null ? row : { ...row, token });
  return {
    ...inner,
    create: async (given) => {
      const made = await inner.create(given);
      const { token } = given.data as { token?: string };
      return given.model === 'session' && token !== undefined ? put(made as never, token) : (made as never);
    },
    findOne: async (given) => put((await inner.findOne(given)) as never, tokenIn(given.model, given.where)),
    update: async (given) => put((await inner.update(given)) as never, tokenIn(given.model, given.where)),
  };
};

const hashed = (value: unknown): unknown => {
  if (typeof value === 'string') return hashSessionToken(value);
  return Array.isArray(value) ? value.map((one) => hashSessionToken(String(one))) : value;
};

const toMs = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime();
  return Array.isArray(value) ? value.map(toMs) : value;
};

const makeStatements = (pool: Pool) => {
  const query = async (text: string, values: readonly unknown[]) => pool.query<Row>(text, [...values]);
  return {
    async create<T extends Row>({ model, data }: { model: string; data: T }): Promise<T> {
      const names = Object.keys(data).filter((name) => columnsOf(model).has(name));
      const { rows } = await query(
        `insert into ${model} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')}) returning *`,
        names.map((name) => data[name]),
      );
      return rows[0] as T;
    },
    async update<T>({ model, where, update }: { model: string; where: CleanedWhere[]; update: T }): Promise<T | null> {
      const { text, values } = setting(model, update as Row, where);
      const { rows } = await query(`${text} returning *`, values);
      return (rows[0] as T | undefined) ?? null;
    },
    async updateMany({ model, where, update }: { model: string; where: CleanedWhere[]; update: Row }): Promise<number> {
      const { text, values } = setting(model, update, where);
      return (await query(text, values)).rowCount ?? 0;
    },
    async findOne<T>({ model, where }: { model: string; where: CleanedWhere[] }): Promise<T | null> {
      const values: unknown[] = [];
      const { rows } = await query(
        `select * from ${table(model)} where ${condition(model, where, values)} limit 1`,
        values,
      );
      return (rows[0] as T | undefined) ?? null;
    },
    async findMany<T>(given: {
      model: string;
      where?: CleanedWhere[] | undefined;
      limit: number;
      sortBy?: { field: string; direction: 'asc' | 'desc' } | undefined;
      offset?: number | undefined;
    }): Promise<T[]> {
      const { model, where = [], limit, sortBy, offset = 0 } = given;
      const values: unknown[] = [];
      const found = `select * from ${table(model)} where ${condition(model, where, values)}`;
      // alone of all names the one to sort by comes as the library calls it
      const order =
        sortBy === undefined
          ? 'id'
          : column(
              model,
              sortBy.field.replace(/[A-Z]/g, (one) => `_${one.toLowerCase()}`),
            );
      const { rows } = await query(
        `${found} order by ${order} ${sortBy?.direction === 'desc' ? 'desc' : 'asc'} limit ${Number(limit)} offset ${Number(offset)}`,
        values,
      );
      return rows as T[];
    },
    async delete({ model, where }: { model: string; where: CleanedWhere[] }): Promise<void> {
      const values: unknown[] = [];
      await query(`delete from ${table(model)} where ${condition(model, where, values)}`, values);
    },
    async deleteMany({ model, where }: { model: string; where: CleanedWhere[] }): Promise<number> {
      const values: unknown[] = [];
      const done = await query(`delete from ${table(model)} where ${condition(model, where, values)}`, values);
      return done.rowCount ?? 0;
    },
    async consumeOne<T>({ model, where }: { model: string; where: CleanedWhere[] }): Promise<T | null> {
      const values: unknown[] = [];
      const one = `select id from ${table(model)} where ${condition(model, where, values)} limit 1 for update`;
      const { rows } = await query(`delete from ${table(model)} where id = (${one}) returning *`, values);
      return (rows[0] as T | undefined) ?? null;
    },
    async incrementOne<T>(given: {
      model: string;
      where: CleanedWhere[];
      increment: Record<string, number>;
      set?: Record<string, unknown> | undefined;
    }): Promise<T | null> {
      const { model, where, increment, set = {} } = given;
      const values: unknown[] = [];
      const said = [
        ...Object.entries(increment).map(([name, by]) => {
          const at = column(model, name);
          return `${at} = coalesce(${at}, 0) + $${values.push(by)}`;
        }),
        ...Object.entries(set).map(([name, value]) => `${column(model, name)} = $${values.push(value)}`),
      ];
      if (said.length === 0) return null;
      const one = `select id from ${table(model)} where ${condition(model, where, values)} limit 1`;
      const { rows } = await query(
        `update ${table(model)} set ${said.join(', ')} where id = (${one}) returning *`,
        values,
      );
      return (rows[0] as T | undefined) ?? null;
    },
    async count({ model, where = [] }: { model: string; where?: CleanedWhere[] | undefined }): Promise<number> {
      const values: unknown[] = [];
      const { rows } = await query(
        `select count(*)::int as n from ${table(model)} where ${condition(model, where, values)}`,
        values,
      );
      return Number(rows[0]?.['n'] ?? 0);
    },
  };
};

const setting = (model: string, update: Row, where: CleanedWhere[]): { text: string; values: unknown[] } => {
  const values: unknown[] = [];
  const said = Object.entries(update)
    .filter(([name]) => columnsOf(model).has(name))
    .map(([name, value]) => `${name} = $${values.push(value)}`);
  const set = said.length === 0 ? 'id = id' : said.join(', ');
  return { text: `update ${table(model)} set ${set} where ${condition(model, where, values)}`, values };
};

const OPERATORS: { readonly [operator: string]: string } = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

/** A condition as SQL; its values are pushed. @throws for an operator that nothing of ours uses. */
const condition = (model: string, where: readonly CleanedWhere[], values: unknown[]): string => {
  const one = ({ field, operator, value }: CleanedWhere): string => {
    const name = column(model, field);
    if (value === null) return `${name} is ${operator === 'ne' ? 'not ' : ''}null`;
    if (operator === 'in') return `${name} = any($${values.push(value)})`;
    if (operator === 'not_in') return `not ${name} = any($${values.push(value)})`;
    const sign = OPERATORS[operator ?? 'eq'];
    if (sign === undefined) throw new Error(`accounts are not searched by ${operator}`);
    return `${name} ${sign} $${values.push(value)}`;
  };
  const all = where.filter(({ connector }) => connector !== 'OR').map(one);
  const any = where.filter(({ connector }) => connector === 'OR').map(one);
  if (any.length > 0) all.push(`(${any.join(' or ')})`);
  return all.length === 0 ? 'true' : all.join(' and ');
};

const columnsOf = (model: string): ReadonlySet<string> => {
  const columns = AUTH_COLUMNS[model];
  if (columns === undefined) throw new Error(`${model} is no table of accounts`);
  return columns;
};

const table = (model: string): string => {
  columnsOf(model);
  return model;
};

const column = (model: string, name: string): string => {
  if (!columnsOf(model).has(name)) throw new Error(`${model} has no column ${name}`);
  return name;
};

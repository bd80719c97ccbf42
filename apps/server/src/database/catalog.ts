import type { ClientBase } from 'pg';

/** A table that carries data: ordinary or partitioned, but no partition of another. */
export interface DataTable {
  /** Quoted as SQL needs it. */
  readonly name: string;
  /** Columns that are stored, in order; generated ones are left out. */
  readonly columns: readonly string[];
}

/** A partition with its bounds as PostgreSQL prints them. */
export interface Partition {
  readonly parent: string;
  readonly name: string;
  readonly bounds: string;
}

/** Tells how far the schema is; describes the database and is no data of the company. */
export const VERSION_TABLE = 'schema_migration';

/** All tables of the current schema that carry data, by name. */
export async function dataTables(client: ClientBase): Promise<DataTable[]> {
  const { rows } = await client.query<DataTable>(
    `select quote_ident(c.relname) as name,
            array(select quote_ident(a.attname) from pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                  order by a.attnum) as columns
       from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> $1
      order by c.relname`,
    [VERSION_TABLE],
  );
  return rows;
}

/** All partitions of the current schema. */
export async function partitions(client: ClientBase): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(
    `select quote_ident(p.relname) as parent, quote_ident(c.relname) as name, pg_get_expr(c.relpartbound, c.oid) as bounds
       from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
      where c.relnamespace = current_schema()::regnamespace and c.relispartition and c.relkind in ('r', 'p')
      order by p.relname, c.relname`,
  );
  return rows;
}

/** All sequences of the current schema, with their state as text (a bigint may not fit a number). */
export async function sequences(client: ClientBase): Promise<{ name: string; last: string; called: boolean }[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'S' order by relname`,
  );
  const states: { name: string; last: string; called: boolean }[] = [];
  for (const { name } of rows) {
    const state = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${name}`,
    );
    states.push({ name, last: state.rows[0]?.last ?? '1', called: state.rows[0]?.called ?? false });
  }
  return states;
}

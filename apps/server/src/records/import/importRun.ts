import type { Pool, PoolClient } from 'pg';
import type { IntakeMode } from '../../intake/incomingEvent.ts';
import { ImportRefusal } from './importRefusal.ts';
import type { OpenImport } from './openImport.ts';

/** What became of the rows so far. `rows` = `accepted` + `duplicate` + `bad`, always. */
export type ImportCounts = {
  rows: number;
  accepted: number;
  duplicate: number;
  bad: number;
  /** Events that the rows became; 0 for companies and deals. */
  events: number;
  /** Odd, kept, and marked: by code. */
  flags: { [code: string]: number };
  /** Bad rows by code. */
  errors: { [code: string]: number };
  /** Of a list: who was kept but not handed off, since the policy or a person had said so. */
  notHandedOff: number;
  /** Length of the error file when this was kept. */
  errorBytes: number;
};

export const noCounts = (): ImportCounts => ({
  rows: 0,
  accepted: 0,
  duplicate: 0,
  bad: 0,
  events: 0,
  flags: {},
  errors: {},
  notHandedOff: 0,
  errorBytes: 0,
});

export type ImportRun = {
  readonly id: number;
  readonly sourceId: number;
  readonly sourceName: string;
  readonly startedAt: number;
  /** Rows of the file that an interrupted run had already dealt with. */
  readonly rowsDone: number;
  readonly counts: ImportCounts;
  /** Keeps the place; rows up to here are committed. */
  readonly keep: (rowsDone: number, counts: ImportCounts) => Promise<void>;
  readonly finish: (state: 'done' | 'failed' | 'stopped', error: string | null) => Promise<void>;
  /** Lets others import the file: they may as soon as this is over. */
  readonly release: () => Promise<void>;
};

/**
 * Begins an import, or takes up the one of the same file, map and mode that did not end. One process imports a file at a
 * time: another is refused with `run-busy` (an advisory lock, which a killed process gives back by itself).
 */
export const beginRun = async (pool: Pool, given: OpenImport, mode: IntakeMode): Promise<ImportRun> => {
  const lock: PoolClient = await pool.connect();
  try {
    const held = await lock.query<{ held: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as held', [
      `import ${given.facts.sha256} ${given.mapHash} ${mode}`,
    ]);
    if (held.rows[0]?.held !== true) {
      throw new ImportRefusal('run-busy', `${given.path} is being imported by another process right now.`);
    }
    const source = await ensureSource(lock, given.map.source);
    const before = await lock.query<{ id: number; rows_done: number; counts: string; started_at: number }>(
      `select id, rows_done, counts, started_at from import_run
       where file_hash = $1 and map_hash = $2 and mode = $3 and source_id = $4 and state <> 'done'
       order by id desc limit 1`,
      [given.facts.sha256, given.mapHash, mode, source.id],
    );
    const row =
      before.rows[0] ??
      (
        await lock.query<{ id: number; rows_done: number; counts: string; started_at: number }>(
          `insert into import_run (source_id, file_name, file_hash, map_hash, map, mode, counts, state)
           values ($1, $2, $3, $4, $5, $6, $7, 'running') returning id, rows_done, counts, started_at`,
          [source.id, given.path, given.facts.sha256, given.mapHash, given.mapText, mode, JSON.stringify(noCounts())],
        )
      ).rows[0];
    if (row === undefined) throw new Error('the import run was not kept');
    await lock.query(`update import_run set state = 'running', error = null, updated_at = now_ms() where id = $1`, [
      row.id,
    ]);
    return {
      id: row.id,
      sourceId: source.id,
      sourceName: source.name,
      startedAt: row.started_at,
      rowsDone: row.rows_done,
      counts: { ...noCounts(), ...(JSON.parse(row.counts) as Partial<ImportCounts>) },
      keep: async (rowsDone, counts) => {
        await lock.query('update import_run set rows_done = $2, counts = $3, updated_at = now_ms() where id = $1', [
          row.id,
          rowsDone,
          JSON.stringify(counts),
        ]);
      },
      finish: async (state, error) => {
        await lock.query('update import_run set state = $2, error = $3, updated_at = now_ms() where id = $1', [
          row.id,
          state,
          error,
        ]);
      },
      release: async () => {
        // The end of a connection gives its lock back only when the server notices; where it broke, that must do.
        await lock.query('select pg_advisory_unlock_all()').catch(() => {});
        lock.release(true);
      },
    };
  } catch (error) {
    lock.release(true);
    throw error;
  }
};

/** The source that provenance shows; a name that another kind of source has is marked as the import's own. */
const ensureSource = async (client: PoolClient, wanted: string): Promise<{ id: number; name: string }> => {
  for (const name of [wanted, `${wanted} (import)`]) {
    await client.query(
      `insert into source (name, kind, trust) values ($1, 'import', 'server') on conflict (name) do nothing`,
      [name],
    );
    const { rows } = await client.query<{ id: number; kind: string }>('select id, kind from source where name = $1', [
      name,
    ]);
    if (rows[0]?.kind === 'import') return { id: rows[0].id, name };
  }
  throw new ImportRefusal(
    'map-invalid',
    `The source name "${wanted}" belongs to something that is no import. Choose another.`,
  );
};

import type { Pool, PoolClient } from 'pg';
import { POLICY_CHANNEL } from '../agreement/publishPolicy.ts';
import { inTransaction } from '../database/transaction.ts';
import type { Acts } from '../handoff/act.ts';
import { DEMO_SOURCES } from './demoEvents.ts';
import { DEMO_LOCK, loadDemoRecord, removeDemoRecord } from './demoRecord.ts';
import { actingIn } from './repSteps.ts';

export type DemoRemoved = {
  readonly people: number;
  readonly handoffs: number;
  /** Reps that stay, switched off, because a contact of the company's own has been theirs. */
  readonly repsKept: number;
};

/** Tables whose rows belong to a contact, and the condition that finds the demo's. Children before parents. */
const BY_CONTACT = [
  'notification',
  'delivery',
  'timeline',
  'task',
  'act_undo',
  'activity',
  'hold',
  'handoff_clock',
  'handoff_member',
  'deal_contact',
  'status_entry',
  'qualification',
  'decision',
  'reevaluation',
  'weak_key',
  'identity_key',
  'feed',
  'fact',
  'stage_entry',
  'event',
] as const;

/**
 * Takes away all that the demo has made, and nothing else: its people, companies, handoffs, reps, teams and policy. What
 * happened meanwhile to contacts of the company's own stays, their demo owners are replaced by the queue (`acts`). One
 * transaction. Null where there is no demo.
 */
export const removeDemo = async (deps: { readonly pool: Pool; readonly acts: Acts }): Promise<DemoRemoved | null> => {
  const record = await loadDemoRecord(deps.pool);
  if (record === null) return null;
  await releaseOwnContacts(deps, record.repIds);
  return inTransaction(deps.pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [DEMO_LOCK]);
    const sources = await client.query<{ id: number }>(`select id from source where kind = 'demo' and name = any($1)`, [
      Object.values(DEMO_SOURCES).map((source) => source.name),
    ]);
    const sourceIds = sources.rows.map((row) => row.id);
    const contacts = await client.query<{ id: number; redirected_to: number | null }>(
      'select id, redirected_to from contact where source_id = any($1) order by id for update',
      [sourceIds],
    );
    const contactIds = contacts.rows.map((row) => row.id);
    const handoffs = await client.query<{ id: number }>('select id from handoff where contact_id = any($1)', [
      contactIds,
    ]);
    const handoffIds = handoffs.rows.map((row) => row.id);
    const companies = await client.query<{ id: number }>(
      `select id from company where source_id = any($1)
         and not exists (select 1 from contact where company_id = company.id and not source_id = any($1))`,
      [sourceIds],
    );
    const companyIds = companies.rows.map((row) => row.id);
    const deals = await client.query<{ id: number }>(
      'select id from deal where handoff_id = any($1) or company_id = any($2)',
      [handoffIds, companyIds],
    );
    const dealIds = deals.rows.map((row) => row.id);

    await client.query(
      'delete from delivery_attempt where delivery_id in (select id from delivery where contact_id = any($1))',
      [contactIds],
    );
    for (const table of BY_CONTACT) await client.query(`delete from ${table} where contact_id = any($1)`, [contactIds]);
    await client.query('delete from handoff_offer where handoff_id = any($1)', [handoffIds]);
    await client.query('delete from deal_stage_entry where deal_id = any($1)', [dealIds]);
    await client.query('delete from deal_contact where deal_id = any($1)', [dealIds]);
    await client.query('delete from deal where id = any($1)', [dealIds]);
    await client.query('delete from handoff where id = any($1)', [handoffIds]);
    await client.query('delete from contact_redirect where contact_id = any($1) or survivor_id = any($1)', [
      contactIds,
    ]);
    await client.query('delete from contact_redirect_undone where contact_id = any($1) or survivor_id = any($1)', [
      contactIds,
    ]);
    for (const table of ['fact', 'stage_entry'] as const)
      await client.query(`delete from ${table} where company_id = any($1)`, [companyIds]);
    await client.query('delete from company_key where company_id = any($1)', [companyIds]);
    await client.query('delete from company where id = any($1)', [companyIds]);
    await client.query('delete from contact where id = any($1)', [contactIds]);
    for (const table of ['message_seen', 'quarantine'] as const)
      await client.query(`delete from ${table} where source_id = any($1)`, [sourceIds]);
    await client.query('delete from ledger_step where team_id = any($1)', [record.teamIds]);
    await client.query('delete from ledger where team_id = any($1)', [record.teamIds]);
    await removePolicy(client, record);
    const repsKept = await removeReps(client, record);
    await client.query(
      `delete from source where id = any($1) and not exists (select 1 from event where source_id = source.id)
         and not exists (select 1 from company where source_id = source.id)`,
      [sourceIds],
    );
    await removeDemoRecord(client);
    const people = contacts.rows.filter((row) => row.redirected_to === null).length;
    return { people, handoffs: handoffIds.length, repsKept };
  });
};

/** Open handoffs of the company's own contacts that a demo rep holds go back to where others can take them. */
const releaseOwnContacts = async (
  { pool, acts }: { readonly pool: Pool; readonly acts: Acts },
  repIds: readonly number[],
): Promise<void> => {
  const { rows } = await pool.query<{ contact_id: number; owner_id: number }>(
    `select h.contact_id, h.owner_id from handoff h join contact c on c.id = h.contact_id join source s on s.id = c.source_id
     where h.owner_id = any($1) and h.closed_at is null and s.kind <> 'demo' order by h.contact_id`,
    [repIds],
  );
  if (rows.length === 0) return;
  await pool.query('update rep set active = false where id = any($1)', [repIds]);
  const act = actingIn(acts);
  for (const row of rows) {
    await act(row.contact_id, { kind: 'availability-changed', repId: row.owner_id, change: 'deactivated' }, null);
  }
};

/** The policy goes where only demo contacts were decided by it; else it stays as history and is no longer in force. */
const removePolicy = async (
  client: PoolClient,
  record: {
    readonly policyVersionId: number | null;
    readonly policyHash: string | null;
    readonly policySeq: number | null;
  },
): Promise<void> => {
  const { policyVersionId, policyHash, policySeq } = record;
  if (policyVersionId === null || policySeq === null) return;
  const newest = await client.query<{ seq: number; version_id: number | null }>(
    'select seq, version_id from policy_active order by seq desc limit 1',
  );
  const inForce = newest.rows[0]?.version_id === policyVersionId;
  const used = await client.query('select 1 from decision where policy_hash = $1 limit 1', [policyHash]);
  if (used.rows.length === 0 && newest.rows[0]?.seq === policySeq) {
    await client.query('delete from policy_active where seq = $1', [policySeq]);
    await client.query('delete from policy_signature where version_id = $1', [policyVersionId]);
    await client.query('delete from policy_list where version_id = $1', [policyVersionId]);
    await client.query('delete from policy_version where id = $1', [policyVersionId]);
  } else if (inForce) {
    await client.query(
      `insert into policy_active (seq, version_id, mode, by) values ($1, null, 'two-key', 'demo removed')`,
      [(newest.rows[0]?.seq ?? 0) + 1],
    );
  }
  if (inForce) await client.query('select pg_notify($1, $2)', [POLICY_CHANNEL, String(policySeq)]);
};

/** Reps that nothing of the company's own points at go with their history; the others stay, switched off. */
const removeReps = async (
  client: PoolClient,
  record: { readonly repIds: readonly number[]; readonly teamIds: readonly string[] },
): Promise<number> => {
  const { repIds, teamIds } = record;
  await client.query('delete from team_member where team_id = any($1)', [teamIds]);
  await client.query('update team set manager_id = null where id = any($1)', [teamIds]);
  await client.query('update rep set manager_id = null, cover_id = null where id = any($1)', [repIds]);
  const kept = await client.query<{ id: number }>(
    `select id from rep where id = any($1) and (
       exists (select 1 from handoff where owner_id = rep.id) or exists (select 1 from task where owner_id = rep.id)
       or exists (select 1 from deal where owner_id = rep.id) or exists (select 1 from handoff_offer where rep_id = rep.id)
       or exists (select 1 from team_member where rep_id = rep.id) or exists (select 1 from rep m where m.manager_id = rep.id or m.cover_id = rep.id)
       or exists (select 1 from team where manager_id = rep.id) or exists (select 1 from territory_row where rep_id = rep.id))`,
    [repIds],
  );
  const keptIds = kept.rows.map((row) => row.id);
  await client.query('update rep set active = false where id = any($1)', [keptIds]);
  const goneIds = repIds.filter((id) => !keptIds.includes(id));
  for (const table of ['rep_absence', 'availability_due', 'rep_calendar', 'slack_link', 'channel_off'] as const)
    await client.query(`delete from ${table} where rep_id = any($1)`, [goneIds]);
  await client.query('delete from rep where id = any($1)', [goneIds]);
  await client.query('delete from rep_version where rep_id = any($1)', [goneIds]);
  await client.query('delete from team where id = any($1)', [teamIds]);
  await client.query('delete from team_member_version where team_id = any($1)', [teamIds]);
  await client.query('delete from team_version where team_id = any($1)', [teamIds]);
  return keptIds.length;
};

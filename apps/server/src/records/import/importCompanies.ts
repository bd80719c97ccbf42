import type { FactClaim, Facts } from '@baton/domain/facts/fact.ts';
import { foldCompanyFacts } from '@baton/domain/facts/foldFacts.ts';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import { eventKey } from '../../intake/eventKey.ts';
import type { IntakeMode } from '../../intake/incomingEvent.ts';
import { registrableDomain } from '../../intake/mailDomain.ts';
import type { ImportRun } from './importRun.ts';
import type { CompanyRow } from './mapRow.ts';

/** Block size of company_id_seq: each nextval is the first of so many ids that belong to the caller. */
const ID_BLOCK = 64;

/**
 * Folds rows about companies into what is known of them, by registrable domain; a company that is new is made. A row that
 * tells nothing new counts as duplicate, which makes a second import of the same file free of effect. Contacts of changed
 * companies are decided again soon, except in a history import. One transaction, a few statements whatever the size.
 */
export const importCompanies = (
  pool: Pool,
  run: Pick<ImportRun, 'sourceId' | 'sourceName' | 'startedAt'>,
  rows: readonly CompanyRow[],
  mode: IntakeMode,
): Promise<{ accepted: number; duplicate: number }> =>
  inTransaction(pool, async (client) => {
    const named = rows.map((row) => ({
      row,
      domain: registrableDomain(row.domain) ?? row.domain.trim().toLowerCase(),
    }));
    const domains = [...new Set(named.map((each) => each.domain))].sort();
    await makeMissing(client, run, domains);
    const found = await client.query<{ id: number; domain: string; facts: string; name: string | null }>(
      'select id, domain, facts, name from company where domain = any($1) order by id for no key update',
      [domains],
    );
    const known = new Map(
      found.rows.map((each) => [each.domain, { ...each, state: JSON.parse(each.facts) as Facts, changed: false }]),
    );
    const facts: { company: number; at: number; path: string; key: string; value: string }[] = [];
    let accepted = 0;
    for (const { row, domain } of named) {
      const company = known.get(domain);
      if (company === undefined) continue;
      const key = eventKey(run.sourceId, `companies:${row.key}`);
      const claims: FactClaim[] = row.claims.map((claim) =>
        claim.path === 'company.domain' ? { ...claim, value: domain } : claim,
      );
      const before = company.state;
      // What the same source has said before is no news, however often the file comes.
      const news = claims.filter(({ path, value }) => {
        const fact = before[path];
        return fact?.source !== run.sourceName || JSON.stringify(fact.value) !== JSON.stringify(value);
      });
      company.state = foldCompanyFacts(before, news, {
        trust: 'server',
        effectiveAt: row.at,
        source: run.sourceName,
        key,
      });
      const told = news.filter(({ path }) => company.state[path] !== before[path]);
      if (told.length === 0) continue;
      accepted += 1;
      company.changed = true;
      if (row.name !== null && company.state['company.name']?.value === row.name) company.name = row.name;
      for (const { path, value } of told)
        facts.push({ company: company.id, at: row.at, path, key, value: JSON.stringify(value) });
    }
    const changed = [...known.values()].filter((each) => each.changed);
    if (changed.length > 0) {
      await client.query(
        `update company set facts = new.facts, name = new.name, version = version + 1, updated_at = now_ms()
         from unnest($1::int8[], $2::text[], $3::text[]) as new(id, facts, name) where company.id = new.id`,
        [
          changed.map((each) => each.id),
          changed.map((each) => JSON.stringify(each.state)),
          changed.map((each) => each.name),
        ],
      );
      await client.query(
        `insert into fact (company_id, at, recorded_at, source, trust, path, key, value)
         select company, at, now_ms(), $1, 's', path, key, value
         from unnest($2::int8[], $3::int8[], $4::text[], $5::text[], $6::text[]) as told(company, at, path, key, value)`,
        [
          run.sourceName,
          facts.map((each) => each.company),
          facts.map((each) => each.at),
          facts.map((each) => each.path),
          facts.map((each) => each.key),
          facts.map((each) => each.value),
        ],
      );
      if (mode !== 'history') {
        await client.query(
          `insert into reevaluation (contact_id, cause, at) select id, 'company-facts', now_ms() from contact
           where company_id = any($1) on conflict (contact_id, cause) do nothing`,
          [changed.map((each) => each.id)],
        );
      }
    }
    return { accepted, duplicate: rows.length - accepted };
  });

const makeMissing = async (
  client: PoolClient,
  run: Pick<ImportRun, 'sourceId' | 'startedAt'>,
  domains: readonly string[],
): Promise<void> => {
  const { rows } = await client.query<{ domain: string }>(
    'select domain from unnest($1::text[]) as domain where not exists (select 1 from company where company.domain = domain.domain)',
    [domains],
  );
  if (rows.length === 0) return;
  const blocks = await client.query<{ first: number }>(
    `select nextval('company_id_seq') as first from generate_series(1, $1)`,
    [Math.ceil(rows.length / ID_BLOCK)],
  );
  const ids = rows.map((_, index) => (blocks.rows[Math.floor(index / ID_BLOCK)]?.first ?? 0) + (index % ID_BLOCK));
  await client.query(
    `insert into company (id, domain, source_id, created_at, updated_at)
     select id, domain, $1, $2, $2 from unnest($3::int8[], $4::text[]) as made(id, domain) on conflict (domain) do nothing`,
    [run.sourceId, run.startedAt, ids, rows.map((each) => each.domain)],
  );
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { makePolicyLoader } from './activePolicy.ts';
import { type PolicyVersion, savePolicyVersion } from './policyVersions.ts';
import { noLists, type PreparedPolicy, preparePolicy } from './preparePolicy.ts';
import { POLICY_CHANNEL, publishPolicy } from './publishPolicy.ts';
import { readPolicyFile } from './readPolicyFile.ts';
import { type SigningTeam, signPolicy } from './signatures.ts';

const POLICIES = join(import.meta.dirname, '../../../../policies');
const SMALL = readFileSync(join(POLICIES, 'demo-request-only.yaml'), 'utf8');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});
beforeEach(async () => {
  await database.pool.query(
    'truncate policy_active, policy_signature, policy_list, policy_version, team, rep, audit cascade',
  );
  await database.pool.query(
    "insert into team (id, name) values ('inbound', 'Inbound'), ('dach', 'DACH'), ('partners', 'Partners')",
  );
});

const prepared = (source: string): PreparedPolicy => {
  const policy = preparePolicy(source, noLists);
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  return policy.value;
};
const save = (source = SMALL): Promise<PolicyVersion> =>
  savePolicyVersion(database.pool, prepared(source), 'mia@example.com');
const sign = (version: PolicyVersion, team: SigningTeam, person: string) =>
  signPolicy(database.pool, { versionId: version.id, hash: version.hash, team, person });
const publish = (version: PolicyVersion, more: object = {}) =>
  publishPolicy(database.pool, { versionId: version.id, by: 'ruth@example.com', ...more });
const signed = async (source = SMALL): Promise<PolicyVersion> => {
  const version = await save(source);
  expect((await sign(version, 'marketing', 'mia@example.com')).ok).toBe(true);
  expect((await sign(version, 'sales', 'jonas@example.com')).ok).toBe(true);
  return version;
};
const refused = (code: string) => ({ ok: false, error: expect.objectContaining({ code, say: expect.any(String) }) });

describe('the agreement', () => {
  it('is in force once two people of the two teams have signed and somebody publishes', async () => {
    const loader = makePolicyLoader();
    expect(await loader.loadActivePolicy(database.pool)).toBeNull();
    const version = await signed();
    expect(await loader.loadActivePolicy(database.pool)).toBeNull();
    const published = await publish(version);
    expect(published).toMatchObject({ ok: true, value: { seq: 1, mode: 'two-key', hash: version.hash } });
    const active = await loader.loadActivePolicy(database.pool);
    expect(active).toMatchObject({ versionId: version.id, hash: version.hash, mode: 'two-key', name: 'Demo requests' });
    expect(active?.compiled.rules.map((rule) => rule.id)).toEqual(['hand-raiser']);
    expect((await loader.loadActivePolicy(database.pool))?.compiled).toBe(active?.compiled);
  });

  it('does not count one signature, nor a second of the same team, nor one person for both', async () => {
    const version = await save();
    await sign(version, 'marketing', 'mia@example.com');
    expect(await publish(version)).toEqual(refused('signature-missing'));
    expect(await sign(version, 'marketing', 'other@example.com')).toEqual(refused('already-signed'));
    expect(await sign(version, 'sales', ' MIA@example.com ')).toEqual(refused('signed-for-the-other-team'));
    expect(await publish(version)).toEqual(refused('signature-missing'));
  });

  it('an edit voids both signatures, and going back to the old text does not bring them back', async () => {
    const version = await signed();
    const edited = await save(SMALL.replace('for: 7d', 'for: 8d'));
    expect(edited.hash).not.toBe(version.hash);
    expect(edited.reviewRound).toBe(2);
    expect(await publish(version)).toEqual(refused('version-superseded'));
    expect(await publish(edited)).toEqual(refused('signature-missing'));
    const back = await save();
    expect(back).toMatchObject({ hash: version.hash, reviewRound: 3 });
    expect(await publish(back)).toEqual(refused('signature-missing'));
  });

  it('a comment or another layout is no edit: the signatures stand', async () => {
    const version = await signed();
    const same = await save(`# a comment\n${SMALL.replace('{ team: inbound }', '{   team: inbound }')}`);
    expect(same.id).toBe(version.id);
    expect((await publish(same)).ok).toBe(true);
  });

  it('refuses a signature for another hash than the version has', async () => {
    const version = await save();
    const act = {
      versionId: version.id,
      hash: `${version.hash.slice(1)}0`,
      team: 'sales',
      person: 'jonas@example.com',
    } as const;
    expect(await signPolicy(database.pool, act)).toEqual(refused('signature-mismatch'));
    expect(await signPolicy(database.pool, { ...act, versionId: 999_999 })).toEqual(refused('version-unknown'));
  });

  it('a signer who is switched off before publishing no longer counts, and can’t sign', async () => {
    await database.pool.query("insert into rep (name, email) values ('Jonas', 'jonas@example.com')");
    const version = await signed();
    await database.pool.query("update rep set active = false where email = 'jonas@example.com'");
    expect(await publish(version)).toEqual(refused('signature-no-longer-valid'));
    const edited = await save(SMALL.replace('for: 7d', 'for: 9d'));
    expect(await sign(edited, 'sales', 'Jonas@example.com')).toEqual(refused('person-inactive'));
  });

  it('goes by one signature only where single-signer mode is named, and says so', async () => {
    const version = await save();
    expect(await publish(version, { mode: 'single-signer' })).toEqual(refused('signature-missing'));
    await sign(version, 'marketing', 'mia@example.com');
    expect(await publish(version)).toEqual(refused('signature-missing'));
    expect(await publish(version, { mode: 'single-signer' })).toMatchObject({
      ok: true,
      value: { mode: 'single-signer' },
    });
    expect(await makePolicyLoader().loadActivePolicy(database.pool)).toMatchObject({ mode: 'single-signer' });
    const { rows } = await database.pool.query("select by, detail from audit where action = 'policy-published'");
    expect(rows.map((row) => [row.by, JSON.parse(row.detail).mode])).toEqual([['ruth@example.com', 'single-signer']]);
    await sign(version, 'sales', 'jonas@example.com');
    expect(await publish(version)).toMatchObject({ ok: true, value: { mode: 'two-key', seq: 2 } });
  });

  it('of two publishings at once one wins', async () => {
    const first = await signed();
    const second = await signed(SMALL.replace('name: Demo requests', 'name: Other'));
    const outcomes = await Promise.all([publish(first, { seenSeq: 0 }), publish(second, { seenSeq: 0 })]);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    expect(outcomes.find((outcome) => !outcome.ok)).toEqual(refused('active-changed'));
    const { rows } = await database.pool.query('select count(*)::int as n from policy_active');
    expect(rows[0].n).toBe(1);
  });

  it('of two signatures of one team at once one counts', async () => {
    const version = await save();
    const people = ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com'];
    const outcomes = await Promise.all(people.map((person) => sign(version, 'sales', person)));
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  });

  it('of two saves of one text at once one version is made', async () => {
    const versions = await Promise.all([save(), save(), save()]);
    expect(new Set(versions.map((version) => version.id)).size).toBe(1);
    expect((await database.pool.query('select id from policy_version')).rows).toHaveLength(1);
  });

  it('is not published while it sends leads to a team that does not exist', async () => {
    await database.pool.query("delete from team where id = 'inbound'");
    expect(await publish(await signed())).toEqual(refused('team-unknown'));
  });

  it('tells the other nodes by a notification, and refuses to publish the same version twice', async () => {
    const client = await database.pool.connect();
    try {
      await client.query(`listen ${POLICY_CHANNEL}`);
      const heard = new Promise<string | undefined>((resolve) =>
        client.once('notification', (one) => resolve(one.payload)),
      );
      const version = await signed();
      await publish(version);
      expect(await heard).toBe('1');
      expect(await publish(version)).toEqual(refused('already-active'));
    } finally {
      client.release(true);
    }
  });

  it('stores lists with the version, compiles with them, and refuses bytes that were not signed', async () => {
    const policy = readPolicyFile(join(POLICIES, 'fit-and-engagement.yaml'));
    if (!policy.ok) throw new Error(JSON.stringify(policy.error));
    const version = await savePolicyVersion(database.pool, policy.value, 'mia@example.com');
    await sign(version, 'marketing', 'mia@example.com');
    await sign(version, 'sales', 'jonas@example.com');
    expect(await publish(version)).toMatchObject({ ok: true });
    const active = await makePolicyLoader().loadActivePolicy(database.pool);
    expect(active?.compiled.lists.get('competitors')).toContain('rival.example');
    await database.pool.query("update policy_list set content = content || chr(10) || 'more.example'");
    await expect(makePolicyLoader().loadActivePolicy(database.pool)).rejects.toThrow('is not what was signed');
    await database.pool.query('update policy_list set content = $1', [policy.value.lists[0]?.content]);
    await database.pool.query("update policy_version set canonical = replace(canonical, '60', '50')");
    await expect(makePolicyLoader().loadActivePolicy(database.pool)).rejects.toThrow('is not what was signed');
  });
});

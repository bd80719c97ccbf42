import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { type PolicyVersion, savePolicyVersion } from './policyVersions.ts';
import { noLists, type PreparedPolicy, preparePolicy } from './preparePolicy.ts';
import { publishPolicy } from './publishPolicy.ts';
import { type SigningTeam, signPolicy } from './signatures.ts';

const SMALL = readFileSync(join(import.meta.dirname, '../../../../policies/demo-request-only.yaml'), 'utf8');
const TEXTS: readonly PreparedPolicy[] = [7, 8, 9].map((days) => {
  const policy = preparePolicy(SMALL.replace('for: 7d', `for: ${days}d`), noLists);
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  return policy.value;
});
const PEOPLE = ['mia@example.com', 'jonas@example.com', 'ruth@example.com'] as const;

type Act =
  | { readonly do: 'save'; readonly text: number }
  | { readonly do: 'sign'; readonly back: number; readonly team: SigningTeam; readonly person: number }
  | { readonly do: 'publish'; readonly back: number; readonly single: boolean }
  | { readonly do: 'switch'; readonly person: number; readonly on: boolean };

const person = fc.nat(PEOPLE.length - 1);
const back = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('save' as const), text: fc.nat(TEXTS.length - 1) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('sign' as const),
      back,
      team: fc.constantFrom<SigningTeam>('marketing', 'sales'),
      person,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('publish' as const), back, single: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('switch' as const), person, on: fc.boolean() }) },
);

/** The law, written once more and in the simplest way: what may be done to the newest version, and by whom. */
class Law {
  readonly versions: { id: number; text: number; signed: Map<SigningTeam, number> }[] = [];
  readonly off = new Set<number>();
  active: { id: number; single: boolean } | null = null;

  maySign(at: number, team: SigningTeam, who: number): boolean {
    const version = this.versions[at];
    if (version === undefined || at !== this.versions.length - 1 || this.off.has(who)) return false;
    return !version.signed.has(team) && ![...version.signed.values()].includes(who);
  }

  mayPublish(at: number, single: boolean): boolean {
    const version = this.versions[at];
    if (version === undefined || at !== this.versions.length - 1) return false;
    if (this.active?.id === version.id && this.active.single === single) return false;
    if ([...version.signed.values()].some((who) => this.off.has(who))) return false;
    return version.signed.size >= (single ? 1 : 2);
  }
}

/** The way that it is meant to go, and one signer's leaving, so that every run has seen both. */
const AS_AGREED: Act[] = [
  { do: 'save', text: 0 },
  { do: 'publish', back: 0, single: true },
  { do: 'sign', back: 0, team: 'marketing', person: 0 },
  { do: 'publish', back: 0, single: true },
  { do: 'sign', back: 0, team: 'sales', person: 1 },
  { do: 'publish', back: 0, single: false },
  { do: 'switch', person: 1, on: false },
  { do: 'publish', back: 0, single: true },
];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

it('no history of edits, signatures, departures and publishings puts into force what two living people did not sign', async () => {
  const { pool } = database;
  const reached = new Set<string>();
  const one = async (acts: readonly Act[]): Promise<void> => {
    await pool.query('truncate policy_active, policy_signature, policy_list, policy_version, team, rep, audit cascade');
    await pool.query("insert into team (id, name) values ('inbound', 'Inbound')");
    for (const email of PEOPLE) await pool.query('insert into rep (name, email) values ($1, $1)', [email]);
    const law = new Law();
    const stored: PolicyVersion[] = [];
    for (const next of acts) {
      if (next.do === 'switch') {
        await pool.query('update rep set active = $1 where email = $2', [next.on, PEOPLE[next.person]]);
        if (next.on) law.off.delete(next.person);
        else law.off.add(next.person);
      } else if (next.do === 'save') {
        const version = await savePolicyVersion(pool, TEXTS[next.text] as PreparedPolicy, 'ruth@example.com');
        const isNew = law.versions.at(-1)?.text !== next.text;
        expect(version.id === stored.at(-1)?.id).toBe(!isNew);
        if (!isNew) continue;
        law.versions.push({ id: version.id, text: next.text, signed: new Map() });
        stored.push(version);
      } else {
        const at = stored.length - 1 - next.back;
        const version = stored[at];
        if (version === undefined) continue;
        if (next.do === 'sign') {
          const { team } = next;
          const who = PEOPLE[next.person] as string;
          const signed = await signPolicy(pool, { versionId: version.id, hash: version.hash, team, person: who });
          expect(signed.ok).toBe(law.maySign(at, team, next.person));
          if (signed.ok) law.versions[at]?.signed.set(team, next.person);
        } else {
          const mode = next.single ? 'single-signer' : 'two-key';
          const published = await publishPolicy(pool, { versionId: version.id, by: 'ruth@example.com', mode });
          expect(published.ok).toBe(law.mayPublish(at, next.single));
          if (published.ok) law.active = { id: version.id, single: next.single };
          reached.add(published.ok ? mode : published.error.code);
        }
      }
    }
    const { rows } = await pool.query('select version_id from policy_active order by seq desc limit 1');
    expect(rows[0]?.version_id ?? null).toBe(law.active?.id ?? null);
  };
  await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 25 }), one), {
    numRuns: 25,
    examples: [[AS_AGREED]],
  });
  expect([...reached]).toEqual(
    expect.arrayContaining(['single-signer', 'two-key', 'signature-missing', 'signature-no-longer-valid']),
  );
}, 60_000);

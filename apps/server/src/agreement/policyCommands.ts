/** What `baton policy ...` does, without the terminal: each answers data for `--json`, text for people, and the exit code. */
import { basename, dirname, join } from 'node:path';
import type { PolicyFinding } from '@baton/domain/policy/finding.ts';
import { pageOf } from '@baton/domain/policy/page/page.ts';
import { renderPageMarkdown, renderPageText } from '@baton/domain/policy/page/renderPage.ts';
import type { Surroundings } from '@baton/domain/policy/reader.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { findUnsetWays, readWebhookNames, type Ways } from './findUnsetWays.ts';
import { newestVersion, savePolicyVersion } from './policyVersions.ts';
import type { PreparedPolicy } from './preparePolicy.ts';
import { type PublishMode, publishPolicy } from './publishPolicy.ts';
import { readPolicyFile } from './readPolicyFile.ts';
import { runPolicyCases } from './runPolicyCases.ts';
import { type AgreementError, type SigningTeam, short, signaturesOf, signPolicy } from './signatures.ts';

/** 0 ok, 1 failure, 3 findings; usage errors (2) are the command line's own. */
export interface PolicyCommandOutcome {
  readonly exitCode: 0 | 1 | 3;
  /** Stable, for `--json`. */
  readonly data: object;
  readonly text: string;
}

/** `policy check FILE`: every finding with its place and mend. Errors are findings (3); warnings and notices are not. */
export function checkPolicyFile(file: string, surroundings: Surroundings = {}): PolicyCommandOutcome {
  return withPolicy(file, surroundings, (policy) => ({
    exitCode: 0,
    data: { ok: true, file, name: policy.document.name, hash: policy.hash, findings: policy.findings },
    text: [
      ...policy.findings.map(line(file)),
      `${file}: ${policy.document.name}, ${short(policy.hash)}, can be signed.`,
    ].join('\n'),
  }));
}

/** `policy explain FILE`: the page of plain English, as people read and sign it. */
export function explainPolicyFile(file: string, format: 'text' | 'markdown' = 'text'): PolicyCommandOutcome {
  return withPolicy(file, {}, (policy) => {
    const page = pageOf(policy.asWritten);
    const text = format === 'markdown' ? renderPageMarkdown(page) : renderPageText(page);
    return { exitCode: 0, data: { hash: policy.hash, page }, text: text.trimEnd() };
  });
}

/** `policy test FILE [CASES]`: runs the cases beside the policy; a case that comes out otherwise is a finding (3). */
export function testPolicyFile(file: string, cases: string = casesFileOf(file)): PolicyCommandOutcome {
  return withPolicy(file, {}, (policy) => {
    const run = runPolicyCases(policy, cases);
    if (!run.ok)
      return { exitCode: 3, data: { ok: false, findings: run.error }, text: run.error.map(line(cases)).join('\n') };
    const failed = run.value.filter((one) => one.deviations.length > 0);
    const lines = run.value.flatMap((one) => [
      `${one.deviations.length === 0 ? 'ok  ' : 'FAIL'} ${one.say}`,
      ...one.deviations.map(
        ({ what, expected, actual }) =>
          `       ${what}: expected ${JSON.stringify(expected)}, was ${JSON.stringify(actual)}`,
      ),
    ]);
    const total = `${run.value.length - failed.length} of ${run.value.length} cases come out as expected.`;
    return {
      exitCode: failed.length === 0 ? 0 : 3,
      data: { ok: failed.length === 0, hash: policy.hash, cases: run.value },
      text: [...lines, total].join('\n'),
    };
  });
}

/** The cases file of a policy: `inbound.yaml` has `inbound.cases.json` beside it. */
export function casesFileOf(file: string): string {
  return join(dirname(file), `${basename(file).replace(/\.ya?ml$/, '')}.cases.json`);
}

/** `policy sign FILE --team T --as PERSON`: stores the file as a version, where it is new, and signs that version. */
export async function signPolicyFile(
  pool: Pool,
  file: string,
  by: { readonly team: SigningTeam; readonly person: string },
): Promise<PolicyCommandOutcome> {
  const policy = readPolicyFile(file, await surroundingsOf(pool));
  if (!policy.ok) return refuseFindings(file, policy.error);
  const version = await savePolicyVersion(pool, policy.value, by.person);
  const signed = await signPolicy(pool, { versionId: version.id, hash: version.hash, ...by });
  if (!signed.ok) return refuse(signed.error);
  const signatures = await signaturesOf(pool, version);
  const missing = (['marketing', 'sales'] as const).filter((team) => !signatures.some((one) => one.team === team));
  const next =
    missing.length === 0
      ? 'Both have signed: it can be published.'
      : `Missing: the signature of ${missing.join(' and ')}.`;
  return {
    exitCode: 0,
    data: { ok: true, version: version.id, hash: version.hash, reviewRound: version.reviewRound, signatures },
    text: `${by.person} signed ${policy.value.document.name}, version ${version.id} (${short(version.hash)}), for ${by.team}. ${next}`,
  };
}

/**
 * `policy publish FILE --as PERSON [--single-signer]`: puts the signed version with the file's content into force. `unset`:
 * the channels that this server lacks; what the policy would send by them is warned of, and published all the same.
 */
export async function publishPolicyFile(
  pool: Pool,
  file: string,
  act: { readonly by: string; readonly mode?: PublishMode },
  unset: Ways['unset'] = new Map(),
): Promise<PolicyCommandOutcome> {
  const policy = readPolicyFile(file, await surroundingsOf(pool));
  if (!policy.ok) return refuseFindings(file, policy.error);
  const newest = await newestVersion(pool, policy.value.document.name);
  if (newest?.hash !== policy.value.hash)
    return refuse({
      code: 'signature-missing',
      say: `Nobody has signed this content of ${file} (${short(policy.value.hash)}). Sign it with "baton policy sign".`,
    });
  const published = await publishPolicy(pool, { versionId: newest.id, ...act });
  if (!published.ok) return refuse(published.error);
  const { seq, hash, mode, since } = published.value;
  const banner = mode === 'single-signer' ? ' One signer only: every screen says so.' : '';
  const unsetWays = findUnsetWays(policy.value.document, { unset, webhooks: await readWebhookNames(pool) });
  return {
    exitCode: 0,
    data: { ok: true, ...published.value, unsetWays },
    text: [
      `${policy.value.document.name}, version ${newest.id} (${short(hash)}), is in force since ${new Date(since).toISOString()} (publishing ${seq}).${banner}`,
      ...unsetWays.map(({ path, message, mend }) => `${file}: warning ${path}: ${message}; ${mend}`),
    ].join('\n'),
  };
}

/** What the database knows that a policy refers to. */
export async function surroundingsOf(client: Queryable): Promise<Surroundings> {
  const { rows } = await client.query<{ id: string }>('select id from team');
  return { teams: new Set(rows.map((row) => row.id)) };
}

function withPolicy(
  file: string,
  surroundings: Surroundings,
  work: (policy: PreparedPolicy) => PolicyCommandOutcome,
): PolicyCommandOutcome {
  const policy = readPolicyFile(file, surroundings);
  return policy.ok ? work(policy.value) : refuseFindings(file, policy.error);
}

function refuseFindings(file: string, findings: readonly PolicyFinding[]): PolicyCommandOutcome {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const total = `${file}: ${errors} error${errors === 1 ? '' : 's'}.`;
  return { exitCode: 3, data: { ok: false, file, findings }, text: [...findings.map(line(file)), total].join('\n') };
}

function refuse(error: AgreementError): PolicyCommandOutcome {
  return { exitCode: 1, data: { ok: false, error }, text: error.say };
}

/** `inbound.yaml:12:5: error unknown-key route[0]: ... Mend: ...`, as editors and compilers write it. */
const line =
  (file: string) =>
  ({ line: row, col, severity, code, path, message, mend }: PolicyFinding): string =>
    `${file}:${row}:${col}: ${severity} ${code}${path === '' ? '' : ` ${path}`}: ${message}${severity === 'notice' ? '' : `; ${mend}`}`;

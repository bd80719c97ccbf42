import { readFileSync } from 'node:fs';
import { decide } from '@baton/domain/handoff/decide.ts';
import { ok, type Result } from '@baton/domain/kernel/result.ts';
import { readCases } from '@baton/domain/policy/cases/readCases.ts';
import { type CaseResult, runCases } from '@baton/domain/policy/cases/runCases.ts';
import { compilePolicy } from '@baton/domain/policy/compile.ts';
import type { PolicyFinding } from '@baton/domain/policy/finding.ts';
import type { PreparedPolicy } from './preparePolicy.ts';
import { readPolicyYaml } from './readPolicyYaml.ts';

/**
 * Runs a cases file against a policy. JSON is YAML, so the file is read by the same reader and its mistakes have places.
 * Throws what the file system throws where there is no such file.
 */
export function runPolicyCases(
  policy: PreparedPolicy,
  casesFile: string,
): Result<readonly CaseResult[], readonly PolicyFinding[]> {
  const tree = readPolicyYaml(readFileSync(casesFile));
  if (!tree.ok) return tree;
  const cases = readCases(tree.value);
  if (!cases.ok) return cases;
  return ok(runCases(cases.value, compilePolicy(policy.document, policy.hash, policy.listValues), decide));
}

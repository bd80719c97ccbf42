import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { err, type Result } from '@baton/domain/kernel/result.ts';
import type { PolicyFinding } from '@baton/domain/policy/finding.ts';
import type { Surroundings } from '@baton/domain/policy/reader.ts';
import { type PreparedPolicy, preparePolicy } from './preparePolicy.ts';
import { LIST_BYTES_MAX } from './readList.ts';
import { POLICY_BYTES_MAX } from './readPolicyYaml.ts';

/**
 * Reads a policy file with the list files beside it. Answers its findings where one is an error; throws what the file
 * system throws where the policy itself can't be read.
 */
export function readPolicyFile(
  path: string,
  surroundings: Surroundings = {},
): Result<PreparedPolicy, readonly PolicyFinding[]> {
  if (statSync(path).size > POLICY_BYTES_MAX) return err([tooLarge()]);
  const findList = (file: string): Uint8Array | undefined => {
    const beside = join(dirname(path), file);
    const stat = statSync(beside, { throwIfNoEntry: false });
    // one byte more than allowed is enough to be refused by name, without reading what may be endless
    if (stat?.isFile() !== true || stat.size > LIST_BYTES_MAX + 1) return undefined;
    return readFileSync(beside);
  };
  return preparePolicy(readFileSync(path), findList, surroundings);
}

function tooLarge(): PolicyFinding {
  return {
    severity: 'error',
    code: 'file-too-large',
    path: '',
    line: 1,
    col: 1,
    message: `the file has more than ${POLICY_BYTES_MAX} bytes`,
    mend: 'move values into list files',
  };
}

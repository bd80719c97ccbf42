import { EventBatch } from '@baton/contract/event.ts';
import { readCases } from '@baton/domain/policy/cases/readCases.ts';
import { z } from 'zod/mini';
import { preparePolicy } from '../apps/server/src/agreement/preparePolicy.ts';
import { readPolicyYaml } from '../apps/server/src/agreement/readPolicyYaml.ts';
import { parseImportMap } from '../apps/server/src/records/import/parseImportMap.ts';
import type { Fence } from './readFences.ts';

/** A list file that a snippet may name. */
const LIST = new TextEncoder().encode('rival.example\n');

/**
 * What is wrong with a `yaml` or `json` block of a document, or null: a policy and an import map must be free of errors,
 * cases readable, a batch of events as the contract wants it, any other JSON at least JSON.
 */
export const checkSnippet = ({ language, body }: Fence): string | null => {
  if (language === 'yaml') return checkYaml(body);
  return language === 'json' ? checkJson(body) : null;
};

const checkYaml = (body: string): string | null => {
  if (/^baton-import:/m.test(body)) return said(() => parseImportMap(body, 'map'));
  if (!/^baton:/m.test(body))
    return 'a yaml block is a whole policy (baton: 1) or a whole import map (baton-import: 1)';
  const policy = preparePolicy(body, () => LIST);
  return policy.ok ? null : policy.error.map(({ line, message }) => `line ${line}: ${message}`).join('; ');
};

const checkJson = (body: string): string | null => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return (error as Error).message;
  }
  if (typeof value !== 'object' || value === null) return null;
  if ('batch' in value) return said(() => z.parse(EventBatch, value));
  if (!('cases' in value)) return null;
  const tree = readPolicyYaml(body);
  const cases = tree.ok ? readCases(tree.value) : tree;
  return cases.ok ? null : cases.error.map(({ line, message }) => `line ${line}: ${message}`).join('; ');
};

const said = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

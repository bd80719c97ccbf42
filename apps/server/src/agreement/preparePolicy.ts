import { createHash } from 'node:crypto';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { canonicalise, canonicalText } from '@baton/domain/policy/canonical.ts';
import type { PolicyDocument, PolicyLists } from '@baton/domain/policy/document.ts';
import type { PolicyFinding } from '@baton/domain/policy/finding.ts';
import { parsePolicy } from '@baton/domain/policy/parse.ts';
import type { Surroundings } from '@baton/domain/policy/reader.ts';
import { listValues, readList } from './readList.ts';
import { readPolicyYaml } from './readPolicyYaml.ts';

/** A policy that can be stored, signed and compiled. */
export interface PreparedPolicy {
  /** In canonical order: what is compiled and replayed. */
  readonly document: PolicyDocument;
  /** In the order of the file: what the page shows. */
  readonly asWritten: PolicyDocument;
  readonly findings: readonly PolicyFinding[];
  readonly source: string;
  readonly canonical: string;
  /** SHA-256 of the canonical text, in hex: what is signed. */
  readonly hash: string;
  readonly lists: readonly { readonly id: string; readonly hash: string; readonly content: string }[];
  readonly listValues: PolicyLists;
}

/** The bytes of a list file by the path that the policy gives; undefined where there is no such file. */
export type FindList = (file: string) => Uint8Array | undefined;

/** A policy without list files. */
export const noLists: FindList = () => undefined;

/**
 * Reads a policy's text and its lists into what is signed. Answers every finding where one of them is an error. Never
 * throws on any text or list.
 */
export function preparePolicy(
  source: string | Uint8Array,
  findList: FindList,
  surroundings: Surroundings = {},
): Result<PreparedPolicy, readonly PolicyFinding[]> {
  const tree = readPolicyYaml(source);
  if (!tree.ok) return tree;
  const contents = new Map<string, string>();
  const problems = new Map<string, string>();
  const listFiles = {
    has: (file: string): boolean => {
      if (contents.has(file)) return true;
      const bytes = findList(file);
      if (bytes === undefined) return false;
      try {
        contents.set(file, readList(bytes));
      } catch (error) {
        problems.set(file, (error as Error).message);
      }
      return contents.has(file);
    },
  };
  const parsed = parsePolicy(tree.value, { ...surroundings, listFiles });
  if (!parsed.ok) return err(parsed.error.map((finding) => withReason(finding, problems)));
  const asWritten = parsed.value.document;
  const document = canonicalise(asWritten);
  const lists = document.lists.map(({ id, file }) => {
    const content = contents.get(file) ?? '';
    return { id, content, hash: sha256(content) };
  });
  const canonical = canonicalText(document, new Map(lists.map((list) => [list.id, list.hash])));
  return ok({
    document,
    asWritten,
    findings: parsed.value.findings,
    source: typeof source === 'string' ? source : new TextDecoder().decode(source),
    canonical,
    hash: sha256(canonical),
    lists,
    listValues: new Map(lists.map((list) => [list.id, listValues(list.content)])),
  });
}

/** SHA-256 in hex of a text's UTF-8 bytes. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function withReason(finding: PolicyFinding, problems: ReadonlyMap<string, string>): PolicyFinding {
  if (finding.code !== 'list-missing') return finding;
  const problem = [...problems].find(([file]) => finding.message.startsWith(file));
  return problem === undefined ? finding : { ...finding, message: `${finding.message}: ${problem[1]}` };
}

import type { ListRule } from '../document.ts';
import { isKnownFact } from '../knownFacts.ts';
import { type At, complete, isPlainPath, type Read, readById, readFields, readText, report } from '../reader.ts';

const EXAMPLE = '{ file: lists/competitors.csv, match: company.domain }';

/** A file beside the policy: a relative path that stays there. */
const readFile: Read<string> = (at) => {
  const file = readText(120)(at);
  if (file === undefined) return undefined;
  if (!/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*\.(csv|txt)$/.test(file))
    return report(
      at,
      'invalid-text',
      `“${file.slice(0, 60)}” is no file beside the policy`,
      'write it like lists/name.csv',
    );
  const { listFiles } = at.reading.surroundings;
  if (listFiles !== undefined && !listFiles.has(file))
    return report(at, 'list-missing', `${file} can’t be read`, 'put the file beside the policy, one value per line');
  return file;
};

const readMatch: Read<string> = (at) => {
  const path = readText(80)(at);
  if (path === undefined) return undefined;
  if (isKnownFact(path) || (/^(contact|company)\.[a-z0-9_.-]+$/.test(path) && isPlainPath(path))) return path;
  return report(
    at,
    'unknown-fact',
    `“${path}” is not a fact`,
    'name the fact that the list holds, e.g. company.domain',
  );
};

const readListRule = (at: At, id: string): ListRule | undefined => {
  const fields = readFields(at, ['file', 'match'], EXAMPLE);
  if (fields === undefined) return undefined;
  return complete<ListRule>({
    id,
    file: fields.required('file', readFile),
    match: fields.required('match', readMatch),
  });
};

/** `lists`: files of values, part of what is signed. */
export const readLists = readById(readListRule, `{ competitors: ${EXAMPLE} }`, 50);

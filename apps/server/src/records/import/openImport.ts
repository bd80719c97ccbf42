import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { sayUnreadable } from '../sayUnreadable.ts';
import { makeCsvReader } from './csvReader.ts';
import { guessMap, type MapGuess } from './guessMap.ts';
import type { ImportMap, RowKind } from './importMap.ts';
import { ImportRefusal } from './importRefusal.ts';
import { parseImportMap } from './parseImportMap.ts';
import { type FileFacts, readFileFacts } from './readFile.ts';
import { checkHeader, type FileShape, guessDelimiter, guessFormat } from './readRows.ts';
import { writeImportMap } from './writeImportMap.ts';

/** A file and its map, checked against each other; nothing of it is imported yet. */
export type OpenImport = {
  readonly path: string;
  readonly facts: FileFacts;
  readonly shape: FileShape;
  readonly map: ImportMap;
  /** The map as YAML: what was read, or what was guessed. */
  readonly mapText: string;
  readonly mapHash: string;
  /** Columns of the file, in order. */
  readonly columns: readonly string[];
  /** Where the map was guessed: the columns that became facts of the company's own. Null: the map was given. */
  readonly guessed: MapGuess | null;
};

/**
 * Reads file and map. Throws ImportRefusal for a file that can't be read as a whole, a map that can't, or a map that
 * names columns which the file has not.
 */
export const openImport = async (
  path: string,
  mapPath: string | null,
  rows: RowKind | null,
  source: string | null,
): Promise<OpenImport> => {
  const given = mapPath === null ? null : await readMap(mapPath);
  const facts = await readFileFacts(path, given?.map.encoding ?? null);
  const sample = facts.sample.replace(/^\ufeff/, '');
  const format = given?.map.format ?? guessFormat(path, sample);
  const shape: FileShape =
    format === 'ndjson'
      ? { format, encoding: facts.encoding }
      : { format, encoding: facts.encoding, delimiter: given?.map.delimiter ?? guessDelimiter(sample) };
  const columns = shape.format === 'csv' ? csvColumns(path, sample, shape.delimiter) : jsonColumns(sample);
  const guessed = given === null ? guessMap(columns, source ?? basename(path), rows) : null;
  const read = guessed?.map ?? (given as NonNullable<typeof given>).map;
  const map = source === null ? read : { ...read, source };
  if (shape.format === 'csv') checkColumns(path, map, new Set(columns));
  const mapText = given !== null && source === null ? given.text : writeImportMap(map);
  return {
    path,
    facts,
    shape,
    map,
    mapText,
    mapHash: createHash('sha256').update(writeImportMap(map)).digest('hex'),
    columns,
    guessed,
  };
};

const readMap = async (path: string): Promise<{ text: string; map: ImportMap }> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ImportRefusal('map-invalid', `The map: ${sayUnreadable(path, error)}`);
  });
  return { text, map: parseImportMap(text, path) };
};

const csvColumns = (path: string, sample: string, delimiter: string): readonly string[] => {
  const reader = makeCsvReader(delimiter);
  const [header] = [...reader.feed(sample), ...reader.end()];
  if (header === undefined || header.error !== null) {
    throw new ImportRefusal('header-missing', `${path}:1: the file does not begin with a header row that can be read.`);
  }
  return checkHeader(path, header.cells).names;
};

/** The keys of the sample's whole lines, nested ones with dots, in order of first mention. */
const jsonColumns = (sample: string): readonly string[] => {
  const names = new Set<string>();
  const visit = (value: object, prefix: string, depth: number): void => {
    for (const [name, each] of Object.entries(value)) {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      if (typeof each === 'object' && each !== null && !Array.isArray(each) && depth < 8) visit(each, path, depth + 1);
      else names.add(path);
    }
  };
  for (const line of sample.split('\n').slice(0, 200)) {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) visit(value, '', 0);
    } catch {
      // The sample may end within a line; a line that is no JSON is told when rows are read.
    }
  }
  return [...names];
};

const checkColumns = (path: string, map: ImportMap, columns: ReadonlySet<string>): void => {
  const named = [
    ...map.key,
    ...map.columns.map((rule) => rule.column),
    ...(map.instant?.kind === 'column' ? [map.instant.column] : []),
    ...map.events.flatMap((rule) => [
      ...(rule.name.kind === 'column' ? [rule.name.column] : []),
      ...(rule.times === null ? [] : [rule.times]),
    ]),
  ];
  const missing = [...new Set(named)].filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new ImportRefusal(
      'map-column-missing',
      `${path} has no column ${missing.map((name) => `"${name}"`).join(', ')}, which the map names. ` +
        `It has: ${[...columns]
          .filter((name) => name !== '')
          .slice(0, 60)
          .join(', ')}.`,
    );
  }
};

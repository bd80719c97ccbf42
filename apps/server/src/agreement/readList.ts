import { foldText } from '@baton/domain/facts/text.ts';
import { parse } from 'csv-parse/sync';

/** Largest list file in bytes. */
export const LIST_BYTES_MAX = 10 * 1024 * 1024;

/**
 * The values of a list file: the first column of each line, folded (trimmed, lower case), sorted, each once, joined by
 * line feeds. Empty lines and lines that begin with # are left out. So neither order nor case changes what is signed.
 * Throws with a sentence where the file is too large, is not UTF-8 or is no CSV.
 */
export function readList(bytes: Uint8Array): string {
  if (bytes.byteLength > LIST_BYTES_MAX) throw new Error(`more than ${LIST_BYTES_MAX} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('it is not UTF-8', { cause });
  }
  const rows = parse(text, { bom: true, comment: '#', relax_column_count: true, skip_empty_lines: true }) as string[][];
  const values = new Set(rows.map((row) => foldText(row[0] ?? '')).filter((value) => value !== ''));
  return [...values].sort().join('\n');
}

/** The values of a list as it is stored. */
export function listValues(content: string): ReadonlySet<string> {
  return new Set(content === '' ? [] : content.split('\n'));
}

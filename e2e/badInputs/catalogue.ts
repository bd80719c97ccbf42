import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../../shared/cases/bad-inputs.json');

/** One bad input as the catalogue writes it. */
export type BadInput = {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  readonly as: string;
  readonly method: string;
  readonly send: {
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly raw?: string;
    readonly gen?: Readonly<Record<string, unknown>>;
  };
  readonly expected: { readonly status: readonly number[]; readonly say?: string };
  readonly limitMs: number;
};

/** The catalogue's cases of some areas; empty where the catalogue, which lies beside this repository, is not here. */
export const readCatalogue = (areas: readonly string[]): readonly BadInput[] =>
  existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as { cases: BadInput[] }).cases.filter((one) => areas.includes(one.area))
    : [];

/** The values that a case is to be run with, one after the other. */
export const variantsOf = (bad: BadInput): readonly unknown[] => {
  const variants = bad.send.gen?.['variants'];
  if (!Array.isArray(variants)) throw new Error(`${bad.id} has no variants`);
  return variants;
};

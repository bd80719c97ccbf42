/**
 * Characters after which a spreadsheet may take a cell for a formula, their full-width forms included; leading blanks,
 * controls, no-break spaces and quotes are skipped as a spreadsheet does.
 */
const FORMULA = /^[\s"'\p{Cc}\u00a0\u200b-\u200f\u2028-\u202f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/u;
/** Control characters but tab and the newlines, which quoting keeps. */
const CONTROL = /(?![\t\n\r])\p{Cc}/gu;

/** One cell that no spreadsheet runs: a formula gets a leading quote mark, control characters go. RFC 4180 quoting. */
export const csvCell = (value: string): string => {
  const plain = value.replace(CONTROL, '');
  const safe = FORMULA.test(value) ? `'${plain}` : plain;
  return /[",\n\r]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One CSV line with its newline. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** Rows as aligned columns for people; numbers stand right. Cells are cut at `cellChars`. */
export const table = (
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  cellChars = 60,
): string => {
  const texts = rows.map((row) => row.map((cell) => shown(cell, cellChars)));
  const widths = header.map((name, column) => Math.max(name.length, ...texts.map((row) => (row[column] ?? '').length)));
  const isNumber = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...texts.map(line)].join('\n');
};

const shown = (cell: string | number | null, chars: number): string => {
  if (cell === null) return '-';
  // A name from outside must not move the cursor of the terminal that shows it.
  const text = String(cell).replace(/\p{Cc}+/gu, ' ');
  return text.length > chars ? `${text.slice(0, chars - 3)}...` : text;
};

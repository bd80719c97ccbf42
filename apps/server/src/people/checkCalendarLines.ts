import { err, ok, type Result } from '@baton/domain/kernel/result.ts';

type Open = { readonly name: string; readonly line: number; begins: boolean };

const STAMP = /^(\d{4})(\d{2})(\d{2})(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)Z?)?$/;
const LINES_MAX = 200_000;

/**
 * Looks at the lines of a calendar that an absence hangs on: that parts are closed as they were opened, and that every event
 * says when it begins, in dates that exist. What is wrong is named with its line, as an editor counts them. Other lines are
 * the parser's: it passes over what it does not know. Linear.
 */
export const checkCalendarLines = (text: string): Result<null, string> => {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > LINES_MAX) return err(`the calendar has more than ${LINES_MAX} lines`);
  const open: Open[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    let whole = lines[at] as string;
    // a line that begins with a space goes on with the one before
    for (; /^[ \t]/.test(lines[at + 1] ?? ''); at += 1) whole += (lines[at + 1] as string).slice(1);
    const [, name = '', value = ''] = /^\uFEFF?\s*([A-Za-z-]+)(?:;[^:]*)?:(.*)$/.exec(whole) ?? [];
    const wrong = checkLine(name.toUpperCase(), value.trim(), line, open);
    if (wrong !== null) return err(`line ${line}: ${wrong}`);
  }
  const left = open.at(-1);
  return left === undefined
    ? ok(null)
    : err(`line ${left.line}: BEGIN:${left.name} is never closed by END:${left.name}`);
};

/** What is wrong with a line; keeps `open`, the parts that it stands in. */
const checkLine = (name: string, value: string, line: number, open: Open[]): string | null => {
  const inside = open.at(-1);
  switch (name) {
    case 'BEGIN':
      open.push({ name: value.toUpperCase(), line, begins: false });
      return null;
    case 'END': {
      open.pop();
      if (inside?.name !== value.toUpperCase())
        return inside === undefined
          ? `END:${value} closes nothing`
          : `END:${value} stands where BEGIN:${inside.name} of line ${inside.line} is to be closed`;
      return inside.name === 'VEVENT' && !inside.begins
        ? `the event that begins in line ${inside.line} has no DTSTART: say when it begins`
        : null;
    }
    case 'DTSTART':
    case 'DTEND':
      if (inside?.name !== 'VEVENT') return null;
      if (name === 'DTSTART') inside.begins = true;
      return isStamp(value)
        ? null
        : `${name} "${value.slice(0, 60)}" is no date: write 20261224, or 20261224T090000 with or without a Z`;
    case 'RRULE':
      return /(?:^|;)FREQ=/i.test(value)
        ? null
        : `RRULE "${value.slice(0, 60)}" has no FREQ: say how often it comes again`;
    default:
      return null;
  }
};

const isStamp = (value: string): boolean => {
  const [, year, month, day] = STAMP.exec(value) ?? [];
  if (year === undefined) return false;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
};

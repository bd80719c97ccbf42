import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { DateStyle } from './importMap.ts';
import { shorten } from './shorten.ts';

type DateError = { readonly code: 'bad-date' | 'ambiguous-date'; readonly say: string };

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const TOKENS: readonly (readonly [token: string, part: Part, pattern: string])[] = [
  ['yyyy', 'year', '(\\d{4})'],
  ['MM', 'month', '(\\d{2})'],
  ['M', 'month', '(\\d{1,2})'],
  ['dd', 'day', '(\\d{2})'],
  ['d', 'day', '(\\d{1,2})'],
  ['HH', 'hour', '(\\d{2})'],
  ['H', 'hour', '(\\d{1,2})'],
  ['mm', 'minute', '(\\d{2})'],
  ['ss', 'second', '(\\d{2})'],
];
type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/**
 * The instant that a cell names. `auto` takes ISO 8601 dates and instants (those without a zone are in `style.zone`);
 * `unix` and `unix-ms` take numbers; any other format is made of yyyy MM M dd d HH H mm ss and literal characters.
 * Days that no month has are refused, and so is a form such as 03/04/2026 for which the map names no format.
 */
export const readInstant = (cell: string, style: DateStyle): Result<Instant, DateError> => {
  const text = cell.trim();
  if (style.format === 'unix' || style.format === 'unix-ms') {
    if (!/^-?\d{1,15}$/.test(text))
      return err({ code: 'bad-date', say: `"${shorten(text)}" is no ${style.format} time` });
    return ok(style.format === 'unix' ? Number(text) * 1_000 : Number(text));
  }
  if (style.format !== 'auto') return readFormatted(text, style);
  const match = ISO.exec(text);
  if (match === null) {
    return /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}/.test(text)
      ? err({
          code: 'ambiguous-date',
          say: `"${shorten(text)}" may be day or month first: name a format in the map, e.g. dd/MM/yyyy`,
        })
      : err({ code: 'bad-date', say: `"${shorten(text)}" is no date: 2026-11-23 or 2026-11-23T09:30:00+01:00` });
  }
  const part = (index: number): number => Number(match[index] ?? 0);
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = utcOf(part(1), part(2), part(3), part(4), part(5), part(6));
  if (local === null) return err({ code: 'bad-date', say: `"${shorten(text)}" is a day or time that does not exist` });
  const zone = match[8];
  if (zone === undefined) return ok(fromZone(local, style.zone) + millis);
  const digits = zone.replace(/[^\d]/g, '').padEnd(4, '0');
  const offset = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))) * 60_000;
  return ok(local + millis - (zone.startsWith('-') ? -offset : offset));
};

const compiled = new Map<string, { readonly pattern: RegExp; readonly parts: readonly Part[] }>();

const readFormatted = (text: string, style: DateStyle): Result<Instant, DateError> => {
  const { pattern, parts } = compileFormat(style.format);
  const match = pattern.exec(text);
  if (match === null) return err({ code: 'bad-date', say: `"${shorten(text)}" is not written as ${style.format}` });
  const found = new Map(parts.map((part, index) => [part, Number(match[index + 1])]));
  const part = (name: Part, otherwise: number): number => found.get(name) ?? otherwise;
  const local = utcOf(
    part('year', 1970),
    part('month', 1),
    part('day', 1),
    part('hour', 0),
    part('minute', 0),
    part('second', 0),
  );
  if (local === null) return err({ code: 'bad-date', say: `"${shorten(text)}" is a day or time that does not exist` });
  return ok(fromZone(local, style.zone));
};

const compileFormat = (format: string) => {
  const known = compiled.get(format);
  if (known !== undefined) return known;
  let source = '';
  const parts: Part[] = [];
  for (let at = 0; at < format.length; ) {
    const token = TOKENS.find(([word]) => format.startsWith(word, at));
    if (token === undefined) {
      source += (format[at] ?? '').replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
      at += 1;
    } else {
      source += token[2];
      parts.push(token[1]);
      at += token[0].length;
    }
  }
  const made = { pattern: new RegExp(`^${source}$`), parts };
  compiled.set(format, made);
  return made;
};

const utcOf = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null => {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? date.getTime() : null;
};

/** Why a zone's name can't be used, or null. */
export const zoneProblem = (zone: string): string | null => {
  try {
    formatterOf(zone);
    return null;
  } catch {
    return `"${zone}" is no time zone: write e.g. Europe/Berlin or UTC.`;
  }
};

const formatters = new Map<string, Intl.DateTimeFormat>();
const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, made);
  return made;
};

/** Local time as if it were UTC -> the instant; a time that a clock change skips is read with the offset before it. */
const fromZone = (local: number, zone: string): Instant => {
  if (zone === 'UTC') return local;
  const before = local - offsetAt(local - 86_400_000, zone);
  const guess = local - offsetAt(before, zone);
  return guess + offsetAt(guess, zone) === local ? guess : before;
};

const offsetAt = (at: Instant, zone: string): number => {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(at)
      .map((each) => [each.type, Number(each.value)]),
  );
  const of = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const shown = utcOf(of('year'), of('month'), of('day'), of('hour'), of('minute'), of('second')) ?? at;
  return shown - Math.floor(at / 1_000) * 1_000;
};

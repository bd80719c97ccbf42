import { err, ok, type Result } from '@baton/domain/kernel/result.ts';

/** A span of a local day in minutes from its midnight; 1440 is the next midnight. */
export type Block = { readonly from: number; readonly to: number };

/** The blocks of each weekday, Monday first: seven lists, each ascending and without overlap. */
export type WeeklyHours = readonly (readonly Block[])[];

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY_MINUTES = 1_440;
const BLOCKS_A_DAY_MAX = 12;
const TEXT_MAX = 1_000;

const EXAMPLE = 'write e.g. mon-fri 09:00-12:30, 13:30-18:00; sat 10:00-14:00';
/** One part: days, then blocks. No part of it can match in two ways, so it is linear. */
const PART = /^([a-z]+(?:-[a-z]+)?(?:,[a-z]+(?:-[a-z]+)?)*) (.+)$/;
const BLOCK = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/;

/**
 * Reads weekly hours such as `mon-fri 09:00-12:30, 13:30-18:00; sat 10:00-14:00`; `daily` is every day, 24:00 the end of
 * one. A day that is not named is a day off. Answers what is wrong and how to write it. Hours without any block are
 * refused: who never works is switched off or away, not scheduled.
 */
export const readHours = (text: string): Result<WeeklyHours, string> => {
  if (text.length > TEXT_MAX) return err(`hours are longer than ${TEXT_MAX} characters`);
  const week: Block[][] = DAYS.map(() => []);
  const named = new Set<number>();
  for (const raw of text.toLowerCase().split(';')) {
    const part = raw.trim().replace(/\s+/g, ' ').replace(/, /g, ',').replace(/ ,/g, ',');
    if (part === '') continue;
    const [, dayText, blockText] = PART.exec(part) ?? [];
    if (dayText === undefined || blockText === undefined)
      return err(`"${raw.trim()}" names no days and hours: ${EXAMPLE}`);
    const days = readDays(dayText);
    if (!days.ok) return days;
    const blocks = readBlocks(blockText);
    if (!blocks.ok) return blocks;
    for (const day of days.value) {
      if (named.has(day)) return err(`${DAYS[day]} stands twice: give each day once, with all its blocks`);
      named.add(day);
      week[day] = [...blocks.value];
    }
  }
  if (week.every((blocks) => blocks.length === 0))
    return err('no day has any hours, so nothing would ever be due: name at least one block');
  return ok(week);
};

const readDays = (text: string): Result<readonly number[], string> => {
  const days: number[] = [];
  for (const item of text.split(',')) {
    if (item === 'daily') {
      days.push(0, 1, 2, 3, 4, 5, 6);
      continue;
    }
    const [first = '', last = first] = item.split('-');
    const [from, to] = [dayOf(first), dayOf(last)];
    if (from < 0 || to < 0)
      return err(`"${item}" is no day: mon, tue, wed, thu, fri, sat, sun, a range such as mon-fri, or daily`);
    for (let day = from; ; day = (day + 1) % 7) {
      days.push(day);
      if (day === to) break;
    }
  }
  return ok(days);
};

const dayOf = (text: string): number => DAYS.indexOf(text as (typeof DAYS)[number]);

const readBlocks = (text: string): Result<readonly Block[], string> => {
  if (text === 'off' || text === 'closed') return ok([]);
  const blocks: Block[] = [];
  for (const item of text.split(/[ ,]/)) {
    const [, fromHour, fromMinute, toHour, toMinute] = BLOCK.exec(item) ?? [];
    const from = minuteOf(fromHour, fromMinute);
    const to = minuteOf(toHour, toMinute);
    if (from === null || to === null) return err(`"${item}" is no span of a day: ${EXAMPLE}`);
    if (to <= from)
      return err(
        `${item} ends before it begins: write a night as two blocks, 22:00-24:00 and 00:00-06:00 of the next day`,
      );
    blocks.push({ from, to });
  }
  blocks.sort((one, other) => one.from - other.from);
  const clash = blocks.findIndex((block, index) => index > 0 && block.from < (blocks[index - 1] as Block).to);
  if (clash > 0) return err(`${sayBlock(blocks[clash] as Block)} overlaps ${sayBlock(blocks[clash - 1] as Block)}`);
  if (blocks.length > BLOCKS_A_DAY_MAX) return err(`more than ${BLOCKS_A_DAY_MAX} blocks in a day`);
  return ok(blocks);
};

const minuteOf = (hour: string | undefined, minute: string | undefined): number | null => {
  if (hour === undefined || minute === undefined || Number(minute) > 59) return null;
  const at = Number(hour) * 60 + Number(minute);
  return at > DAY_MINUTES ? null : at;
};

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const sayBlock = ({ from, to }: Block): string => `${clock(from)}-${clock(to)}`;

/** Weekly hours in the one way in which they are kept and shown; `readHours` of it gives the same hours. */
export const sayHours = (week: WeeklyHours): string => {
  const runs: { from: number; to: number; text: string }[] = [];
  for (const [day, blocks] of week.entries()) {
    const text = blocks.map(sayBlock).join(', ');
    const last = runs.at(-1);
    if (last !== undefined && last.text === text) last.to = day;
    else runs.push({ from: day, to: day, text });
  }
  return runs
    .filter(({ text }) => text !== '')
    .map(({ from, to, text }) => `${from === to ? DAYS[from] : `${DAYS[from]}-${DAYS[to]}`} ${text}`)
    .join('; ');
};

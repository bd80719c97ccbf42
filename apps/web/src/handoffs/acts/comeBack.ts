const MORNING_HOUR = 9;

/** 09:00 of a day by the browser's own zone; a Saturday or Sunday becomes the Monday after. Months count from 0. */
const morning = (year: number, month: number, day: number): number => {
  const at = new Date(year, month, day, MORNING_HOUR);
  const past = at.getDay() === 6 ? 2 : at.getDay() === 0 ? 1 : 0;
  return new Date(year, month, day + past, MORNING_HOUR).getTime();
};

/** When a lead comes back: Monday of next week, the first working day of next month or quarter. Epoch ms. */
export const COME_BACK = {
  'next week': (now: number): number => {
    const at = new Date(now);
    const toMonday = (8 - at.getDay()) % 7 || 7;
    return morning(at.getFullYear(), at.getMonth(), at.getDate() + toMonday);
  },
  'next month': (now: number): number => {
    const at = new Date(now);
    return morning(at.getFullYear(), at.getMonth() + 1, 1);
  },
  'next quarter': (now: number): number => {
    const at = new Date(now);
    return morning(at.getFullYear(), (Math.floor(at.getMonth() / 3) + 1) * 3, 1);
  },
} as const satisfies { readonly [say: string]: (now: number) => number };

/** 09:00 of a day that was picked, `2026-12-01`; null for what is no day. */
export const morningOfDay = (day: string): number | null => {
  const at = new Date(`${day}T0${MORNING_HOUR}:00`).getTime();
  return Number.isNaN(at) ? null : at;
};

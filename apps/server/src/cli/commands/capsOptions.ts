import type { Rep } from '@baton/domain/assignment/assignment.ts';
import { type Call, flag, whole } from '../command.ts';

/** The caps that a call names; undefined where it names none, so that they stay as they are. */
export const capsOf = (call: Call): Rep['caps'] | undefined => {
  const [perDay, perWeek, open] = [whole(call, 'per-day'), whole(call, 'per-week'), whole(call, 'open')];
  if (flag(call, 'no-caps')) return {};
  if (perDay === undefined && perWeek === undefined && open === undefined) return undefined;
  return {
    ...(perDay === undefined ? {} : { perDay }),
    ...(perWeek === undefined ? {} : { perWeek }),
    ...(open === undefined ? {} : { open }),
  };
};

/** Caps as lists show them. */
export const capsWords = (caps: Rep['caps']): string =>
  [
    caps.perDay === undefined ? '' : `${caps.perDay}/day`,
    caps.perWeek === undefined ? '' : `${caps.perWeek}/week`,
    caps.open === undefined ? '' : `${caps.open} open`,
  ]
    .filter((each) => each !== '')
    .join(', ') || 'none';

import type { WorkingTimeChange } from '../../people/workingTime.ts';
import { type Call, type CommandOption, flag, text, UsageError } from '../command.ts';

/** Options that say when somebody works; reps and teams have the same. */
export const WORKING_TIME_OPTIONS: readonly CommandOption[] = [
  { name: 'zone', say: 'the time zone, e.g. Europe/Berlin', takes: { kind: 'text', name: 'ZONE' } },
  {
    name: 'hours',
    say: 'the week, e.g. "mon-fri 09:00-12:30, 13:30-18:00; sat 10:00-14:00"',
    takes: { kind: 'text', name: 'HOURS' },
  },
  { name: 'always', say: 'every hour of the week counts, as before any were named' },
  { name: 'holidays', say: 'public holidays of DE, or DE-BY; "none" for none', takes: { kind: 'text', name: 'PLACE' } },
  { name: 'closed', say: 'a day off of your own, 2026-12-24', takes: { kind: 'text', name: 'DAY' }, many: true },
  { name: 'worked', say: 'a public holiday that is worked', takes: { kind: 'text', name: 'DAY' }, many: true },
];

/** What the call says about working time; `--closed none` and `--worked none` empty their lists. */
export const workingTimeOf = (call: Call): WorkingTimeChange => {
  const [zone, hours, holidays] = [text(call, 'zone'), text(call, 'hours'), text(call, 'holidays')];
  if (hours !== undefined && flag(call, 'always'))
    throw new UsageError('bad-option-value', 'Give --hours or --always, not both.');
  const days = (name: string): readonly string[] | undefined => {
    const given = call.options.get(name);
    return given?.length === 1 && given[0] === 'none' ? [] : given;
  };
  const [closed, worked] = [days('closed'), days('worked')];
  return {
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(hours === undefined ? {} : { hours }),
    ...(flag(call, 'always') ? { hours: null } : {}),
    ...(holidays === undefined ? {} : { holidays: holidays === 'none' ? null : holidays }),
    ...(closed === undefined ? {} : { closed }),
    ...(worked === undefined ? {} : { worked }),
  };
};

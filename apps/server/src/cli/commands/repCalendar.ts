import { readFile } from 'node:fs/promises';
import { readConfig } from '../../config.ts';
import { makeGuardedFetch } from '../../net/guardedFetch.ts';
import { resolveBySystem } from '../../net/judgeUrl.ts';
import { CALENDAR_REQUEST, type CalendarSource, setOutOfOffice } from '../../people/outOfOffice.ts';
import { sayUnreadable } from '../../records/sayUnreadable.ts';
import { type Call, type Command, CommandFailure, EXIT, flag, operand, text, UsageError } from '../command.ts';
import { withDatabase } from '../session.ts';
import { peopleValue } from './peopleValue.ts';

const sourceOf = async (call: Call): Promise<CalendarSource | null> => {
  const [file, url] = [text(call, 'file'), text(call, 'url')];
  if ([file !== undefined, url !== undefined, flag(call, 'none')].filter(Boolean).length !== 1)
    throw new UsageError('missing-option', 'Give one of --url, --file or --none.');
  if (url !== undefined) return { url };
  if (file === undefined) return null;
  const ics = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('file-not-found', sayUnreadable(file, error));
  });
  return { ics };
};

export const repCalendarCommand: Command = {
  path: ['rep', 'calendar'],
  say: "read a rep's out-of-office calendar (ICS) from an address or a file",
  detail:
    'An address is asked again every hour; only public ones are called. Every whole day in it counts, and hours that are not\n' +
    'marked free. When an absence begins and ends, what the rep holds is looked at by itself.',
  operands: [{ name: 'REP', say: 'e-mail address, number or name', required: true }],
  options: [
    { name: 'url', say: 'where the calendar is', takes: { kind: 'text', name: 'URL' } },
    { name: 'file', say: 'a calendar file, read once', takes: { kind: 'text', name: 'FILE' } },
    { name: 'none', say: 'forget the calendar and what it said' },
  ],
  examples: [{ run: 'baton rep calendar ada@company.example --file ada.ics', say: 'her days off of the year' }],
  run: async (call) => {
    const source = await sourceOf(call);
    const fetch = makeGuardedFetch({ networks: readConfig().BATON_OUTBOUND_NETWORKS, resolve: resolveBySystem });
    return withDatabase(call.terminal, async ({ pool }) => {
      const named = operand(call, 0);
      const absences = peopleValue(await setOutOfOffice(pool, named, source, (url) => fetch(url, CALENDAR_REQUEST)));
      if (call.json) call.terminal.out(JSON.stringify({ rep: named, absences }));
      else call.terminal.note(`${absences} absences of ${named} are ahead.`);
      return EXIT.ok;
    });
  },
};

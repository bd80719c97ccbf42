import { COUNTS } from '@baton/domain/measures/counts.ts';
import { MEASURES } from '@baton/domain/measures/measures.ts';
import {
  FUNNEL_DIVISIONS,
  type FunnelDivision,
  type FunnelRow,
  loadFunnel,
  type Spread,
} from '../../insight/funnel.ts';
import { type Command, EXIT, text, UsageError } from '../command.ts';
import { withDatabase } from '../session.ts';
import { shownShare, shownSpan } from '../shown.ts';
import { table } from '../table.ts';

const day = (value: string | undefined, name: string): number | null => {
  if (value === undefined) return null;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError('bad-option-value', `--${name} needs a day such as 2026-11-23.`);
  return at;
};

/** `14.65 d`, `3.2 h`, `12 min`; a dash where there is none. */
const span = ({ medianMs }: Spread): string => shownSpan(medianMs);

const line = (row: FunnelRow) => [
  row.group,
  row.mql,
  row.sql,
  shownShare(row.sql, row.mql),
  row.won,
  shownShare(row.won, row.mql),
  row.rejected,
  shownShare(row.promisesKept, row.promisesKept + row.promisesBroken),
  span(row.toAccept),
  span(row.toContact),
  span(row.toDeal),
  span(row.toWon),
];

/** What each column means, in the words of its one definition. */
const COLUMNS: readonly (readonly [column: string, definition: { readonly say: string }])[] = [
  ['mql', COUNTS.mql],
  ['sql', COUNTS.sql],
  ['won', COUNTS.won],
  ['rejected', COUNTS.rejected],
  ['to accept', MEASURES['handoff-to-accept']],
  ['to contact', MEASURES['handoff-to-contact']],
  ['to deal', MEASURES['handoff-to-deal']],
  ['to won', MEASURES['handoff-to-won']],
];

export const reportFunnelCommand: Command = {
  path: ['report', 'funnel'],
  say: 'MQL -> SQL -> won with conversion and median times, by cohort, source, team, rep or criterion',
  detail:
    'A person belongs to the cohort of the day they qualified. Times run from that instant, in elapsed time, and are\n' +
    'medians. "mql", "sql" and "rejected" count people, those who joined a colleague\'s handoff included.\n\n' +
    COLUMNS.map(([name, { say }]) => `${name}: ${say}`).join('\n'),
  operands: [],
  options: [
    { name: 'by', say: 'what to divide by (all)', takes: { kind: 'choice', of: FUNNEL_DIVISIONS } },
    { name: 'since', say: 'cohorts from this day on, UTC', takes: { kind: 'text', name: 'YYYY-MM-DD' } },
    { name: 'until', say: 'cohorts before this day, UTC', takes: { kind: 'text', name: 'YYYY-MM-DD' } },
  ],
  examples: [
    { run: 'baton report funnel --by source', say: 'which sources become customers' },
    { run: 'baton report funnel --by rep --since 2026-10-01 --json', say: 'for a script; times in milliseconds' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const by = (text(call, 'by') ?? 'all') as FunnelDivision;
      const since = day(text(call, 'since'), 'since');
      const until = day(text(call, 'until'), 'until');
      const rows = await loadFunnel(pool, { by, since, until });
      if (call.json) {
        call.terminal.out(JSON.stringify({ by, since, until, rows }));
        return EXIT.ok;
      }
      if (rows.length === 0) call.terminal.note('Nobody has qualified yet.');
      call.terminal.out(
        table(
          [
            by,
            'mql',
            'sql',
            'mql->sql',
            'won',
            'mql->won',
            'rejected',
            'promise kept',
            'to accept',
            'to contact',
            'to deal',
            'to won',
          ],
          rows.map(line),
        ),
      );
      return EXIT.ok;
    }),
};

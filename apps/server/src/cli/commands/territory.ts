import { readFile } from 'node:fs/promises';
import { loadPeople } from '../../people/loadPeople.ts';
import { importTerritories, previewTable } from '../../people/territories.ts';
import { sayCondition, writeTerritories } from '../../people/territoryTable.ts';
import { sayUnreadable } from '../../records/sayUnreadable.ts';
import { type Command, CommandFailure, type CommandOperand, EXIT, flag, operand, text, whole } from '../command.ts';
import { withDatabase } from '../session.ts';
import { table } from '../table.ts';
import { peopleValue } from './peopleValue.ts';

const FILE: CommandOperand = {
  name: 'FILE',
  say: 'CSV: name, to, from, until, and a column for each fact',
  required: true,
};

const DETAIL =
  'A cell holds values separated by |, 80* for those that begin so, or 50..500 for a range; an empty one asks nothing.\n' +
  '"to" is team:inbound or a rep\'s address. The first row that matches wins. Nothing that is open moves by it.';

const contentOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('file-not-found', sayUnreadable(file, error));
  });

const territoryPreview: Command = {
  path: ['territory', 'preview'],
  say: 'show who would go elsewhere by a territory table, before it is applied',
  detail: DETAIL,
  operands: [FILE],
  options: [],
  examples: [{ run: 'baton territory preview territories.csv', say: 'from where to where, and the first by name' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const preview = peopleValue(await previewTable(pool, await contentOf(operand(call, 0))));
      if (call.json) call.terminal.out(JSON.stringify(preview));
      else {
        call.terminal.out(
          table(
            ['from', 'to', 'contacts'],
            preview.moves.map((move) => [move.from, move.to, move.contacts]),
          ),
        );
        for (const one of preview.first.slice(0, 10)) call.terminal.out(`${one.name}: ${one.from} -> ${one.to}`);
        call.terminal.note(
          `${preview.moving} of ${preview.looked} contacts would go elsewhere; the table in force is version ${preview.version}.`,
        );
        if (!preview.all)
          call.terminal.note(`Only the newest ${preview.looked} contacts were looked at; older ones may move, too.`);
      }
      return EXIT.ok;
    }),
};

const territoryImport: Command = {
  path: ['territory', 'import'],
  say: 'put a territory table into force, whole; the one before is kept',
  detail: DETAIL,
  operands: [FILE],
  options: [
    {
      name: 'expects',
      say: "only if the preview's version is still in force",
      takes: { kind: 'number', name: 'VERSION', min: 0 },
    },
  ],
  examples: [
    { run: 'baton territory import territories.csv --expects 3', say: 'what was previewed, and nothing else' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const expects = whole(call, 'expects');
      const done = peopleValue(
        await importTerritories(pool, await contentOf(operand(call, 0)), {
          by: 'shell',
          ...(expects === undefined ? {} : { expects }),
        }),
      );
      if (call.json) call.terminal.out(JSON.stringify(done));
      else call.terminal.note(`${done.rows} rows are in force, as version ${done.version}.`);
      return EXIT.ok;
    }),
};

const territoryList: Command = {
  path: ['territory', 'list'],
  say: 'show the territory table in force; --csv writes it as the file to edit',
  operands: [],
  options: [
    { name: 'csv', say: 'the whole table, as "territory import" reads it' },
    { name: 'search', say: 'part of a name', takes: { kind: 'text', name: 'WORD' } },
    { name: 'limit', say: 'at most so many (100)', takes: { kind: 'number', name: 'N', min: 1 } },
  ],
  examples: [{ run: 'baton territory list --csv > territories.csv', say: 'to edit and bring back' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const people = await loadPeople(pool);
      const all = people.territories ?? [];
      const word = text(call, 'search')?.toLowerCase() ?? '';
      const found = all.filter((row) => row.id.toLowerCase().includes(word));
      const rows = found.slice(0, Math.min(whole(call, 'limit') ?? 100, 5_000));
      if (flag(call, 'csv')) call.terminal.out(writeTerritories(all, people));
      else if (call.json) call.terminal.out(JSON.stringify({ rows, more: found.length > rows.length }));
      else {
        call.terminal.out(
          table(
            ['name', 'to', 'when'],
            rows.map((row) => [
              row.id,
              row.to.kind === 'team' ? `team ${row.to.team}` : (people.reps.get(row.to.repId)?.name ?? null),
              row.when.map((one) => `${one.path} ${sayCondition(one)}`).join(', ') || 'everybody',
            ]),
          ),
        );
        if (found.length > rows.length) call.terminal.note('There are more; raise --limit.');
      }
      return EXIT.ok;
    }),
};

export const territoryCommands: readonly Command[] = [territoryImport, territoryPreview, territoryList];

import { backup } from '../../database/backup.ts';
import { examine } from '../../database/doctor.ts';
import { openDatabase } from '../../database/openDatabase.ts';
import { restore } from '../../database/restore.ts';
import { type Command, EXIT, flag, operand } from '../command.ts';
import { databaseChoice } from '../databaseChoice.ts';
import { withDatabase } from '../session.ts';

const FILE = { name: 'FILE', say: 'the backup', required: true } as const;

const backupCommand: Command = {
  path: ['backup'],
  say: 'write the whole company into one file, while everything runs',
  operands: [FILE],
  options: [{ name: 'overwrite', say: 'replace a file that is there' }],
  examples: [{ run: 'baton backup company.baton', say: 'one consistent snapshot' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ connection }) => {
      const done = await backup({
        connection,
        file: operand(call, 0),
        overwrite: flag(call, 'overwrite'),
        onTable: (table, index, tables) => call.terminal.redraw(`${index}/${tables} ${table}`),
      });
      call.terminal.settle();
      if (call.json) call.terminal.out(JSON.stringify(done));
      else call.terminal.note(`${done.file}: ${done.rows} rows of ${done.tables} tables, ${done.bytes} bytes.`);
      return EXIT.ok;
    }),
};

const restoreCommand: Command = {
  path: ['restore'],
  say: 'fill an empty company from a backup',
  operands: [FILE],
  options: [{ name: 'force', say: 'replace the data of a company that is not empty' }],
  examples: [{ run: 'baton restore company.baton', say: 'refused where there is data already' }],
  run: async (call) => {
    const database = await openDatabase({ ...databaseChoice(), say: call.terminal.note });
    try {
      const done = await restore({
        connection: database.connection,
        file: operand(call, 0),
        force: flag(call, 'force'),
        onTable: (table, index, tables) => call.terminal.redraw(`${index}/${tables} ${table}`),
      });
      call.terminal.settle();
      if (call.json) call.terminal.out(JSON.stringify(done));
      else {
        call.terminal.note(
          `${done.rows} rows of ${done.tables} tables, as they were at ${new Date(done.createdAt).toISOString()}.`,
        );
      }
      return EXIT.ok;
    } finally {
      await database.stop();
    }
  },
};

const MARKS = { ok: 'ok      ', note: 'note    ', problem: 'PROBLEM ' } as const;

const doctorCommand: Command = {
  path: ['doctor'],
  say: 'explain the state of runtime, data directory, database and schema',
  detail: 'Starts and stops nothing. Exit code 3 where something would keep Baton from starting or endangers data.',
  operands: [],
  options: [],
  examples: [{ run: 'baton doctor', say: 'first thing to run when something is odd' }],
  run: async (call) => {
    const findings = await examine(databaseChoice());
    if (call.json) call.terminal.out(JSON.stringify({ findings }));
    else for (const finding of findings) call.terminal.out(`${MARKS[finding.state]}${finding.check}: ${finding.says}`);
    return findings.some((finding) => finding.state === 'problem') ? EXIT.findings : EXIT.ok;
  },
};

export const upkeepCommands: readonly Command[] = [backupCommand, restoreCommand, doctorCommand];

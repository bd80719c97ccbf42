import { findUnsetWaysInForce } from '../../agreement/findUnsetWays.ts';
import { channelSettings } from '../../channels/channelSettings.ts';
import { unsetChannels } from '../../channels/unsetChannels.ts';
import { readConfig } from '../../config.ts';
import { backup } from '../../database/backup.ts';
import { examine, type Finding } from '../../database/doctor.ts';
import { openDatabase } from '../../database/openDatabase.ts';
import { createPool } from '../../database/pool.ts';
import { restore } from '../../database/restore.ts';
import { askOracles } from '../../leaks/askOracles.ts';
import { ORACLES } from '../../leaks/oracles.ts';
import { readForeignWebhooks } from '../../outbox/sealSecrets.ts';
import { type Call, type Command, EXIT, flag, operand } from '../command.ts';
import { databaseChoice } from '../databaseChoice.ts';
import { secretBox } from '../secretBox.ts';
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
  say: 'explain the state of runtime, data directory, database and schema, and which ways of telling people lack',
  detail:
    'Starts and stops nothing, except that --promises needs the database. Exit code 3 where something would keep Baton ' +
    'from starting, endangers data, or breaks a promise.',
  operands: [],
  options: [
    { name: 'promises', say: 'ask the database of every promise whether it is kept: that nobody fell between' },
  ],
  examples: [
    { run: 'baton doctor', say: 'first thing to run when something is odd' },
    { run: 'baton doctor --promises', say: 'proof that every qualified lead has an owner or a queue, and a clock' },
  ],
  run: async (call) => {
    const found = await examine(databaseChoice());
    const findings = [
      ...found,
      ...(found.some(({ check, state }) => check === 'server' && state === 'ok') ? await lookAtWays(call) : []),
      ...(flag(call, 'promises') ? await askPromises(call) : []),
    ];
    if (call.json) call.terminal.out(JSON.stringify({ findings }));
    else for (const finding of findings) call.terminal.out(`${MARKS[finding.state]}${finding.check}: ${finding.says}`);
    return findings.some((finding) => finding.state === 'problem') ? EXIT.findings : EXIT.ok;
  },
};

/** What the policy in force would send by ways that are not set up here, and what can't be signed. The database runs already. */
const lookAtWays = async (call: Call): Promise<Finding[]> => {
  const database = await openDatabase({ ...databaseChoice(), say: call.terminal.note });
  const pool = createPool(database.connection, { name: 'baton-doctor' });
  try {
    const foreign = await readForeignWebhooks(pool, secretBox());
    const sealed: Finding[] =
      foreign.length === 0
        ? []
        : [
            {
              check: 'secrets',
              state: 'problem',
              says: `The secrets of the webhooks ${foreign.join(', ')} are sealed with another key: bring secret.key or BATON_SECRET_KEY along, or rotate them.`,
            },
          ];
    const ways = await findUnsetWaysInForce(pool, unsetChannels(channelSettings(readConfig())));
    if (ways.length === 0)
      return [
        ...sealed,
        { check: 'channels', state: 'ok', says: 'All ways that the policy in force names are set up.' },
      ];
    return [
      ...sealed,
      ...ways.map(
        ({ path, message, mend }): Finding => ({
          check: 'channels',
          state: 'note',
          says: `${path}: ${message}; ${mend}.`,
        }),
      ),
    ];
  } catch (error) {
    // the tables come with the first start
    if ((error as { code?: string }).code === '42P01') return [];
    throw error;
  } finally {
    await pool.end();
    await database.stop();
  }
};

/** Asks every oracle; each broken promise is a problem with the first of the rows that show it. Reads every event once. */
const askPromises = (call: Call): Promise<Finding[]> =>
  withDatabase(call.terminal, async ({ pool }) => {
    const breaches = new Map((await askOracles(pool)).map((breach) => [breach.id, breach.rows]));
    return ORACLES.map(({ id, promise }): Finding => {
      const rows = breaches.get(id);
      if (rows === undefined) return { check: `promise-${id}`, state: 'ok', says: `Kept: ${promise}.` };
      const first = rows.slice(0, 3).map((row) => JSON.stringify(row));
      return { check: `promise-${id}`, state: 'problem', says: `Broken: ${promise}. Shown by ${first.join(', ')}.` };
    });
  });

export const upkeepCommands: readonly Command[] = [backupCommand, restoreCommand, doctorCommand];

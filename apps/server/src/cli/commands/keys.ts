import { SCOPES, type Scope } from '@baton/contract/operation.ts';
import { createKey, type KeyRow, listKeys, revokeKey } from '../../access/keys.ts';
import { type Call, type Command, CommandFailure, EXIT, operand, text, UsageError, whole } from '../command.ts';
import { withDatabase } from '../session.ts';
import { shownInstant } from '../shown.ts';
import { table } from '../table.ts';

const keysList: Command = {
  path: ['keys', 'list'],
  say: 'show the keys by which events and programs come in',
  operands: [],
  options: [],
  examples: [{ run: 'baton keys list', say: 'revoked ones too; secrets are never shown again' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const keys = await listKeys(pool);
      if (call.json) call.terminal.out(JSON.stringify({ keys }));
      else {
        call.terminal.out(
          table(
            ['id', 'kind', 'name', 'begins', 'source', 'last used', 'state'],
            keys.map((key) => [
              key.id,
              key.kind,
              key.name,
              key.prefix,
              key.source,
              key.lastUsedAt === null ? null : shownInstant(key.lastUsedAt),
              stateOf(key),
            ]),
          ),
        );
      }
      return EXIT.ok;
    }),
};

const stateOf = ({ revokedAt, expiresAt }: KeyRow): string => {
  if (revokedAt !== null) return `revoked ${shownInstant(revokedAt)}`;
  if (expiresAt === null) return 'valid';
  return `${expiresAt > Date.now() ? 'valid until' : 'expired'} ${shownInstant(expiresAt)}`;
};

const scopesOf = (call: Call): readonly Scope[] | undefined => {
  const asked = text(call, 'scopes');
  if (asked === undefined) return undefined;
  if (text(call, 'kind') !== 'secret') {
    throw new UsageError(
      'bad-option-value',
      '--scopes is for secret keys (--kind secret): a write key sends events only.',
    );
  }
  return asked.split(',').map((word) => {
    const scope = SCOPES.find((each) => each === word.trim());
    if (scope !== undefined) return scope;
    throw new UsageError('bad-option-value', `--scopes: "${word.trim()}" is none of ${SCOPES.join(', ')}.`);
  });
};

const keysAdd: Command = {
  path: ['keys', 'add'],
  say: 'make a key; it is shown once',
  detail:
    'A write key may only send events and can stand in a web page. A secret key reads and acts: keep it on a server.\n' +
    `What a secret key may do: ${SCOPES.join(', ')}; all but keys:write (keys and forms) and webhooks:write unless said.`,
  operands: [{ name: 'NAME', say: 'what it is for, e.g. website', required: true }],
  options: [
    { name: 'kind', say: 'what it may do (write)', takes: { kind: 'choice', of: ['write', 'secret'] } },
    { name: 'scopes', say: 'what a secret key may do, separated by commas', takes: { kind: 'text', name: 'SCOPES' } },
    { name: 'source', say: 'the name that provenance shows (NAME)', takes: { kind: 'text', name: 'SOURCE' } },
    {
      name: 'days',
      say: 'days until it is refused; 0 for no end (a year for a secret key, no end for a write key)',
      takes: { kind: 'number', name: 'DAYS', min: 0 },
    },
  ],
  examples: [
    { run: 'baton keys add website', say: 'a write key for analytics.js' },
    { run: 'baton keys add "CRM sync" --kind secret', say: 'a key for a server of yours' },
    { run: 'baton keys add setup --kind secret --scopes keys:write', say: 'a key that describes forms and makes keys' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const source = text(call, 'source');
      const scopes = scopesOf(call);
      const days = whole(call, 'days');
      const made = await createKey(pool, {
        name: operand(call, 0),
        kind: text(call, 'kind') === 'secret' ? 'secret' : 'write',
        by: 'command line',
        ...(source === undefined ? {} : { source }),
        ...(scopes === undefined ? {} : { scopes }),
        ...(days === undefined ? {} : { expiresInDays: days === 0 ? null : days }),
      });
      if (call.json) call.terminal.out(JSON.stringify(made));
      else {
        call.terminal.out(made.key);
        call.terminal.note('Keep it now: it is not shown again.');
      }
      return EXIT.ok;
    }),
};

const keysRevoke: Command = {
  path: ['keys', 'revoke'],
  say: 'refuse a key from now on',
  operands: [{ name: 'ID', say: 'its number, as "keys list" shows it', required: true }],
  options: [],
  examples: [{ run: 'baton keys revoke 3', say: 'running servers refuse it within seconds' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const id = operand(call, 0);
      if (!/^\d{1,9}$/.test(id)) throw new UsageError('bad-operand', 'ID is the number that "baton keys list" shows.');
      if (!(await revokeKey(pool, Number(id), 'command line'))) {
        throw new CommandFailure('key-unknown', `There is no valid key ${id}.`);
      }
      if (call.json) call.terminal.out(JSON.stringify({ revoked: Number(id) }));
      else call.terminal.note(`Key ${id} is revoked.`);
      return EXIT.ok;
    }),
};

export const keysCommands: readonly Command[] = [keysList, keysAdd, keysRevoke];

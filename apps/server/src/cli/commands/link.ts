import { createSignInLink, linkAddress } from '../../access/signIn.ts';
import { readConfig } from '../../config.ts';
import { type Command, EXIT, text } from '../command.ts';
import { withDatabase } from '../session.ts';

const TEAMS = ['admin', 'marketing', 'sales'] as const;

export const linkCommand: Command = {
  path: ['link'],
  say: 'print a one-time link that signs somebody in',
  detail:
    'Whoever has an account keeps its roles. Without one, an account begins with the role of the side that you name.',
  operands: [],
  options: [
    { name: 'person', say: 'for whom (admin)', takes: { kind: 'text', name: 'EMAIL' } },
    { name: 'team', say: 'the side of a new account (admin)', takes: { kind: 'choice', of: TEAMS } },
  ],
  examples: [
    { run: 'baton link', say: 'for yourself; it works once, within 24 hours' },
    { run: 'baton link --person ada@company.example --team sales', say: 'for a colleague' },
  ],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const config = readConfig();
      const team = TEAMS.find((each) => each === text(call, 'team')) ?? 'admin';
      const link = await createSignInLink(pool, { person: text(call, 'person') ?? 'admin', team });
      const address = linkAddress(config.BATON_PUBLIC_URL ?? `http://localhost:${config.BATON_PORT}`, link.token);
      if (call.json) call.terminal.out(JSON.stringify({ address, expiresAt: link.expiresAt }));
      else call.terminal.out(address);
      return EXIT.ok;
    }),
};

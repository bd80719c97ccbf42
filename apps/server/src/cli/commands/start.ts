import { type Command, EXIT } from '../command.ts';

export const startCommand: Command = {
  path: ['start'],
  say: 'start the server and print the link that opens it',
  detail: 'Listens on BATON_PORT (4600) until it is told to stop. The same as "npm start".',
  operands: [],
  options: [],
  examples: [{ run: 'baton start', say: 'http://localhost:4600, with the embedded database in .baton/' }],
  run: async () => {
    // Starts on import, answers signals and ends the process itself.
    await import('../../main.ts');
    await new Promise(() => {});
    return EXIT.ok;
  },
};

import { nextInTeam, whyNotThisRep } from '../../insight/nextInTeam.ts';
import { findRep } from '../../people/reps.ts';
import { type Command, CommandFailure, EXIT, operand, text, UsageError, whole } from '../command.ts';
import { withDatabase } from '../session.ts';
import { table } from '../table.ts';

/** Why somebody is next is told whole. */
const SAY_CHARS = 2_000;

const next: Command = {
  path: ['next'],
  say: 'show who would have the next leads of a team, and why; takes no turn',
  operands: [{ name: 'TEAM', say: "the team's id", required: true }],
  options: [
    { name: 'intent', say: 'the intent; each has a ledger of its own (high)', takes: { kind: 'text', name: 'INTENT' } },
    { name: 'count', say: 'so many leads (20)', takes: { kind: 'number', name: 'N', min: 1 } },
  ],
  examples: [{ run: 'baton next inbound --intent high', say: 'whose turn it is, and the 19 after that' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const [team, intent] = [operand(call, 0), text(call, 'intent') ?? 'high'];
      const turns = await nextInTeam(pool, team, intent, Math.min(whole(call, 'count') ?? 20, 1_000));
      if (turns === null) throw new CommandFailure('team-unknown', `There is no team "${team}".`);
      if (call.json) {
        call.terminal.out(JSON.stringify({ team, intent, ...turns }));
        return EXIT.ok;
      }
      call.terminal.out(
        table(
          ['lead', 'goes to', 'because'],
          turns.next.map((one, index) => [index + 1, one.name ?? '-', one.say]),
          SAY_CHARS,
        ),
      );
      call.terminal.out('');
      call.terminal.out(
        table(
          ['rep', 'weight', 'stands at'],
          turns.standings.map((one) => [one.name, one.weight, one.say]),
          SAY_CHARS,
        ),
      );
      for (const excluded of turns.next[0]?.excluded ?? []) call.terminal.out(`Not now: ${excluded.say}`);
      return EXIT.ok;
    }),
};

const whyNotMe: Command = {
  path: ['why-not-me'],
  say: 'say why a rep did not get a handoff when it was given',
  operands: [
    { name: 'HANDOFF', say: 'its number, as "handoffs" shows it', required: true },
    { name: 'REP', say: 'e-mail address, number or name', required: true },
  ],
  options: [],
  examples: [{ run: 'baton why-not-me 512 ada@company.example', say: 'not eligible because, or behind by so much' }],
  run: (call) =>
    withDatabase(call.terminal, async ({ pool }) => {
      const [handoff, named] = [operand(call, 0), operand(call, 1)];
      if (!/^\d{1,15}$/.test(handoff))
        throw new UsageError('bad-operand', 'HANDOFF is the number that "baton handoffs" shows.');
      const repId = await findRep(pool, named);
      if (repId === null) throw new CommandFailure('rep-unknown', `There is no rep "${named}".`);
      const found = await pool.query('select 1 from handoff where id = $1', [Number(handoff)]);
      if (found.rows.length === 0) throw new CommandFailure('handoff-unknown', `There is no handoff ${handoff}.`);
      const why = await whyNotThisRep(pool, Number(handoff), repId);
      if (call.json) call.terminal.out(JSON.stringify({ handoff: Number(handoff), rep: repId, why }));
      else call.terminal.out(why ?? 'It is theirs.');
      return EXIT.ok;
    }),
};

export const nextCommands: readonly Command[] = [next, whyNotMe];

import type { Actor } from '@baton/domain/handoff/input.ts';
import type { Pool } from 'pg';
import type { ActOutcome } from '../../handoff/act.ts';
import { findRep } from '../../people/reps.ts';
import { findContact } from '../../records/contactFile.ts';
import { type Call, CommandFailure, type CommandOption, EXIT, type ExitCode, text, UsageError } from '../command.ts';
import { type Engine, withEngine } from '../engine.ts';
import { withDatabase } from '../session.ts';

/** Who acts: a rep by address, or somebody of sales by name on the rep's behalf. */
export const WHO_ACTS: readonly CommandOption[] = [
  { name: 'as', say: 'the rep who acts', takes: { kind: 'text', name: 'EMAIL' } },
  { name: 'by', say: 'who of sales acts for the rep, instead of --as', takes: { kind: 'text', name: 'NAME' } },
];

/** The number that an operand must be. @throws UsageError `bad-operand`. */
export const numbered = (name: string, shownBy: string, value: string): number => {
  if (!/^\d{1,15}$/.test(value))
    throw new UsageError('bad-operand', `${name} is the number that "baton ${shownBy}" shows.`);
  return Number(value);
};

/** An instant that an option names: ISO 8601, or a day, which begins at midnight UTC. @throws UsageError `bad-option-value`. */
export const instantOf = (call: Call, name: string): number | undefined => {
  const value = text(call, name);
  if (value === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}(T.+(Z|[+-]\d{2}:\d{2}))?$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at))
    throw new UsageError('bad-option-value', `--${name}: a day (2027-03-01) or an instant (2027-03-01T09:00:00Z).`);
  return at;
};

/** The rep of an address. @throws CommandFailure `rep-unknown`. */
export const repOf = async (pool: Pool, named: string): Promise<number> => {
  const repId = await findRep(pool, named);
  if (repId === null) throw new CommandFailure('rep-unknown', `There is no rep "${named}".`);
  return repId;
};

/** The contact that somebody is known as. @throws CommandFailure `contact-unknown`. */
export const contactOf = async (pool: Pool, named: string): Promise<number> => {
  const id = await findContact(pool, named);
  if (id === null) throw new CommandFailure('contact-unknown', `Nobody is known as "${named}".`);
  return id;
};

type Act = (engine: Engine & { readonly pool: Pool; readonly by: Actor }) => Promise<ActOutcome>;

/** Runs one act of whoever `--as` or `--by` names, and tells what came of it. */
export const runAct = (call: Call, about: { readonly [word: string]: unknown }, act: Act): Promise<ExitCode> => {
  const [rep, person] = [text(call, 'as'), text(call, 'by')];
  if ((rep === undefined) === (person === undefined))
    throw new UsageError('missing-option', 'Say who acts: --as EMAIL of the rep, or --by NAME of sales, one of both.');
  return withDatabase(call.terminal, ({ pool }) =>
    withEngine(pool, async (engine) => {
      const by: Actor =
        rep === undefined
          ? { kind: 'person', name: person ?? '', team: 'sales' }
          : { kind: 'rep', id: await repOf(pool, rep) };
      const outcome = await act({ ...engine, pool, by });
      if (outcome.kind === 'not-found') throw new CommandFailure('not-found', 'There is nothing with this number.');
      if (outcome.kind === 'refused') throw new CommandFailure(outcome.refusal.code, outcome.refusal.say);
      const { decision } = outcome;
      const say = decision.trace?.say ?? decision.outcome;
      if (decision.outcome === 'ignored') throw new CommandFailure('no-change', say);
      const { handoff, group } = decision.next;
      const handoffId = handoff?.id ?? group?.handoffId ?? null;
      if (call.json)
        call.terminal.out(
          JSON.stringify({ ...about, contact: outcome.contactId, handoff: handoffId, decision: decision.id, say }),
        );
      else call.terminal.note(say);
      return EXIT.ok;
    }),
  );
};

import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { type ListedRep, readRep } from '../../people/listReps.ts';
import { findRep } from '../../people/reps.ts';
import { CommandFailure, type CommandOperand } from '../command.ts';

/** The rep that a command is about. */
export const REP: CommandOperand = { name: 'REP', say: 'e-mail address, number or name', required: true };

/** The rep that is named; fails with `rep-unknown`. */
export const knownRep = async (pool: Pool, named: string): Promise<ListedRep> => {
  const id: RepId | null = await findRep(pool, named);
  const rep = id === null ? null : await readRep(pool, id);
  if (rep === null) throw new CommandFailure('rep-unknown', `There is no rep "${named}". "baton rep list" names them.`);
  return rep;
};

import type { Fact, FactPath, FactValue } from '../facts/fact.ts';
import { SOURCE_FACTS } from '../source/sourceFacts.ts';
import type { Frame, Subject } from './compiled.ts';

/** A fact as a criterion reads it; derived ones have no claim behind them. */
export type FoundFact = Pick<Fact, 'value' | 'at' | 'key'> & { readonly trust: Fact['trust'] | null };

/** Reads one fact of a frame; undefined: nobody knows it. */
export type LookUp = (frame: Frame) => FoundFact | undefined;

/** Facts that the records themselves tell. What a caller leaves out is looked for among the claims. */
const RECORD_FACTS: { readonly [path: FactPath]: (subject: Subject) => FactValue | undefined } = {
  'contact.lifecycle': (subject) => subject.stage,
  'contact.lead-status': (subject) => subject.leadStatus,
  'contact.owner': (subject) => subject.ownerId,
  'company.lifecycle': (subject) => subject.companyStage,
};

/** True for a fact that only claims tell: neither derived from touches nor kept in a record. */
export const isClaimed = (path: FactPath): boolean =>
  SOURCE_FACTS[path] === undefined && RECORD_FACTS[path] === undefined;

/** Finds out once where a fact lives, so that reading it is one access. */
export const compileLookUp = (path: FactPath): LookUp => {
  const source = SOURCE_FACTS[path];
  if (source !== undefined) {
    const { of, value } = source;
    return ({ subject }) => {
      const touch = subject.touches[of];
      const told = touch === null ? undefined : value(touch);
      return touch === null || told === undefined
        ? undefined
        : { value: told, at: touch.at, key: touch.key, trust: null };
    };
  }
  const claimed: LookUp = path.startsWith('company.')
    ? ({ companyFacts }) => companyFacts[path]
    : ({ facts }) => facts[path];
  const recorded = RECORD_FACTS[path];
  if (recorded === undefined) return claimed;
  return (frame) => {
    const value = recorded(frame.subject);
    return value === undefined ? claimed(frame) : { value, at: frame.now, key: '', trust: null };
  };
};

/** Whether an owner sells, as a value. */
export const compileOwnerLookUp = (path: FactPath): LookUp => {
  const field = path === 'company.owner' ? 'companyOwnerSelling' : 'contactOwnerSelling';
  return ({ subject, now }) => {
    const value = subject.ownership?.[field];
    return value === undefined ? undefined : { value, at: now, key: '', trust: null };
  };
};

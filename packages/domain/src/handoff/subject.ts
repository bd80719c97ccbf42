import { canOwn } from '../assignment/eligibility.ts';
import type { Fact } from '../facts/fact.ts';
import type { RepId } from '../kernel/ids.ts';
import type { View } from '../policy/compiled.ts';
import type { Context } from './context.ts';
import type { CompanyState, ContactState } from './state.ts';

/**
 * What the policy judges: the contact, its company's facts, and whether the owners sell. Before the company is loaded
 * under lock its stage and owner are unknown, which neither qualifies nor disqualifies.
 */
export const subjectOf = (state: ContactState, context: Context, company: CompanyState | null): View => ({
  facts: state.facts,
  touches: state.touches,
  signals: state.signals,
  stage: state.stage ?? claimedOrNone(state.facts['contact.lifecycle']),
  leadStatus: state.leadStatus ?? claimedOrNone(state.facts['contact.lead-status']),
  ownerId: state.ownerId ?? claimedOrNone(state.facts['contact.owner']),
  companyFacts: company?.facts ?? context.companyFacts,
  companyStage: company === null ? undefined : (company.stage ?? claimedOrNone(company.facts['company.lifecycle'])),
  ownership: {
    contactOwnerSelling: isSelling(state.ownerId, context),
    companyOwnerSelling:
      company === null && state.companyId !== null ? undefined : isSelling(company?.ownerId ?? null, context),
  },
  now: context.now,
});

const isSelling = (repId: RepId | null, context: Context): boolean =>
  repId !== null && canOwn(context.people.reps.get(repId));

/** Where the record says nothing: a claim speaks (absent here) if there is one, else it is known that there is none. */
const claimedOrNone = (claim: Fact | undefined): null | undefined => (claim === undefined ? null : undefined);

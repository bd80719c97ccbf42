import type { HandoffRow } from '@baton/contract/handoffs.ts';
import type { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '@baton/domain/handoff/input.ts';
import { OUTCOME_MEANS } from '@baton/domain/handoff/transitions/logContact.ts';

export type ContactChannel = (typeof CONTACT_CHANNELS)[number];
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];

/** What one does with a handoff on the page, as it is sent. Instants are ISO 8601. */
export type HandoffAct =
  | { readonly do: 'accept' | 'claim' }
  | {
      readonly do: 'log-contact';
      readonly channel: ContactChannel;
      readonly outcome: ContactOutcome;
      readonly note: string | null;
      readonly next: { readonly type: string; readonly title: string; readonly dueAt: string } | null;
    }
  | { readonly do: 'reject'; readonly reason: string; readonly detail: string | null; readonly reroutes: boolean }
  | { readonly do: 'hand-back'; readonly reason: string }
  | { readonly do: 'assign'; readonly to: number; readonly name: string }
  | { readonly do: 'park'; readonly until: string; readonly note: string | null };

const LEAD_STATUS = { attempt: 'attempted-to-contact', conversation: 'connected' } as const;

/** How the row will look once the act is done, as far as that is certain; clocks and owners are the server's to say. */
export const asIf = (row: HandoffRow, act: HandoffAct): HandoffRow => {
  switch (act.do) {
    case 'accept':
    case 'claim':
      return { ...row, status: 'open', acceptBy: null };
    case 'park':
      return { ...row, status: 'parked', acceptBy: null };
    case 'hand-back':
      return row;
    case 'assign':
      return { ...row, owner: { id: act.to, name: act.name }, queue: null };
    case 'reject':
      return act.reroutes ? row : { ...row, status: 'rejected', acceptBy: null };
    case 'log-contact': {
      const means = OUTCOME_MEANS[act.outcome];
      if (means === 'nothing' || row.status === 'deal') return row;
      const isFurther = row.status === 'working' && means === 'attempt';
      return { ...row, status: 'working', acceptBy: null, leadStatus: isFurther ? row.leadStatus : LEAD_STATUS[means] };
    }
  }
};

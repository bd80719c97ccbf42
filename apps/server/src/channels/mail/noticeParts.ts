import type { HandoffRow } from '@baton/contract/handoffs.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Delivery } from '../../outbox/sender.ts';
import type { NoticeFacts } from '../noticeFacts.ts';
import { allDue, sayLocal, saySpan } from '../sayTimes.ts';

/** What a notice says, in parts that a text and an HTML mail show alike. */
export type NoticeParts = {
  readonly heading: string;
  /** Role and company. */
  readonly under: string | null;
  /** What the policy (or the step) says, as paragraphs. */
  readonly says: readonly string[];
  /** The company's own words in HTML, already filled and escaped, in place of `says` there; else null. */
  readonly own: string | null;
  readonly rows: readonly {
    readonly label: string;
    readonly value: string;
    readonly tone: 'plain' | 'warn' | 'breach';
  }[];
  readonly reach: { readonly phone: string | null; readonly email: string | null };
  /** Why this person gets it. */
  readonly footer: string;
};

const named = (row: HandoffRow): string => row.contact.name ?? row.contact.email ?? `Contact ${row.contact.id}`;

const companyOf = ({ name, size }: NonNullable<HandoffRow['company']>): string | null =>
  name === null ? null : `${name}${size === null ? '' : ` (${size})`}`;

const underOf = (row: HandoffRow): string | null => {
  const company = row.company === null ? null : companyOf(row.company);
  return [row.contact.title, company].filter((part) => part !== null).join(', ') || null;
};

/** What stands in a notice about a handoff; without one, subject and body are all there is. `now`: epoch ms. */
export const noticeParts = (delivery: Delivery, facts: NoticeFacts, now: Instant): NoticeParts => {
  const { row, rep } = facts;
  const zone = rep?.timeZone ?? 'UTC';
  const says = delivery.body.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '');
  if (row === null) {
    return {
      heading: delivery.subject,
      under: null,
      says,
      own: null,
      rows: [],
      reach: { phone: null, email: null },
      footer:
        delivery.about === 'digest'
          ? 'You get this each working morning because you manage this team.'
          : 'You get this because somebody tried whether it arrives.',
    };
  }
  return {
    heading: named(row),
    under: underOf(row),
    // a notice that is news about a thread says its subject too: the mail's own subject stays that of the thread
    says: facts.first === null ? says : [delivery.subject, ...says],
    own: null,
    rows: [
      { label: 'Why', value: row.why, tone: 'plain' as const },
      ...(row.whyOwner === null ? [] : [{ label: 'Why you', value: row.whyOwner, tone: 'plain' as const }]),
      ...allDue(row).map(({ label, at }) => ({
        label,
        value:
          at <= now
            ? `${sayLocal(at, zone)}, ${saySpan(now - at)} ago`
            : `${sayLocal(at, zone)}, in ${saySpan(at - now)}`,
        tone: at <= now ? ('breach' as const) : row.breached ? ('warn' as const) : ('plain' as const),
      })),
    ],
    reach: { phone: facts.phone, email: row.contact.email },
    footer:
      facts.coversFor !== null
        ? `You get this because you stand in for ${facts.coversFor}.`
        : row.owner?.id === rep?.id
          ? 'You get this because the lead is yours.'
          : 'You get this because the agreement of marketing and sales names you.',
  };
};

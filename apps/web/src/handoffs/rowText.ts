import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { STATUS_LOOK, type StatusShape } from '../ui/StatusGlyph.tsx';

/** What to call the contact: the name, else the address, else its number. */
export const contactName = (row: Pick<HandoffRow, 'contact'>): string =>
  row.contact.name ?? row.contact.email ?? `Contact ${row.contact.id}`;

const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 2 });

/** `420`, `2.1k`; what is no number stays as it is (`51-200`). */
const sizeText = (size: string | null | undefined): string | null | undefined =>
  size !== null && size !== undefined && /^\d+$/.test(size) ? compact.format(Number(size)).toLowerCase() : size;

/** The first letter large; the rest is somebody's own words. */
export const upperFirst = (text: string): string => (text === '' ? text : text.charAt(0).toUpperCase() + text.slice(1));

/** `Northwind · VP Operations · 420`: what is known of company, role and size, in that order. */
export const contactContext = (row: HandoffRow): string =>
  [row.company?.name, row.contact.title, sizeText(row.company?.size)]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' · ');

/** Whose it is, in as few words as will do. */
export const ownerName = (row: HandoffRow): string => {
  if (row.owner !== null) return row.owner.name;
  return row.queue === null ? 'Nobody' : `Queue ${row.queue}`;
};

/** Why it is theirs, without saying their name again: it stands right before. */
export const whyOwnerText = (row: HandoffRow): string => {
  const why = row.whyOwner ?? '';
  const name = row.owner?.name ?? '';
  if (name === '' || !why.startsWith(name)) return upperFirst(why);
  return upperFirst(why.slice(name.length).replace(/^(’s|'s)?\s+/, ''));
};

/** A contact's own lead status says more than the handoff's, where it has one of these. */
const BY_LEAD_STATUS: Record<string, { readonly shape: StatusShape; readonly say: string }> = {
  'attempted-to-contact': { shape: 'half', say: 'Tried' },
  connected: { shape: 'disc', say: 'Connected' },
  'in-progress': { shape: 'disc', say: 'In progress' },
};

export const statusLook = (row: HandoffRow): { readonly shape: StatusShape; readonly say: string } => {
  if (row.status === 'working' && row.leadStatus !== null) {
    return BY_LEAD_STATUS[row.leadStatus] ?? STATUS_LOOK.working;
  }
  return STATUS_LOOK[row.status];
};

/** Words for the codes that a list shows: `company-owner` -> `Company owner`. */
export const sentenceCase = (code: string): string => {
  return upperFirst(code.replaceAll(/[-_]/g, ' ').trim());
};

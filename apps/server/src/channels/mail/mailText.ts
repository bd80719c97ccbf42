import type { NoticeParts } from './noticeParts.ts';

/** Links of a mail: the signed page, the page of who is signed in, and the one where mails are switched off. */
export type MailLinks = { readonly act: string | null; readonly open: string | null; readonly off: string | null };

/** The mail as plain text: the same words in the same order as the HTML. */
export const mailText = (parts: NoticeParts, links: MailLinks): string => {
  const lines: string[] = [parts.heading];
  if (parts.under !== null) lines.push(parts.under);
  lines.push('', ...parts.says.flatMap((paragraph) => [paragraph, '']));
  for (const { label, value } of parts.rows) lines.push(`${label}: ${value}`);
  if (parts.reach.phone !== null) lines.push(`Phone: ${parts.reach.phone}`);
  if (parts.reach.email !== null) lines.push(`E-mail: ${parts.reach.email}`);
  lines.push('');
  if (links.act !== null) lines.push('Accept, reject or put it off (no sign-in):', links.act, '');
  if (links.open !== null) lines.push('Open it in Baton:', links.open, '');
  lines.push('-- ', parts.footer);
  if (links.off !== null) lines.push(`No more e-mails of this kind: ${links.off}`);
  return `${lines.join('\n')}\n`;
};

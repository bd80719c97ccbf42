import type { AccountLink } from '@baton/contract/accounts.ts';
import { whenText } from '../time/dateText.ts';
import { CopyButton } from '../ui/CopyButton.tsx';

/** A link that went by mail, or that is shown this once. */
export const LinkNote = ({ link }: { link: AccountLink }) => (
  <section role="status" className="grid gap-2 border-l-2 border-accent pl-4">
    {link.address === null ? (
      <p className="text-base">The link went to {link.account.email}.</p>
    ) : (
      <>
        <p className="text-base">
          E-mail is not set up, so hand this link to {link.account.name} yourself. It is shown once and counts once,
          until {whenText(Date.parse(link.expiresAt), Date.now())}.
        </p>
        <p className="break-all font-mono text-dense">{link.address}</p>
        <div>
          <CopyButton text={link.address} what="link" />
        </div>
      </>
    )}
  </section>
);

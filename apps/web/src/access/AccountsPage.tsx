import { type AccountLink, listAccounts } from '@baton/contract/accounts.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { request, statusOf } from '../api/request.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Mark } from '../ui/Mark.tsx';
import { AccountItem } from './AccountItem.tsx';
import { InviteForm } from './InviteForm.tsx';
import { LinkNote } from './LinkNote.tsx';
import { NoPermission } from './NoPermission.tsx';

const KEY = ['accounts'];
/** For admins: who can sign in and as what; invite, change roles, lock out. */
export const AccountsPage = () => {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => request(listAccounts, {}, signal),
  });
  const [link, setLink] = useState<AccountLink | null>(null);
  const changed = () => queries.invalidateQueries({ queryKey: KEY });
  return (
    <div className="h-dvh overflow-y-auto">
      <header className="flex h-12 items-center gap-4 border-b border-line px-5">
        <Link to="/" search={{}} className="flex items-center gap-2 text-base font-semibold" aria-label="Back to Baton">
          <Mark />
          <span className="max-room:hidden">Baton</span>
        </Link>
        <span className="h-4 w-px bg-line max-room:hidden" aria-hidden="true" />
        <h1 className="text-reading font-semibold">People and roles</h1>
      </header>
      <main className="mx-auto grid max-w-page gap-8 px-5 py-8">
        {statusOf(error) === 403 ? (
          <NoPermission permission="accounts.edit" />
        ) : error !== null ? (
          <FailureNote what="Accounts could not be read." safe="Nothing was changed." error={error} retry={refetch} />
        ) : (
          <>
            <InviteForm
              onLink={(made) => {
                setLink(made);
                changed();
              }}
            />
            {link === null ? null : <LinkNote link={link} />}
            <ul className="border-t border-line">
              {data?.rows.map((row) => (
                <AccountItem key={row.id} row={row} onChanged={changed} onLink={setLink} />
              ))}
            </ul>
          </>
        )}
      </main>
    </div>
  );
};

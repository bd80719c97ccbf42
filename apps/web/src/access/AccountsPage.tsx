import { type AccountLink, listAccounts } from '@baton/contract/accounts.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request, statusOf } from '../api/request.ts';
import { ScreenBar } from '../shell/ScreenBar.tsx';
import { FailureNote } from '../ui/FailureNote.tsx';
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
    <div className="h-full overflow-y-auto">
      <ScreenBar title="People and roles" />
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

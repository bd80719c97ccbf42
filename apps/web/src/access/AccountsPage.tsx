import { Form } from '@base-ui/react/form';
import {
  type AccountLink,
  type AccountRow,
  activateAccount,
  changeAccount,
  deactivateAccount,
  inviteAccount,
  listAccounts,
  resetAccount,
} from '@baton/contract/accounts.ts';
import { ROLES, type Role } from '@baton/domain/access/roles.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { request, statusOf } from '../api/request.ts';
import { whenText } from '../time/dateText.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Mark } from '../ui/Mark.tsx';
import { AccountSection } from './AccountSection.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { NoPermission } from './NoPermission.tsx';
import { ROLE_TEXT } from './roleText.ts';
import { SignedOut } from './SignedOut.tsx';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

const KEY = ['accounts'];
const STATE_TEXT: { readonly [state in AccountRow['state']]: string } = {
  invited: 'invited, not accepted yet',
  active: 'active',
  deactivated: 'deactivated',
};

/** For admins: who can sign in and as what; invite, change roles, lock out. */
export const AccountsPage = () => {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => request(listAccounts, {}, signal),
  });
  const [link, setLink] = useState<AccountLink | null>(null);
  const changed = () => queries.invalidateQueries({ queryKey: KEY });
  if (statusOf(error) === 401) return <SignedOut />;
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
                <Row key={row.id} row={row} onChanged={changed} onLink={setLink} />
              ))}
            </ul>
          </>
        )}
      </main>
    </div>
  );
};

const InviteForm = ({ onLink }: { onLink: (link: AccountLink) => void }) => {
  const [times, setTimes] = useState(0);
  const [roles, setRoles] = useState<readonly Role[]>(['rep']);
  const { run, busy, error } = useAct(async (event: FormEvent<HTMLFormElement>) => {
    const email = fieldsOf(event)('email');
    onLink(await request(inviteAccount, { body: { email, roles: [...roles] } }));
    setTimes(times + 1);
  });
  return (
    <AccountSection title="Invite somebody" say="A rep is known by the address that the team lists them under.">
      <Form key={times} className="grid max-w-pane gap-3" onSubmit={run}>
        <TextField label="E-mail" name="email" type="email" autoComplete="off" />
        <RoleBoxes legend="Roles" roles={roles} onChange={setRoles} />
        <FormError error={error} />
        <div>
          <button type="submit" className="button button-primary" disabled={busy || roles.length === 0}>
            Invite
          </button>
        </div>
      </Form>
    </AccountSection>
  );
};

/** A link that went by mail, or that is shown this once. */
const LinkNote = ({ link }: { link: AccountLink }) => (
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

type RowProps = {
  readonly row: AccountRow;
  readonly onChanged: () => Promise<void>;
  readonly onLink: (link: AccountLink) => void;
};

const Row = ({ row, onChanged, onLink }: RowProps) => {
  const params = { id: row.id };
  const act = useAct(async (work: () => Promise<unknown>) => {
    await work();
    await onChanged();
  });
  const name = row.email ?? row.name;
  return (
    <li className="grid gap-2 border-b border-hair py-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="min-w-0">
          <span className="block truncate text-base font-medium">{row.name}</span>
          <span className="block text-dense text-text2">
            {row.email ?? 'no address yet'} · {STATE_TEXT[row.state]}
            {row.roles.includes('rep') && row.repId === null
              ? ' · no active rep has this address, so no lead is theirs'
              : ''}
            {row.lastSeenAt === null ? '' : ` · last seen ${whenText(Date.parse(row.lastSeenAt), Date.now())}`}
          </span>
        </span>
        <span className="flex flex-wrap gap-2">
          {row.state === 'active' ? (
            <button
              type="button"
              className="button"
              disabled={act.busy}
              aria-label={`New password for ${name}`}
              onClick={() => act.run(async () => onLink(await request(resetAccount, { params })))}
            >
              New password
            </button>
          ) : null}
          <button
            type="button"
            className="button"
            disabled={act.busy}
            aria-label={`${row.state === 'deactivated' ? 'Activate' : 'Deactivate'} ${name}`}
            onClick={() =>
              act.run(() => request(row.state === 'deactivated' ? activateAccount : deactivateAccount, { params }))
            }
          >
            {row.state === 'deactivated' ? 'Activate' : 'Deactivate'}
          </button>
        </span>
      </div>
      <RoleBoxes
        legend={`Roles of ${name}`}
        hideLegend
        roles={row.roles}
        onChange={(roles) => {
          if (roles.length > 0) act.run(() => request(changeAccount, { params, body: { roles: [...roles] } }));
        }}
      />
      <FormError error={act.error} />
    </li>
  );
};

type RoleBoxesProps = {
  readonly legend: string;
  readonly hideLegend?: boolean;
  readonly roles: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
};

const RoleBoxes = ({ legend, hideLegend = false, roles, onChange }: RoleBoxesProps) => (
  <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
    <legend className={hideLegend ? 'sr-only' : 'text-dense font-medium'}>{legend}</legend>
    {ROLES.map((role) => (
      <label key={role} className="flex min-h-6 items-center gap-2 text-dense">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={roles.includes(role)}
          onChange={(event) =>
            onChange(ROLES.filter((one) => (one === role ? event.target.checked : roles.includes(one))))
          }
        />
        {ROLE_TEXT[role]}
      </label>
    ))}
  </fieldset>
);

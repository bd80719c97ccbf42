import {
  type AccountLink,
  type AccountRow,
  activateAccount,
  changeAccount,
  deactivateAccount,
  resetAccount,
} from '@baton/contract/accounts.ts';
import { request } from '../api/request.ts';
import { whenText } from '../time/dateText.ts';
import { FormError } from './FormError.tsx';
import { RoleBoxes } from './RoleBoxes.tsx';
import { useAct } from './useAct.ts';

const STATE_TEXT: { readonly [state in AccountRow['state']]: string } = {
  invited: 'invited, not accepted yet',
  active: 'active',
  deactivated: 'deactivated',
};

type Props = {
  readonly row: AccountRow;
  readonly onChanged: () => Promise<void>;
  readonly onLink: (link: AccountLink) => void;
};

/** One account with its roles and what an admin can do with it. */
export const AccountItem = ({ row, onChanged, onLink }: Props) => {
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

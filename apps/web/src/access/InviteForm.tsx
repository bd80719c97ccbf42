import { Form } from '@base-ui/react/form';
import { type AccountLink, inviteAccount } from '@baton/contract/accounts.ts';
import type { Role } from '@baton/domain/access/roles.ts';
import { type FormEvent, useState } from 'react';
import { request } from '../api/request.ts';
import { AccountSection } from './AccountSection.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { RoleBoxes } from './RoleBoxes.tsx';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

/** Invites somebody with their roles; what it answers is a link, on its way or to hand over. */
export const InviteForm = ({ onLink }: { onLink: (link: AccountLink) => void }) => {
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

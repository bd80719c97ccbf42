import { Form } from '@base-ui/react/form';
import type { Me } from '@baton/contract/me.ts';
import { changeMe } from '@baton/contract/myAccount.ts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { request } from '../api/request.ts';
import { AccountSection } from './AccountSection.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { ROLE_TEXT } from './roleText.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';
import { meQuery } from './useMe.ts';

/** Who one is here; the address can be said once, by whoever came by the terminal's link. */
export const ProfileSection = ({ me }: { me: Me }) => {
  const queries = useQueryClient();
  const [saved, setSaved] = useState(false);
  const asksAddress = me.email === null && me.roles.includes('admin');
  const { run, busy, error } = useAct(async (event: FormEvent<HTMLFormElement>) => {
    const field = fieldsOf(event);
    setSaved(false);
    const email = asksAddress ? { email: field('email') } : {};
    queries.setQueryData(meQuery.queryKey, await request(changeMe, { body: { name: field('name'), ...email } }));
    setSaved(true);
  });
  const roles = me.roles.map((role) => ROLE_TEXT[role]).join(', ');
  return (
    <AccountSection
      title="Who you are"
      say={`${me.email ?? 'No e-mail yet'} · ${roles === '' ? 'no role' : roles}. An admin changes roles and addresses.`}
    >
      <Form key={me.email ?? ''} className="grid gap-3" onSubmit={run}>
        <TextField label="Name" name="name" autoComplete="name" defaultValue={me.name} />
        {asksAddress ? (
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autoComplete="email"
            hint="You sign in by it, and notices go to it. It can be said once."
          />
        ) : null}
        <FormError error={error} />
        <div className="flex items-center gap-3">
          <button type="submit" className="button" disabled={busy}>
            Save
          </button>
          <span aria-live="polite" className="text-dense text-text2">
            {saved ? 'Saved' : ''}
          </span>
        </div>
      </Form>
    </AccountSection>
  );
};

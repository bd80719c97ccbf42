import { Form } from '@base-ui/react/form';
import type { Me } from '@baton/contract/me.ts';
import { setMyPassword } from '@baton/contract/myAccount.ts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { request } from '../api/request.ts';
import { AccountSection } from './AccountSection.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

/** Sets one's password, the first or the next one. */
export const PasswordSection = ({ me }: { me: Me }) => {
  const queries = useQueryClient();
  const [times, setTimes] = useState(0);
  const { run, busy, error } = useAct(async (event: FormEvent<HTMLFormElement>) => {
    const field = fieldsOf(event);
    const current = me.hasPassword ? { current: field('current') } : {};
    await request(setMyPassword, { body: { password: field('password'), ...current } });
    setTimes(times + 1);
    await queries.invalidateQueries({ queryKey: ['me'] });
  });
  return (
    <AccountSection
      title="Password"
      say={
        me.hasPassword
          ? 'A new one ends every other session of yours.'
          : 'You have none: without one you need a link of the terminal each time.'
      }
    >
      <Form key={times} className="grid gap-3" onSubmit={run}>
        <input type="hidden" name="username" autoComplete="username" value={me.email ?? me.name} readOnly />
        {me.hasPassword ? (
          <TextField label="Present password" name="current" type="password" autoComplete="current-password" />
        ) : null}
        <TextField
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          hint="At least 12 characters; a few words do well."
        />
        <FormError error={error} />
        <div className="flex items-center gap-3">
          <button type="submit" className="button" disabled={busy}>
            Set the password
          </button>
          <span aria-live="polite" className="text-dense text-text2">
            {times > 0 ? 'The password is set' : ''}
          </span>
        </div>
      </Form>
    </AccountSection>
  );
};

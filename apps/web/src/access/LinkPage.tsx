import { Form } from '@base-ui/react/form';
import { acceptInvitation, readInvitation, resetPassword } from '@baton/contract/signIn.ts';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { request } from '../api/request.ts';
import { DoorPage } from './DoorPage.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { ROLE_TEXT } from './roleText.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

/** What a link for one person leads to: accepting an invitation, or a new password. Its secret stands behind the #. */
export const LinkPage = () => {
  const [token] = useState(() => location.hash.slice(1));
  // what lets somebody in stays in no history and no screenshot of the address
  useEffect(() => history.replaceState(null, '', location.pathname), []);
  const { data, error } = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => request(readInvitation, { body: { token } }, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isInvitation = data?.kind !== 'reset';
  const act = useAct(async (event: FormEvent<HTMLFormElement>) => {
    const field = fieldsOf(event);
    const password = field('password');
    if (isInvitation) await request(acceptInvitation, { body: { token, name: field('name'), password } });
    else await request(resetPassword, { body: { token, password } });
    location.assign('/');
  });
  if (error !== null)
    return (
      <DoorPage title="This link counts no more.">
        <p className="text-base text-text2">
          It was used already, has expired, or a newer one took its place. Ask an admin for another.
        </p>
        <a href="/" className="button">
          Sign in
        </a>
      </DoorPage>
    );
  if (data === undefined) return null;
  return (
    <DoorPage title={isInvitation ? 'Welcome to Baton' : 'A new password'}>
      <p className="text-base text-text2">
        {isInvitation ? (
          <>
            {data.invitedBy ?? 'An admin'} invited you as{' '}
            <span className="font-medium text-text">
              {data.roles.map((role) => ROLE_TEXT[role].toLowerCase()).join(', ')}
            </span>
            . You sign in as {data.email}.
          </>
        ) : (
          <>For {data.email}. Every session of yours ends.</>
        )}
      </p>
      <Form className="grid gap-4" onSubmit={act.run}>
        <input type="hidden" name="username" autoComplete="username" value={data.email} readOnly />
        {isInvitation ? (
          <TextField label="Your name" name="name" autoComplete="name" defaultValue={data.name} autoFocus />
        ) : null}
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          hint="At least 12 characters; a few words do well."
        />
        <FormError error={act.error} />
        <button type="submit" className="button button-primary" disabled={act.busy}>
          {isInvitation ? 'Accept and sign in' : 'Set the password'}
        </button>
      </Form>
    </DoorPage>
  );
};

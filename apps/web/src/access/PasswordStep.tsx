import { Form } from '@base-ui/react/form';
import { beginSso, login, type SignedIn } from '@baton/contract/signIn.ts';
import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { request } from '../api/request.ts';
import { DoorPage } from './DoorPage.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { goIn } from './goIn.ts';
import { knowsPasskeys, signInByPasskey } from './passkey.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

const refusedBySso = (): string | null =>
  new URLSearchParams(location.search).get('refused') === 'sso'
    ? 'Your company’s sign-on let you through, but nobody has invited that address here. Ask an admin.'
    : null;

type Props = {
  readonly sso: string | null;
  readonly mail: boolean;
  readonly onCame: (signedIn: SignedIn) => void;
  readonly onForgot: () => void;
};

/** The first step: password, passkey, the company's own sign-on, and how to get a first link. */
export const PasswordStep = ({ sso, mail, onCame, onForgot }: Props) => {
  const password = useAct(async (event: FormEvent<HTMLFormElement>) => {
    const field = fieldsOf(event);
    onCame(await request(login, { body: { email: field('email'), password: field('password') } }));
  });
  const passkey = useAct(async () => {
    await signInByPasskey();
    goIn();
  });
  const away = useAct(async () => {
    const { url } = await request(beginSso, {});
    location.assign(url);
  });
  const [refused] = useState(refusedBySso);
  const error = password.error ?? passkey.error ?? away.error ?? (refused === null ? null : new Error(refused));
  return (
    <DoorPage title="Sign in to Baton">
      <Form className="grid gap-4" onSubmit={password.run}>
        <TextField label="E-mail" name="email" type="email" autoComplete="username webauthn" autoFocus />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" />
        <FormError error={error} />
        <button type="submit" className="button button-primary" disabled={password.busy}>
          Sign in
        </button>
      </Form>
      <div className="grid gap-2">
        {knowsPasskeys() ? (
          <button type="button" className="button" disabled={passkey.busy} onClick={() => passkey.run()}>
            <KeyRound className="size-4" strokeWidth={1.5} aria-hidden="true" />
            Use a passkey
          </button>
        ) : null}
        {sso === null ? null : (
          <button type="button" className="button" disabled={away.busy} onClick={() => away.run()}>
            Continue with {sso}
          </button>
        )}
        {mail ? (
          <button type="button" className="text-left text-dense text-text2 underline" onClick={onForgot}>
            Forgot your password?
          </button>
        ) : null}
      </div>
      <p className="border-t border-line pt-4 text-dense text-text2">
        No account yet? An admin invites you. On the machine that runs Baton, this prints a link that signs you in:
      </p>
      <pre className="overflow-x-auto border border-line bg-surface px-4 py-2 font-mono text-dense">./baton link</pre>
    </DoorPage>
  );
};

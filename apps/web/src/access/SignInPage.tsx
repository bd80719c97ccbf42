import { Form } from '@base-ui/react/form';
import { beginSso, forgotPassword, listSignInWays, login, type SignedIn, verifyCode } from '@baton/contract/signIn.ts';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { request } from '../api/request.ts';
import { DoorPage } from './DoorPage.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { knowsPasskeys, usePasskey as signInByPasskey } from './passkey.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

type Step = 'password' | 'code' | 'recovery' | 'forgot' | 'sent';

/** To the page that was asked for, with the session that there is now. */
const goIn = (): void => {
  if (location.pathname === '/sign-in') location.assign('/');
  else location.reload();
};

const refusedBySso = (): string | null =>
  new URLSearchParams(location.search).get('refused') === 'sso'
    ? 'Your company’s sign-on let you through, but nobody has invited that address here. Ask an admin.'
    : null;

/** Every way in: password and code, passkey, the company's own sign-on, and how to get a first link. */
export const SignInPage = () => {
  const [step, setStep] = useState<Step>('password');
  const { data: ways } = useQuery({
    queryKey: ['sign-in-ways'],
    queryFn: ({ signal }) => request(listSignInWays, {}, signal),
  });
  const came = (signedIn: SignedIn): void => {
    if (signedIn.state === 'second-factor') setStep('code');
    else goIn();
  };
  if (step === 'code' || step === 'recovery')
    return <CodeStep recovery={step === 'recovery'} onStep={setStep} onCame={came} />;
  if (step === 'forgot') return <ForgotStep onSent={() => setStep('sent')} onBack={() => setStep('password')} />;
  if (step === 'sent')
    return (
      <DoorPage title="Look into your mail">
        <p className="text-base text-text2">
          If there is an account with that address, a link for a new password is on its way. It counts for 30 minutes.
        </p>
        <button type="button" className="button" onClick={() => setStep('password')}>
          Back to signing in
        </button>
      </DoorPage>
    );
  return (
    <PasswordStep sso={ways?.sso ?? null} mail={ways?.mail === true} onCame={came} onForgot={() => setStep('forgot')} />
  );
};

type PasswordStepProps = {
  readonly sso: string | null;
  readonly mail: boolean;
  readonly onCame: (signedIn: SignedIn) => void;
  readonly onForgot: () => void;
};

const PasswordStep = ({ sso, mail, onCame, onForgot }: PasswordStepProps) => {
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

type CodeStepProps = {
  readonly recovery: boolean;
  readonly onStep: (step: Step) => void;
  readonly onCame: (signedIn: SignedIn) => void;
};

const CodeStep = ({ recovery, onStep, onCame }: CodeStepProps) => {
  const { run, busy, error } = useAct(async (event: FormEvent<HTMLFormElement>) => {
    const code = fieldsOf(event)('code').replace(/\s+/g, '');
    onCame(await request(verifyCode, { body: recovery ? { recoveryCode: code } : { code } }));
  });
  return (
    <DoorPage title="One more step">
      <Form key={String(recovery)} className="grid gap-4" onSubmit={run}>
        {recovery ? (
          <TextField label="Recovery code" name="code" autoFocus hint="One of those that you kept. Each counts once." />
        ) : (
          <TextField
            label="Code"
            name="code"
            autoFocus
            inputMode="numeric"
            autoComplete="one-time-code"
            hint="The six digits that your authenticator shows."
          />
        )}
        <FormError error={error} />
        <button type="submit" className="button button-primary" disabled={busy}>
          Sign in
        </button>
      </Form>
      <button
        type="button"
        className="text-left text-dense text-text2 underline"
        onClick={() => onStep(recovery ? 'code' : 'recovery')}
      >
        {recovery ? 'Use the authenticator' : 'Use a recovery code'}
      </button>
      <button type="button" className="text-left text-dense text-text2 underline" onClick={() => onStep('password')}>
        Sign in as somebody else
      </button>
    </DoorPage>
  );
};

const ForgotStep = ({ onSent, onBack }: { onSent: () => void; onBack: () => void }) => {
  const { run, busy, error } = useAct(async (event: FormEvent<HTMLFormElement>) => {
    await request(forgotPassword, { body: { email: fieldsOf(event)('email') } });
    onSent();
  });
  return (
    <DoorPage title="A new password">
      <Form className="grid gap-4" onSubmit={run}>
        <TextField label="E-mail" name="email" type="email" autoComplete="username" autoFocus />
        <FormError error={error} />
        <button type="submit" className="button button-primary" disabled={busy}>
          Send me a link
        </button>
      </Form>
      <button type="button" className="text-left text-dense text-text2 underline" onClick={onBack}>
        Back to signing in
      </button>
    </DoorPage>
  );
};

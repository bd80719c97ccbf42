import { listSignInWays, type SignedIn } from '@baton/contract/signIn.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';
import { CodeStep } from './CodeStep.tsx';
import { DoorPage } from './DoorPage.tsx';
import { ForgotStep } from './ForgotStep.tsx';
import { goIn } from './goIn.ts';
import { PasswordStep } from './PasswordStep.tsx';
import type { SignInStep } from './signInStep.ts';

/** Every way in: password and code, passkey, the company's own sign-on, and how to get a first link. */
export const SignInPage = () => {
  const [step, setStep] = useState<SignInStep>('password');
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

import { Form } from '@base-ui/react/form';
import { type SignedIn, verifyCode } from '@baton/contract/signIn.ts';
import type { FormEvent } from 'react';
import { request } from '../api/request.ts';
import { DoorPage } from './DoorPage.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import type { SignInStep } from './signInStep.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

type Props = {
  readonly recovery: boolean;
  readonly onStep: (step: SignInStep) => void;
  readonly onCame: (signedIn: SignedIn) => void;
};

/** The second factor: a code of the authenticator, or one of the recovery codes. */
export const CodeStep = ({ recovery, onStep, onCame }: Props) => {
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

import { Form } from '@base-ui/react/form';
import { forgotPassword } from '@baton/contract/signIn.ts';
import type { FormEvent } from 'react';
import { request } from '../api/request.ts';
import { DoorPage } from './DoorPage.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

/** Asks for a link for a new password. */
export const ForgotStep = ({ onSent, onBack }: { onSent: () => void; onBack: () => void }) => {
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

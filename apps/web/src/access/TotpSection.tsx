import { Form } from '@base-ui/react/form';
import type { Me } from '@baton/contract/me.ts';
import { beginTotp, confirmTotp, removeTotp } from '@baton/contract/myAccount.ts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { encode } from 'uqr';
import { request } from '../api/request.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { AccountSection } from './AccountSection.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

type Begun = { readonly uri: string; readonly recoveryCodes: readonly string[] };

/** Turns the authenticator on, with its code and recovery codes, and off. */
export const TotpSection = ({ me }: { me: Me }) => {
  const queries = useQueryClient();
  const [begun, setBegun] = useState<Begun | null>(null);
  const done = async (): Promise<void> => {
    setBegun(null);
    await queries.invalidateQueries({ queryKey: ['me'] });
  };
  const begin = useAct(async (event: FormEvent<HTMLFormElement>) => {
    setBegun(await request(beginTotp, { body: { password: fieldsOf(event)('password') } }));
  });
  const confirm = useAct(async (event: FormEvent<HTMLFormElement>) => {
    await request(confirmTotp, { body: { code: fieldsOf(event)('code').replace(/\s+/g, '') } });
    await done();
  });
  const remove = useAct(async (event: FormEvent<HTMLFormElement>) => {
    await request(removeTotp, { body: { password: fieldsOf(event)('password') } });
    await done();
  });
  const say = me.twoFactor
    ? 'On: after your password, a code of your phone is asked for.'
    : 'Off. With it, somebody who learns your password still cannot sign in.';
  return (
    <AccountSection title="Authenticator" say={say}>
      {me.twoFactor ? (
        <PasswordForm button="Turn it off" act={remove} />
      ) : !me.hasPassword ? (
        <p className="text-dense text-text2">Set a password first.</p>
      ) : begun === null ? (
        <PasswordForm button="Turn it on" act={begin} />
      ) : (
        <Form className="grid gap-4" onSubmit={confirm.run}>
          <p className="text-dense">1. Scan this with your authenticator, or type the secret into it.</p>
          <QrCode text={begun.uri} />
          <p className="break-all font-mono text-dense">{new URL(begun.uri).searchParams.get('secret')}</p>
          <p className="text-dense">2. Keep these recovery codes. Each lets you in once, if the phone is lost.</p>
          <ul
            aria-label="Recovery codes"
            className="grid grid-cols-2 gap-x-6 border border-line px-4 py-2 font-mono text-dense"
          >
            {begun.recoveryCodes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <div>
            <CopyButton text={begun.recoveryCodes.join('\n')} what="recovery codes" />
          </div>
          <TextField
            label="3. Code"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            hint="The six digits that it shows now."
          />
          <FormError error={confirm.error} />
          <button type="submit" className="button button-primary" disabled={confirm.busy}>
            Turn it on
          </button>
        </Form>
      )}
    </AccountSection>
  );
};

type PasswordFormProps = {
  readonly button: string;
  readonly act: { run: (event: FormEvent<HTMLFormElement>) => Promise<void>; busy: boolean; error: Error | null };
};

const PasswordForm = ({ button, act }: PasswordFormProps) => (
  <Form className="grid gap-3" onSubmit={act.run}>
    <TextField label="Your password" name="password" type="password" autoComplete="current-password" />
    <FormError error={act.error} />
    <div>
      <button type="submit" className="button" disabled={act.busy}>
        {button}
      </button>
    </div>
  </Form>
);

/** The address as squares; dark on light in both themes, as cameras want it. */
const QrCode = ({ text }: { text: string }) => {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg viewBox={`0 0 ${size} ${size}`} className="size-44" role="img" aria-label="QR code for your authenticator">
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" shapeRendering="crispEdges" />
    </svg>
  );
};

import { Form } from '@base-ui/react/form';
import { listMyPasskeys, type Passkey, removeMyPasskey } from '@baton/contract/myAccount.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { request } from '../api/request.ts';
import { fullText, whenText } from '../time/dateText.ts';
import { AccountSection } from './AccountSection.tsx';
import { FormError } from './FormError.tsx';
import { fieldsOf } from './fieldsOf.ts';
import { knowsPasskeys, makePasskey } from './passkey.ts';
import { TextField } from './TextField.tsx';
import { useAct } from './useAct.ts';

const KEY = ['my-passkeys'];

/** One's passkeys: make one in this browser, or forget one. */
export const PasskeySection = () => {
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => request(listMyPasskeys, {}, signal) });
  const [times, setTimes] = useState(0);
  const add = useAct(async (event: FormEvent<HTMLFormElement>) => {
    await makePasskey(fieldsOf(event)('name'));
    setTimes(times + 1);
    await queries.invalidateQueries({ queryKey: KEY });
  });
  const remove = useAct(async (id: string) => {
    await request(removeMyPasskey, { params: { id } });
    await queries.invalidateQueries({ queryKey: KEY });
  });
  return (
    <AccountSection
      title="Passkeys"
      say="Sign in by fingerprint, face or the PIN of your device, without a password. No false page can ask you for it."
    >
      {data === undefined || data.rows.length === 0 ? null : (
        <ul className="border-t border-hair">
          {data.rows.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} busy={remove.busy} onRemove={() => remove.run(passkey.id)} />
          ))}
        </ul>
      )}
      <FormError error={remove.error} />
      {knowsPasskeys() ? (
        <Form key={times} className="grid gap-3" onSubmit={add.run}>
          <TextField
            label="Name of the new passkey"
            name="name"
            defaultValue="This device"
            hint="So that you know it later."
          />
          <FormError error={add.error} />
          <div>
            <button type="submit" className="button" disabled={add.busy}>
              Make a passkey
            </button>
          </div>
        </Form>
      ) : (
        <p className="text-dense text-text2">This browser makes none.</p>
      )}
    </AccountSection>
  );
};

const Row = ({ passkey, busy, onRemove }: { passkey: Passkey; busy: boolean; onRemove: () => void }) => {
  const made = Date.parse(passkey.createdAt);
  return (
    <li className="flex items-center justify-between gap-4 border-b border-hair py-2">
      <span className="min-w-0">
        <span className="block truncate text-base">{passkey.name}</span>
        <span className="block text-meta text-text2">
          made <time title={fullText(made)}>{whenText(made, Date.now())}</time>
          {passkey.lastUsedAt === null
            ? ', not used yet'
            : `, used ${whenText(Date.parse(passkey.lastUsedAt), Date.now())}`}
        </span>
      </span>
      <button type="button" className="button" disabled={busy} aria-label={`Forget ${passkey.name}`} onClick={onRemove}>
        Forget
      </button>
    </li>
  );
};

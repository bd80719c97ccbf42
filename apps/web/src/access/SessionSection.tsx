import { endMySession, listMySessions, type MySession, signOutEverywhere } from '@baton/contract/myAccount.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';
import { fullText, whenText } from '../time/dateText.ts';
import { AccountSection } from './AccountSection.tsx';
import { browserText } from './browserText.ts';
import { FormError } from './FormError.tsx';
import { useAct } from './useAct.ts';

const KEY = ['my-sessions'];
const WAYS: { readonly [way in MySession['signedInBy']]: string } = {
  link: 'by a link',
  password: 'by password',
  passkey: 'by passkey',
  sso: 'by single sign-on',
};

/** Where one is signed in, and how to end that. */
export const SessionSection = () => {
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => request(listMySessions, {}, signal) });
  const [ended, setEnded] = useState<number | null>(null);
  const end = useAct(async (id: string) => {
    await request(endMySession, { params: { id } });
    await queries.invalidateQueries({ queryKey: KEY });
  });
  const everywhere = useAct(async () => {
    setEnded((await request(signOutEverywhere, {})).ended);
    await queries.invalidateQueries({ queryKey: KEY });
  });
  const others = data?.rows.filter(({ here }) => !here).length ?? 0;
  return (
    <AccountSection title="Sessions" say="Where you are signed in. One that you end is out within seconds.">
      <ul className="border-t border-hair">
        {data?.rows.map((session) => (
          <Row key={session.id} session={session} busy={end.busy} onEnd={() => end.run(session.id)} />
        ))}
      </ul>
      <FormError error={end.error ?? everywhere.error} />
      <div className="flex items-center gap-3">
        <button
          type="button"
          className="button"
          disabled={everywhere.busy || others === 0}
          onClick={() => everywhere.run()}
        >
          Sign out everywhere else
        </button>
        <span aria-live="polite" className="text-dense text-text2">
          {ended === null ? '' : `${ended} ${ended === 1 ? 'session' : 'sessions'} ended`}
        </span>
      </div>
    </AccountSection>
  );
};

const Row = ({ session, busy, onEnd }: { session: MySession; busy: boolean; onEnd: () => void }) => {
  const seen = Date.parse(session.seenAt);
  const name = browserText(session.userAgent);
  return (
    <li className="flex items-center justify-between gap-4 border-b border-hair py-2">
      <span className="min-w-0">
        <span className="block truncate text-base">{name}</span>
        <span className="block text-meta text-text2">
          {WAYS[session.signedInBy]}, {session.here ? 'here and now' : ''}
          {session.here ? null : <time title={fullText(seen)}>last seen {whenText(seen, Date.now())}</time>}
        </span>
      </span>
      {session.here ? null : (
        <button
          type="button"
          className="button"
          disabled={busy}
          aria-label={`End the session of ${name}`}
          onClick={onEnd}
        >
          End
        </button>
      )}
    </li>
  );
};

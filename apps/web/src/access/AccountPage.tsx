import type { Me } from '@baton/contract/me.ts';
import { useQuery } from '@tanstack/react-query';
import { ScreenBar } from '../shell/ScreenBar.tsx';
import { FailureNote } from '../ui/FailureNote.tsx';
import { PasskeySection } from './PasskeySection.tsx';
import { PasswordSection } from './PasswordSection.tsx';
import { ProfileSection } from './ProfileSection.tsx';
import { SessionSection } from './SessionSection.tsx';
import { TotpSection } from './TotpSection.tsx';
import { meQuery } from './useMe.ts';

/** One's own account: who one is, how one signs in, and where one is signed in. */
export const AccountPage = () => {
  const { data: me, error, refetch } = useQuery(meQuery);
  return (
    <div className="h-full overflow-y-auto">
      <ScreenBar title="My account" />
      <main className="mx-auto grid max-w-pane gap-8 px-5 py-8">
        {me === undefined ? <Waiting error={error} retry={() => refetch()} /> : <Sections me={me} />}
      </main>
    </div>
  );
};

const Waiting = ({ error, retry }: { error: Error | null; retry: () => void }) =>
  error === null ? null : (
    <FailureNote what="Your account could not be read." safe="Nothing was changed." error={error} retry={retry} />
  );

const Sections = ({ me }: { me: Me }) => (
  <>
    <ProfileSection me={me} />
    <PasswordSection me={me} />
    <TotpSection me={me} />
    <PasskeySection />
    <SessionSection />
  </>
);

import type { Me } from '@baton/contract/me.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Mark } from '../ui/Mark.tsx';
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
    <div className="h-dvh overflow-y-auto">
      <header className="flex h-12 items-center gap-4 border-b border-line px-5">
        <Link to="/" search={{}} className="flex items-center gap-2 text-base font-semibold" aria-label="Back to Baton">
          <Mark />
          <span className="max-room:hidden">Baton</span>
        </Link>
        <span className="h-4 w-px bg-line max-room:hidden" aria-hidden="true" />
        <h1 className="text-reading font-semibold">My account</h1>
      </header>
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

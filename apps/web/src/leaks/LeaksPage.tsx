import './leaks.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { NoPermission } from '../access/NoPermission.tsx';
import { useMe } from '../access/useMe.ts';
import { ScreenBar } from '../shell/ScreenBar.tsx';
import { CheckNow } from './CheckNow.tsx';
import { LeakReport } from './LeakReport.tsx';
import { leakChecksQuery, leaksQuery } from './leakQueries.ts';

/** What nobody holds, as an independent look at the database found it; all clear only where it has looked. */
export const LeaksPage = () => {
  const me = useMe();
  const may = me?.permissions.includes('leaks.read') === true;
  const checks = useQuery({ ...leakChecksQuery, enabled: may });
  const rows = useQuery({ ...leaksQuery, enabled: may });
  useEffect(() => {
    const before = document.title;
    document.title = 'Leaks · Baton';
    return () => {
      document.title = before;
    };
  }, []);
  return (
    <div className="flex h-full flex-col">
      <ScreenBar title="Leaks">{may ? <CheckNow state={checks.data} /> : null}</ScreenBar>
      <main className="@container min-h-0 flex-1 overflow-y-auto">
        {me !== null && !may ? <NoPermission permission="leaks.read" /> : <LeakReport checks={checks} rows={rows} />}
      </main>
    </div>
  );
};

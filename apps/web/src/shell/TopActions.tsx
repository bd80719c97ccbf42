import { Keyboard } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useKeys } from '../keys/useKeys.ts';
import { ThemeButton } from './ThemeButton.tsx';

const AccountMenu = lazy(() => import('../access/AccountMenu.tsx').then(({ AccountMenu: it }) => ({ default: it })));
const HelpSheet = lazy(() => import('./HelpSheet.tsx').then(({ HelpSheet: it }) => ({ default: it })));

/** What every screen has at its top right: the theme, the keys, one's own account. */
export const TopActions = () => {
  const [help, setHelp] = useState(false);
  const [helpWasOpen, setHelpWasOpen] = useState(false);
  const openHelp = (open: boolean): void => {
    setHelpWasOpen(true);
    setHelp(open);
  };
  useKeys({ help: () => openHelp(true) });
  return (
    <div className="flex items-center">
      <ThemeButton />
      <button type="button" className="icon-button" aria-label="Keys" title="Keys (?)" onClick={() => openHelp(true)}>
        <Keyboard className="size-4" strokeWidth={1.5} aria-hidden="true" />
      </button>
      <Suspense fallback={<span className="icon-button" aria-hidden="true" />}>
        <AccountMenu />
      </Suspense>
      {helpWasOpen ? (
        <Suspense fallback={null}>
          <HelpSheet open={help} onOpenChange={openHelp} />
        </Suspense>
      ) : null}
    </div>
  );
};

import { CSPProvider } from '@base-ui/react/csp-provider';
import { Menu } from '@base-ui/react/menu';
import { logout } from '@baton/contract/me.ts';
import { Link } from '@tanstack/react-router';
import { request } from '../api/request.ts';
import { Initials } from '../ui/Initials.tsx';
import { ROLE_TEXT } from './roleText.ts';
import { useMe } from './useMe.ts';

const ITEM = 'flex h-8 cursor-default items-center rounded-control px-2 text-dense data-highlighted:bg-hover';

/** Who is signed in, the way to one's account, and the way out. */
export const AccountMenu = () => {
  const me = useMe();
  if (me === null) return <span className="icon-button" aria-hidden="true" />;
  const signOut = async (): Promise<void> => {
    await request(logout, {}).catch(() => undefined);
    location.assign('/');
  };
  const isNew = !me.hasPassword && me.signedInBy === 'link';
  return (
    <CSPProvider disableStyleElements>
      {isNew ? (
        <Link to="/account" className="mx-2 text-dense text-accent underline max-room:hidden">
          Set your name and password
        </Link>
      ) : null}
      <Menu.Root>
        <Menu.Trigger className="icon-button" title={me.name}>
          <Initials name={me.name} />
          <span className="sr-only">Your account: {me.name}</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="z-10">
            <Menu.Popup className="popup min-w-44 p-1">
              <div className="border-b border-hair px-2 pt-1 pb-2">
                <p className="text-dense font-medium">{me.name}</p>
                <p className="text-meta text-text2">{me.email ?? 'signed in by a link'}</p>
                <p className="text-meta text-text2">{me.roles.map((role) => ROLE_TEXT[role]).join(', ')}</p>
              </div>
              <Menu.Item className={ITEM} render={<Link to="/account" />}>
                {isNew ? 'Set your name and password' : 'My account'}
              </Menu.Item>
              {me.permissions.includes('accounts.edit') ? (
                <Menu.Item className={ITEM} render={<Link to="/accounts" />}>
                  People and roles
                </Menu.Item>
              ) : null}
              <Menu.Item className={ITEM} onClick={signOut}>
                Sign out
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </CSPProvider>
  );
};

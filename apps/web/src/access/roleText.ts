import { PERMISSIONS, type Permission, type Role } from '@baton/domain/access/roles.ts';

/** What roles are called on screens. */
export const ROLE_TEXT: { readonly [role in Role]: string } = {
  admin: 'Admin',
  marketing: 'Marketing',
  'sales-manager': 'Sales manager',
  rep: 'Rep',
};

/** The roles that have a permission, in words: "an admin", "an admin or a sales manager". */
export const whoMay = (permission: Permission): string => {
  const names = (PERMISSIONS[permission].roles as readonly Role[]).map((role) => {
    const name = ROLE_TEXT[role].toLowerCase();
    return role === 'marketing' ? 'somebody of marketing' : `${role === 'admin' ? 'an' : 'a'} ${name}`;
  });
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
};

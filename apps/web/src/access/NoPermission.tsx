import { PERMISSIONS, type Permission } from '@baton/domain/access/roles.ts';
import { whoMay } from './roleText.ts';

/** In place of a screen that somebody's roles do not reach: what they lack, and who can change that. */
export const NoPermission = ({ permission }: { permission: Permission }) => (
  <section className="mx-auto max-w-sheet px-5 py-12">
    <h2 className="text-reading font-semibold">Your roles do not reach here.</h2>
    <p className="mt-2 text-base text-text2">
      To {PERMISSIONS[permission].say} you have to be {whoMay(permission)}. Any admin can give you that role.
    </p>
  </section>
);

/**
 * Says which contact each event of a group is about, which keys are new, and which profiles turn out to be one person.
 * Pure: it looks at what the database knows of the keys and answers what to write. It never locks and never decides.
 *
 * Rules. A strong key (user, e-mail) outweighs an anonymous one. An anonymous profile joins a known one, whoever says so.
 * Two known profiles are joined only on the word of a source that is trusted (server, person) and names both by strong
 * keys. An anonymous id that belongs to somebody else who is known (a shared computer) joins nobody.
 */
import type { Trust } from '@baton/domain/facts/fact.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { IdentityKey } from './identityKeys.ts';

/** What identity needs to know of a profile. */
export type ProfileFlags = { readonly known: boolean; readonly hasEmail: boolean };

export type IdentityPlan = {
  /** For each event, in the order given. */
  readonly contactOf: readonly ContactId[];
  /** Keys to write, with the profile that each belongs to. */
  readonly newKeys: readonly (IdentityKey & { readonly contactId: ContactId })[];
  readonly created: ReadonlySet<ContactId>;
  /** Existing profiles that are part of another from now on. */
  readonly merges: readonly { readonly loser: ContactId; readonly survivor: ContactId }[];
  /** Flags of every contact of `contactOf` as they are after the plan. */
  readonly flagsOf: (contactId: ContactId) => ProfileFlags;
};

type Profile = { id: ContactId; parent: Profile | null; isNew: boolean; known: boolean; hasEmail: boolean };

const find = (profile: Profile): Profile => {
  let root = profile;
  while (root.parent !== null) root = root.parent;
  return root;
};

const TRUSTED: Readonly<Record<Trust, boolean>> = { browser: false, form: false, server: true, person: true };

/**
 * Plans one group. `owners`: what the database knows, redirects followed. `mint` gives ids for new contacts. Linear in keys.
 */
export const planIdentities = (
  events: readonly { readonly keys: readonly IdentityKey[]; readonly trust: Trust }[],
  owners: ReadonlyMap<string, ContactId>,
  flags: ReadonlyMap<ContactId, ProfileFlags>,
  mint: () => ContactId,
): IdentityPlan => {
  const profiles = new Map<ContactId, Profile>();
  const ownerOf = new Map<string, Profile>();
  const attached: (IdentityKey & { profile: Profile })[] = [];

  const profileOf = (id: ContactId): Profile => {
    let profile = profiles.get(id);
    if (profile === undefined) {
      const flag = flags.get(id);
      profile = { id, parent: null, isNew: false, known: flag?.known ?? true, hasEmail: flag?.hasEmail ?? true };
      profiles.set(id, profile);
    }
    return profile;
  };
  const create = (): Profile => {
    const profile: Profile = { id: mint(), parent: null, isNew: true, known: false, hasEmail: false };
    profiles.set(profile.id, profile);
    return profile;
  };
  const owner = (key: IdentityKey): Profile | null => {
    const planned = ownerOf.get(key.id);
    if (planned !== undefined) return find(planned);
    const id = owners.get(key.id);
    return id === undefined ? null : find(profileOf(id));
  };
  const attach = (key: IdentityKey, profile: Profile): void => {
    ownerOf.set(key.id, profile);
    attached.push({ ...key, profile });
    if (key.kind !== 'anonymous') profile.known = true;
    if (key.kind === 'email') profile.hasEmail = true;
  };

  const homes = events.map(({ keys, trust }) => {
    let anchor: Profile | null = null;
    let anonymous: Profile | null = null;
    let hasStrong = false;
    for (const key of keys) {
      const found = owner(key);
      if (key.kind === 'anonymous') anonymous ??= found;
      else {
        hasStrong = true;
        anchor ??= found;
      }
    }
    if (anchor === null && anonymous !== null && !(hasStrong && anonymous.known)) anchor = anonymous;
    anchor ??= create();
    for (const key of keys) {
      const other = owner(key);
      if (other === null || other === anchor) continue;
      if (anchor.known && other.known && !(key.kind !== 'anonymous' && TRUSTED[trust])) continue;
      anchor = join(anchor, other);
    }
    for (const key of keys) {
      if (owner(key) !== null) continue;
      // a public key must not hang a second address on somebody it merely named
      if (key.kind === 'email' && anchor.hasEmail && !TRUSTED[trust]) continue;
      attach(key, anchor);
    }
    return anchor;
  });

  const merges: { loser: ContactId; survivor: ContactId }[] = [];
  for (const profile of profiles.values())
    if (!profile.isNew && profile.parent !== null) merges.push({ loser: profile.id, survivor: find(profile).id });
  return {
    contactOf: homes.map((home) => find(home).id),
    newKeys: attached.map(({ profile, ...key }) => ({ ...key, contactId: find(profile).id })),
    created: new Set([...profiles.values()].filter((one) => one.isNew && one.parent === null).map((one) => one.id)),
    merges: merges.sort((one, other) => one.loser - other.loser),
    flagsOf: (id) => find(profileOf(id)),
  };
};

/** Of two profiles the one that stays: stored before new, known before anonymous, then the smaller id. */
function join(one: Profile, other: Profile): Profile {
  const [survivor, loser] = outranks(one, other) ? [one, other] : [other, one];
  loser.parent = survivor;
  survivor.known ||= loser.known;
  survivor.hasEmail ||= loser.hasEmail;
  return survivor;
}

function outranks(one: Profile, other: Profile): boolean {
  if (one.isNew !== other.isNew) return !one.isNew;
  if (one.known !== other.known) return one.known;
  return one.id < other.id;
}

import type { Actor } from '@baton/domain/handoff/input.ts';
import { assertNever } from '@baton/domain/kernel/assertNever.ts';

/** Who acted, as the history tables keep it: `rep:7`, `person:Ann Lee`, `import:leads.csv`, `policy`, `timer`. */
export const actorText = (actor: Actor): string => {
  switch (actor.kind) {
    case 'rep':
      return `rep:${actor.id}`;
    case 'person':
    case 'import':
      return `${actor.kind}:${actor.name}`;
    case 'policy':
    case 'timer':
      return actor.kind;
    default:
      return assertNever(actor);
  }
};

import { upperFirst } from '../handoffs/rowText.ts';
import type { Member, Turns } from './members.ts';

type Props = { readonly turns: Turns; readonly members: readonly Member[]; readonly intent: string };

/** Who is next, and why. */
export const NextUp = ({ turns, members, intent }: Props) => {
  const first = turns.next[0];
  const can = members.length - (first?.excluded.length ?? 0);
  return (
    <div className="min-w-0">
      <h2 className="text-title font-semibold">
        {first?.name == null
          ? `Nobody can take the next ${intent}-intent lead`
          : `${first.name} gets the next ${intent}-intent lead`}
      </h2>
      <p className="mt-0.5 text-dense text-text2">
        {first === undefined ? '' : `${upperFirst(first.say)}. `}
        {can} of {members.length} can take one now.
      </p>
    </div>
  );
};

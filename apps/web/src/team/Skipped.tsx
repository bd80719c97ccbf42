import { upperFirst } from '../handoffs/rowText.ts';
import { type Member, standText, type Turns } from './members.ts';

/** Why not the others: those who are passed over with the reason, and those who wait with where they stand. */
export const Skipped = ({ turns, members }: { turns: Turns; members: readonly Member[] }) => {
  const first = turns.next[0];
  const says = new Map(first?.excluded.map((one) => [one.repId, one.say]));
  const others = members.filter((member) => !member.isNext);
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="skipped" className="px-6 pb-8">
      <h3 id="skipped" className="mt-4 text-base font-semibold">
        Why not the others
      </h3>
      <ul className="mt-1">
        {others.map(({ rep, balance }) => (
          <li key={rep.id} className="border-b border-hair py-1.5 text-dense text-text2">
            {says.has(rep.id) ? (
              <>
                <span className="font-medium text-text">Skipped:</span> {upperFirst(says.get(rep.id) ?? '')}
              </>
            ) : (
              <>
                <span className="font-medium text-text">Waits:</span> {rep.name}, {standText(balance)}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

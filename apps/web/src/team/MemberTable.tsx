import { creditText } from '../handoffs/detail/credit.ts';
import { MemberRow } from './MemberRow.tsx';
import type { Member } from './members.ts';

type Props = { readonly members: readonly Member[]; readonly openId: number | undefined; readonly meId: number | null };

/** Everybody of the team, in the same order always, and the sum that shows the ledger is square. */
export const MemberTable = ({ members, openId, meId }: Props) => {
  const sum = members.reduce((total, one) => total + one.balance, 0n);
  return (
    <div className="@container">
      <div aria-hidden="true" className="member-grid member-head border-y border-line px-6 py-1.5 text-meta text-text3">
        <span className="member-who">Rep</span>
        <span className="member-bar">Credit</span>
        <span className="member-load">Open / cap</span>
        <span className="member-share">Weight</span>
        <span className="member-promised">Promised</span>
        <span className="member-today">Now</span>
      </div>
      <ul aria-label="Members" className="border-t border-line">
        {members.map((member) => (
          <MemberRow
            key={member.rep.id}
            member={member}
            isOpen={member.rep.id === openId}
            isMe={member.rep.id === meId}
          />
        ))}
      </ul>
      <p className="px-6 py-3 text-meta text-text3">
        The balances add up to <span className="font-semibold text-text2">{creditText(sum)}</span>. Owed leads stand to
        the right, leads ahead of a share to the left; edits and time off never reset a balance.
      </p>
    </div>
  );
};

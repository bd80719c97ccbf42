import { Link } from '@tanstack/react-router';
import { creditShare, creditText } from '../handoffs/detail/credit.ts';
import { BalanceBar } from '../ui/BalanceBar.tsx';
import { Initials } from '../ui/Initials.tsx';
import type { Member } from './members.ts';
import { PresenceMark } from './PresenceMark.tsx';

type Props = { readonly member: Member; readonly isOpen: boolean; readonly isMe: boolean };

/** One member of the team. The name opens the panel; so does a click anywhere on the row. */
export const MemberRow = ({ member, isOpen, isMe }: Props) => {
  const { rep, availability, isNext } = member;
  const tint = isNext ? 'on-tint bg-sales-soft' : isOpen ? 'on-tint bg-accent-soft' : 'hover:bg-hover';
  return (
    <li
      className={`member-grid relative min-h-13 border-b border-hair px-6 py-2 text-dense ${tint} ${isOpen ? 'row-open' : ''}`}
    >
      <span className="member-who flex items-center gap-2">
        <Initials name={rep.name} />
        <span className="min-w-0">
          <Link
            to="/team"
            search={(before) => ({ ...before, rep: rep.id, simulate: undefined })}
            data-member={rep.id}
            activeOptions={{ exact: true }}
            className="block truncate font-medium after:absolute after:inset-0"
          >
            {rep.name}
            {isMe ? <span className="font-normal text-text2"> (you)</span> : null}
          </Link>
          {isNext ? <span className="block text-meta font-semibold text-sales">Next</span> : null}
        </span>
      </span>
      <span className="member-bar">
        <BalanceBar share={creditShare(member.balance)} strong={isNext} />
      </span>
      <span className="member-credit font-semibold">
        <span className="sr-only">Credit </span>
        {creditText(member.balance)}
      </span>
      <span className="member-load">
        <span className="font-semibold">{rep.openHandoffs}</span>
        <span className="text-text2">{rep.caps.open === undefined ? '' : ` / ${rep.caps.open}`}</span>
        <span className="member-word text-text2"> open</span>
      </span>
      <span className="member-share">
        <span className="member-word text-text2">Weight </span>
        {member.weightNow}
      </span>
      <span className="member-promised text-text2">{member.promised === null ? '' : `${member.promised} %`}</span>
      <span className="member-today">
        <span className="flex items-center gap-2">
          <PresenceMark presence={availability.presence} />
          <span className="min-w-0">{availability.say}</span>
        </span>
        {availability.more === null ? null : (
          <span className="block truncate pl-4.5 text-meta text-text3">{availability.more}</span>
        )}
      </span>
    </li>
  );
};

import { useMay, useMe } from '../access/useMe.ts';
import { Section } from '../handoffs/detail/Section.tsx';
import { AwayForm } from './AwayForm.tsx';
import type { Rep } from './availability.ts';
import { CapsForm } from './CapsForm.tsx';
import { CoverForm } from './CoverForm.tsx';
import { type Member, standText } from './members.ts';
import { Panel } from './Panel.tsx';
import { ShareForm } from './ShareForm.tsx';
import { TimeOff } from './TimeOff.tsx';

type Props = { readonly team: string; readonly member: Member; readonly reps: ReadonlyMap<number, Rep> };

/** One rep: whether they are there, their share and caps, who covers; each edited in place by those who may. */
export const RepPanel = ({ team, member, reps }: Props) => {
  const { rep, availability } = member;
  const me = useMe();
  const mayTeam = useMay('team.edit');
  const isMe = me?.repId === rep.id;
  const mayAvailability = useMay('availability.edit') && (isMe || mayTeam);
  return (
    <Panel
      title={rep.name}
      say={`${availability.say}, ${standText(member.balance)}, ${rep.openHandoffs} open`}
      back={`[data-member="${rep.id}"]`}
    >
      <Section title="Availability" id="availability">
        <div className="mt-2">
          {mayAvailability ? <AwayForm rep={rep} isMe={isMe} /> : <p className="text-dense">{availability.say}.</p>}
        </div>
      </Section>
      <Section title="Cover" id="cover" aside="takes over while they are away">
        <div className="mt-2">
          <CoverForm rep={rep} reps={reps} mayEdit={mayTeam} />
        </div>
      </Section>
      <Section title="Share" id="share">
        <div className="mt-2">
          <ShareForm team={team} member={member} mayEdit={mayTeam} />
        </div>
      </Section>
      <Section title="Caps" id="caps">
        <div className="mt-2">
          <CapsForm rep={rep} mayEdit={mayTeam} />
        </div>
      </Section>
      <Section title="Time off" id="time-off" aside={rep.timeZone === null ? undefined : `days in ${rep.timeZone}`}>
        <div className="mt-2">
          <TimeOff rep={rep} mayEdit={mayAvailability} />
        </div>
      </Section>
      <Section title="Hours" id="hours">
        <p className="mt-2 text-dense">
          {rep.hours ?? 'Always'}
          {rep.timeZone === null ? '' : `, ${rep.timeZone}`}
          {rep.holidays === null ? '' : `; public holidays of ${rep.holidays}`}
        </p>
      </Section>
    </Panel>
  );
};

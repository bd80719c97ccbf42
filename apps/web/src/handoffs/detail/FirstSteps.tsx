import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import { leftText } from '../../time/clockText.ts';
import { whenText } from '../../time/dateText.ts';
import { useNow } from '../../time/now.ts';
import { upperFirst } from '../rowText.ts';
import { Section } from './Section.tsx';

/** What the owner does first, the deal that goes with it, and who else of the company shares this promise. */
export const FirstSteps = ({ detail }: { detail: HandoffDetail }) => {
  const now = useNow();
  const { tasks, deal, group } = detail;
  if (tasks.length === 0 && deal === null && group.length === 0) return null;
  return (
    <Section title="What happens now" id="first-steps">
      <dl className="mt-1.5">
        {tasks.map((task) => {
          const due = Date.parse(task.dueAt);
          const isOpen = task.status === 'open';
          return (
            <div key={task.id} className="fact-grid border-b border-hair py-1.5 text-dense">
              <dt className="text-meta text-text3">Task</dt>
              <dd>
                <span className="font-medium">{task.title}</span>
                <span className="block text-meta text-text3">
                  {task.owner === null ? '' : `${task.owner}, `}
                  {isOpen ? `due ${whenText(due, now)}, ${leftText(due, now)}` : task.status}
                </span>
              </dd>
            </div>
          );
        })}
        {deal === null ? null : (
          <div className="fact-grid border-b border-hair py-1.5 text-dense">
            <dt className="text-meta text-text3">Deal</dt>
            <dd>
              <span className="font-medium">{deal.name}</span>
              <span className="block text-meta text-text3">
                {deal.pipeline}, {deal.stage}
                {deal.status === 'open' ? '' : `, ${deal.status}`}
              </span>
            </dd>
          </div>
        )}
        {group.map((member) => (
          <div key={member.contactId} className="fact-grid border-b border-hair py-1.5 text-dense">
            <dt className="text-meta text-text3">Same company</dt>
            <dd>
              <span className="font-medium">{member.contact}</span>
              <span className="block text-meta text-text3">
                {upperFirst(member.why)}, joined {whenText(Date.parse(member.at), now)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
};

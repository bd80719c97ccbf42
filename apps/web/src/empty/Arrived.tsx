import { listContacts } from '@baton/contract/contacts.ts';
import { useQuery } from '@tanstack/react-query';
import { request } from '../api/request.ts';
import { preciseTimeText } from '../time/dateText.ts';

const ASK_EVERY_MS = 2_000;
const SHOWN = 5;

/** The newest contacts, as proof that what was sent has arrived, whether or not it qualified. Gone with the first handoff. */
export const Arrived = () => {
  const { data } = useQuery({
    queryKey: ['arrived'],
    queryFn: ({ signal }) => request(listContacts, { query: { limit: SHOWN } }, signal),
    refetchInterval: ASK_EVERY_MS,
  });
  const rows = data?.rows ?? [];
  return (
    <section aria-labelledby="arrived" className="mt-10">
      <div className="flex items-baseline justify-between border-b border-line pb-1.5">
        <h3 id="arrived" className="text-base font-semibold">
          What has arrived
        </h3>
        <p className="flex items-center gap-2 text-meta text-text2">
          <span className="size-1.5 rounded-round bg-ok" aria-hidden="true" />
          Listening
        </p>
      </div>
      {rows.length === 0 ? (
        <p className="py-2 text-dense text-text2">Nothing yet. A contact shows up here within two seconds.</p>
      ) : null}
      <ul aria-live="polite">
        {rows.map((contact) => (
          <li key={contact.id} className="arrived-grid border-b border-hair py-1.5 text-dense">
            <time className="text-text3" dateTime={contact.createdAt}>
              {preciseTimeText(Date.parse(contact.createdAt))}
            </time>
            <span className="min-w-0 truncate font-medium">
              {contact.name ?? contact.email ?? `Contact ${contact.id}, not known by name`}
            </span>
            <span className="text-text2">{contact.stage ?? 'not qualified'}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};

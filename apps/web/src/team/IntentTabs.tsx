import { Link } from '@tanstack/react-router';
import { upperFirst } from '../handoffs/rowText.ts';

/** Each intent has turns of its own. One that a policy names otherwise is reached by its address. */
const INTENTS = ['high', 'standard'] as const;

export const IntentTabs = ({ intent }: { readonly intent: string }) => (
  <nav aria-label="Intent" className="flex gap-4">
    {[...new Set([...INTENTS, intent])].map((one) => (
      <Link
        key={one}
        to="/team"
        search={(before) => ({ ...before, intent: one === 'high' ? undefined : one })}
        activeOptions={{ exact: true }}
        className={`flex min-h-6 items-center border-b-2 text-dense ${one === intent ? 'border-text font-semibold' : 'border-transparent text-text2 hover:text-text'}`}
      >
        {upperFirst(one)} intent
      </Link>
    ))}
  </nav>
);

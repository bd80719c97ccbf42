import { Check as CheckMark, Circle } from 'lucide-react';
import type { Check } from './leakQueries.ts';
import { ProofQuery } from './ProofQuery.tsx';

const number = new Intl.NumberFormat('en-GB');

/** The promises that are kept: what was asked, of how many rows, by which query. */
export const KeptPromises = ({ checks }: { checks: readonly Check[] }) => (
  <section aria-labelledby="kept" className="pb-8">
    <div className="kept-head">
      <h2 id="kept" className="text-base font-semibold">
        {checks.length} promises kept, asked of the database
      </h2>
      <span className="text-meta text-text3 max-room:hidden">Rows checked</span>
    </div>
    <ul>
      {checks.map((check) => (
        <li key={check.id} className="kept-row">
          {check.checkedAt === null ? (
            <Circle className="mt-0.5 size-4 text-text3" strokeWidth={1.5} role="img" aria-label="Not checked yet" />
          ) : (
            <CheckMark className="mt-0.5 size-4 text-ok" strokeWidth={2} role="img" aria-label="Kept" />
          )}
          <h3 className="text-dense font-medium">{check.title}</h3>
          <p className="kept-say">{check.checkedAt === null ? 'not checked yet' : check.promise}</p>
          <p className="kept-rows">
            {check.checkedAt === null ? '' : number.format(check.rowsChecked)}
            <span className="room:sr-only"> {check.checkedAt === null ? '' : 'rows checked'}</span>
          </p>
          <ProofQuery check={check} />
        </li>
      ))}
    </ul>
  </section>
);

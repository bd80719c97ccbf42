import { upperFirst } from '../rowText.ts';
import { Section } from './Section.tsx';

/** What would have changed it, as the engine computed it when it decided. */
export const Otherwise = ({ lines }: { lines: readonly { readonly if: string; readonly then: string }[] }) =>
  lines.length === 0 ? null : (
    <Section title="What would have changed it" id="otherwise">
      <dl className="mt-1.5">
        {lines.map((line) => (
          <div key={`${line.if}|${line.then}`} className="otherwise-grid py-0.5 text-dense">
            <dt className="text-text2">{upperFirst(line.if)}</dt>
            <dd className="font-medium">{upperFirst(line.then)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );

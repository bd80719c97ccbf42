import { CSPProvider } from '@base-ui/react/csp-provider';
import { Select } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';

type Choice = { readonly value: string; readonly say: string };
type Props = {
  readonly name: string;
  readonly anySay: string;
  readonly choices: readonly Choice[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
};

const ANY = '';

/** One filter: a name, what is chosen, and a list that opens. */
export const FilterSelect = ({ name, anySay, choices, value, onChange }: Props) => {
  const items = [{ value: ANY, label: anySay }, ...choices.map(({ value: v, say }) => ({ value: v, label: say }))];
  return (
    <CSPProvider disableStyleElements>
      <Select.Root
        items={items}
        value={value ?? ANY}
        onValueChange={(next) => onChange(next === ANY || next === null ? undefined : next)}
      >
        <Select.Trigger
          aria-label={name}
          className="flex h-8 max-w-44 items-center gap-1.5 rounded-control px-2 text-dense text-text2 hover:bg-hover hover:text-text"
        >
          <Select.Value className="truncate" />
          <ChevronDown className="size-3.5 shrink-0" strokeWidth={1.5} aria-hidden="true" />
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner sideOffset={4} align="end" alignItemWithTrigger={false} className="z-10">
            <Select.Popup className="popup max-h-96 min-w-44 overflow-y-auto p-1">
              {items.map((item) => (
                <Select.Item
                  key={item.value}
                  value={item.value}
                  className="flex h-8 cursor-default items-center gap-2 rounded-control px-2 text-dense data-highlighted:bg-hover"
                >
                  <span className="w-4 shrink-0">
                    <Select.ItemIndicator>
                      <Check className="size-3.5" strokeWidth={2} aria-hidden="true" />
                    </Select.ItemIndicator>
                  </span>
                  <Select.ItemText>{item.label}</Select.ItemText>
                </Select.Item>
              ))}
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </CSPProvider>
  );
};

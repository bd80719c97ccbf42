import { type KeyboardEvent, useRef } from 'react';
import { useSingleKeys } from '../../keys/singleKeys.ts';

export type Choice = {
  readonly value: string;
  readonly say: string;
  /** What it does; of one that can't be chosen, why not. */
  readonly then: string;
  readonly disabled?: boolean;
};

type Props = {
  readonly legend: string;
  readonly name: string;
  readonly choices: readonly Choice[];
  readonly value: string | null;
  readonly onChoose: (value: string) => void;
  /** Called when a digit chose, so that the focus can go on. */
  readonly onDigit?: (value: string) => void;
  readonly autoFocus?: boolean;
};

/** One of a few: by its digit, by the arrows, or by the pointer. Digits count while the list has the focus. */
export const ChoiceList = ({ legend, name, choices, value, onChoose, onDigit, autoFocus = false }: Props) => {
  const digits = useSingleKeys();
  const list = useRef<HTMLFieldSetElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!digits || !/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = choices[Number(event.key) - 1];
    if (choice === undefined || choice.disabled === true) return;
    event.preventDefault();
    onChoose(choice.value);
    list.current?.querySelector<HTMLElement>(`[value="${CSS.escape(choice.value)}"]`)?.focus();
    onDigit?.(choice.value);
  };
  const first = choices.find((choice) => choice.disabled !== true)?.value;
  return (
    <fieldset ref={list} onKeyDown={onKeyDown}>
      <legend className="mb-1 text-dense font-medium">{legend}</legend>
      {choices.map((choice, index) => (
        <label key={choice.value} className="choice-row text-dense">
          <input
            type="radio"
            name={name}
            value={choice.value}
            className="accent-accent"
            checked={value === choice.value}
            disabled={choice.disabled === true}
            // biome-ignore lint/a11y/noAutofocus: the first thing that the dialog asks
            autoFocus={autoFocus && choice.value === (value ?? first)}
            onChange={() => onChoose(choice.value)}
          />
          <span className="font-mono text-meta text-text2" aria-hidden="true">
            {digits && index < 9 ? index + 1 : ''}
          </span>
          <span className="min-w-0">
            <span className={choice.disabled === true ? 'text-text2' : 'font-medium'}>{choice.say}</span>
            <span className="block text-meta text-text2">{choice.then}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
};

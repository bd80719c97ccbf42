import { Field } from '@base-ui/react/field';

type Props = {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'email' | 'password';
  /** What a password manager and a phone make of it. */
  readonly autoComplete?: string;
  readonly hint?: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
  readonly minLength?: number;
  readonly inputMode?: 'numeric';
  readonly autoFocus?: boolean;
};

/** A labelled field of a form, with what is wrong with it beneath. */
export const TextField = ({ label, name, hint, type = 'text', required = true, ...rest }: Props) => (
  <Field.Root name={name} className="grid gap-1">
    <Field.Label className="text-dense font-medium">{label}</Field.Label>
    <Field.Control
      type={type}
      required={required}
      maxLength={type === 'password' ? 256 : 320}
      className="h-9 w-full min-w-0 rounded-control border border-line2 bg-surface px-3 text-base text-text"
      {...rest}
    />
    {hint === undefined ? null : <Field.Description className="text-meta text-text2">{hint}</Field.Description>}
    <Field.Error className="text-meta text-breach" />
  </Field.Root>
);

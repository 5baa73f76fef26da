import type { ReactElement, ReactNode } from 'react';
import { Input, Label, Text, TextField as AriaTextField } from 'react-aria-components';

/** A line of text with its name above it. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  placeholder,
  type = 'text',
  isRequired = false,
  autoFocus = false,
  look = '',
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  hint?: ReactNode;
  placeholder?: string;
  type?: 'text' | 'password';
  isRequired?: boolean;
  autoFocus?: boolean;
  look?: string;
}): ReactElement {
  return (
    <AriaTextField
      className={`text-field ${look}`}
      value={value}
      onChange={onChange}
      type={type}
      isRequired={isRequired}
      autoFocus={autoFocus}
      autoComplete="off"
      spellCheck="false"
    >
      <Label>{label}</Label>
      <span className="field">
        <Input {...(placeholder === undefined ? {} : { placeholder })} />
      </span>
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
    </AriaTextField>
  );
}

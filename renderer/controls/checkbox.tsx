import type { ReactElement, ReactNode } from 'react';
import { Checkbox as AriaCheckbox } from 'react-aria-components';

/** Something that is on or off. */
export function Checkbox({
  children,
  label,
  isSelected,
  onChange,
  isDisabled = false,
}: {
  children?: ReactNode;
  /** Where no words stand beside it. */
  label?: string;
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  isDisabled?: boolean;
}): ReactElement {
  return (
    <AriaCheckbox
      className="checkbox"
      isSelected={isSelected}
      onChange={onChange}
      isDisabled={isDisabled}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      <span className="box">
        <svg width="10" height="10" viewBox="0 0 12 12" aria-hidden="true">
          <path d="M1.5 6.5 4.5 9.5 10.5 2.5" fill="none" stroke="currentColor" strokeWidth="2" />
        </svg>
      </span>
      {children === undefined ? null : <span>{children}</span>}
    </AriaCheckbox>
  );
}

import type { ReactElement, ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

/** One of a few, side by side. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { readonly id: T; readonly title: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
}): ReactElement {
  return (
    <ToggleButtonGroup
      className="segmented"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.id));
        if (chosen !== undefined) onChange(chosen.id);
      }}
    >
      {options.map((option) => (
        <ToggleButton key={option.id} id={option.id}>
          {option.title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** Any of a few, side by side: filters. */
export function SegmentedMany<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { readonly id: T; readonly title: ReactNode }[];
  value: readonly T[];
  onChange: (value: readonly T[]) => void;
}): ReactElement {
  return (
    <ToggleButtonGroup
      className="segmented"
      aria-label={label}
      selectionMode="multiple"
      selectedKeys={value}
      onSelectionChange={(keys) =>
        onChange(options.filter((option) => keys.has(option.id)).map(({ id }) => id))
      }
    >
      {options.map((option) => (
        <ToggleButton key={option.id} id={option.id}>
          {option.title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

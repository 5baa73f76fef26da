import type { ReactElement, ReactNode } from 'react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from 'react-aria-components';
import { Icon } from './icons';

/** One of many, from a list that opens. */
export function Select({
  label,
  value,
  onChange,
  options,
  placeholder,
  isDisabled = false,
}: {
  label: string;
  value: string | null;
  onChange: (id: string) => void;
  options: readonly {
    readonly id: string;
    readonly title: string;
    readonly detail?: ReactNode;
    readonly isDisabled?: boolean;
  }[];
  placeholder: string;
  isDisabled?: boolean;
}): ReactElement {
  return (
    <AriaSelect
      className="text-field grow select"
      selectedKey={value}
      onSelectionChange={(id) => {
        if (id !== null) onChange(String(id));
      }}
      placeholder={placeholder}
      isDisabled={isDisabled}
    >
      <Label>{label}</Label>
      <Button className="button">
        <SelectValue />
        <Icon name="down" size={11} />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="listbox">
          {options.map(({ id, title, detail, isDisabled: off = false }) => (
            <ListBoxItem key={id} id={id} textValue={title} className="menu-item" isDisabled={off}>
              <span>
                {title}
                {detail === undefined ? null : <span className="line-2">{detail}</span>}
              </span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

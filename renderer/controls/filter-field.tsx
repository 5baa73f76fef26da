import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { Icon } from './icons';

const pauseMs = 160;

/** A filter: tells the text after a short pause in typing. */
export function FilterField({
  label,
  value,
  onChange,
  width = 200,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  width?: number;
}): ReactElement {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <SearchField
      className="field"
      style={{ flex: `0 1 ${width}px`, minWidth: 96 }}
      aria-label={label}
      value={text}
      onChange={(next) => {
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onChange(next.trim()), pauseMs);
      }}
    >
      <Icon name="search" size={13} />
      <Input placeholder="Filter" />
    </SearchField>
  );
}

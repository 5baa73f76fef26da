import { useState, type ReactElement } from 'react';
import { second } from '../controls/text';

/** A time as logs write it, `2019-04-30 13:11` or part of it, read as UTC. Empty means no limit. */
export function TimeField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | null;
  onChange: (time: number | null) => void;
}): ReactElement {
  const [text, setText] = useState(value === null ? '' : second(value));
  const time = readTime(text);
  const wrong = text.trim() !== '' && time === null;
  return (
    <label className="time-field">
      <span className="dim">{label}</span>
      <span className="field">
        <input
          aria-label={`${label} (UTC)`}
          placeholder="as 2019-04-30 13:11"
          value={text}
          aria-invalid={wrong}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => {
            if (!wrong && time !== value) onChange(time);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !wrong) onChange(time);
          }}
        />
      </span>
    </label>
  );
}

/** The time a text means, in UTC; null when it is none. */
export function readTime(text: string): number | null {
  const match =
    /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?Z?\s*$/.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minutes, seconds] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const time = Date.UTC(
    year ?? 0,
    (month ?? 1) - 1,
    day ?? 1,
    hour ?? 0,
    minutes ?? 0,
    seconds ?? 0,
  );
  return Number.isNaN(time) ? null : time;
}

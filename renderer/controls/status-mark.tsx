import type { ReactElement } from 'react';

export type Status = 'error' | 'warning' | 'info' | 'ok' | 'not-checked';

/** What a status is called, for those who do not see its shape. */
export const statusWords: Readonly<Record<Status, string>> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Note',
  ok: 'Passed',
  'not-checked': 'Not checked',
};

/** The shape of a status: cross, triangle, dot, tick, dashed ring. Status is never colour alone. */
export function StatusMark({
  status,
  size = 12,
  label,
}: {
  status: Status;
  size?: number;
  /** Read out; leave it away where words beside the mark say the same. */
  label?: string;
}): ReactElement {
  return (
    <svg
      className={`tone-${status}`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {shapeOf(status)}
    </svg>
  );
}

function shapeOf(status: Status): ReactElement {
  switch (status) {
    case 'error':
      return (
        <path
          d="M2 2l8 8M10 2l-8 8"
          stroke="currentColor"
          strokeWidth="2.2"
          strokeLinecap="round"
        />
      );
    case 'warning':
      return <path d="M6 1.2 11.5 11H.5z" fill="currentColor" />;
    case 'info':
      return <circle cx="6" cy="6" r="4" fill="currentColor" />;
    case 'ok':
      return (
        <path
          d="M1.5 6.5 4.5 9.5 10.5 2.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      );
    case 'not-checked':
      return (
        <circle
          cx="6"
          cy="6"
          r="4.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="2.2 1.5"
        />
      );
  }
}

/** A count with its shape, as the rail shows it. */
export function CountPill({
  status,
  count,
}: {
  status: Status;
  count: number;
}): ReactElement | null {
  if (count === 0) return null;
  const words = { error: 'errors', warning: 'warnings', info: 'notes', ok: 'passed' } as const;
  const word = status === 'not-checked' ? 'not checked' : words[status];
  const one = count === 1 && status !== 'ok' && status !== 'not-checked' ? word.slice(0, -1) : word;
  return (
    <span className={`pill ${status}`}>
      <StatusMark status={status} size={9} />
      <span>{count}</span>
      <span className="visually-hidden"> {one}</span>
    </span>
  );
}

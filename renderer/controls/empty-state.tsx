import type { ReactElement, ReactNode } from 'react';
import { CommandLine } from './command-line';

/** Says what would be here, and which command makes it. */
export function EmptyState({
  title,
  text,
  command,
  children,
}: {
  title: string;
  text?: string | undefined;
  command?: string | undefined;
  children?: ReactNode;
}): ReactElement {
  return (
    <div className="empty-state">
      <strong>{title}</strong>
      {text === undefined ? null : <p>{text}</p>}
      {command === undefined ? null : <CommandLine command={command} />}
      {children}
    </div>
  );
}

/** What stands where something could not be read. */
export function Unreadable({ message }: { message: string }): ReactElement {
  return (
    <div className="empty-state" role="alert">
      <strong>This could not be read</strong>
      <p>{message}</p>
    </div>
  );
}

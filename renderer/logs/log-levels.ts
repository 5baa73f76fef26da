import type { z } from 'zod';
import type { logLevel } from '../../shared/ipc/log-schemas';
import type { Status } from '../controls/status-mark';

export type LogLevel = z.infer<typeof logLevel>;

/** The levels that lines are filtered by. A fatal line is an error to whoever looks for errors. */
export const logLevels = [
  { id: 'error', title: 'Errors' },
  { id: 'warning', title: 'Warnings' },
  { id: 'info', title: 'Info' },
  { id: 'debug', title: 'Debug' },
] as const;

/** The marks of levels that stand out. */
export const levelMarks: Readonly<Partial<Record<LogLevel, Status>>> = {
  error: 'error',
  fatal: 'error',
  warning: 'warning',
};

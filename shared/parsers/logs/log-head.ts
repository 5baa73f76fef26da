import type { LogComponent, LogLevel } from '../../model/logs';
import type { Clock } from './log-store';

/**
 * The start of a log entry. `time` is milliseconds UTC, or with clock `no-year` a stamp from
 * `yearless`; NaN when it cannot be read.
 */
export interface LogHead {
  readonly level: LogLevel;
  readonly time: number;
  readonly clock: Clock;
  /** Where a wrapper (k0s, the event log) names the component of every entry. */
  readonly component?: LogComponent | undefined;
}

/** Says whether a line starts an entry in one style of log. Cheap for lines that do not. */
export type HeadReader = (line: string) => LogHead | undefined;

const DAY = 86_400_000;

/** A stamp without a year as one number that orders within a year: month, day and time of day. */
export function yearless(month: number, day: number, millisecondOfDay: number): number {
  return (month * 31 + day) * DAY + millisecondOfDay;
}

/** Month (1..12) of a yearless stamp. */
export function yearlessMonth(stamp: number): number {
  return Math.floor((Math.floor(stamp / DAY) - 1) / 31);
}

/** Gives a yearless stamp its year. */
export function withYear(stamp: number, year: number): number {
  const day = Math.floor(stamp / DAY);
  const month = yearlessMonth(stamp);
  return Date.UTC(year, month - 1, day - month * 31) + (stamp % DAY);
}

/** Milliseconds of hh:mm:ss and a fraction of any length. */
export function timeOfDay(hours: string, minutes: string, seconds: string, fraction = ''): number {
  const ms = Number(`${fraction}000`.slice(0, 3));
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + ms;
}

/** The level a word names (`ERROR`, `warn`, `F`); unknown otherwise. */
export function levelOf(word: string): LogLevel {
  switch (word.toLowerCase()) {
    case 'i':
    case 'info':
    case 'information':
    case 'notice':
      return 'info';
    case 'w':
    case 'warn':
    case 'warning':
      return 'warning';
    case 'e':
    case 'err':
    case 'error':
      return 'error';
    case 'f':
    case 'fatal':
    case 'panic':
    case 'critical':
      return 'fatal';
    case 'd':
    case 'debug':
    case 'trace':
    case 'verbose':
      return 'debug';
    default:
      return 'unknown';
  }
}

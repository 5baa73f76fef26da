import type { LogFile } from '../../model/logs';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

const MINUTE = 60_000;

const isAlike = (a: LogFile, b: LogFile): boolean =>
  a.clock === b.clock && a.yearGuessed === b.yearGuessed;

/** Is there anything but the log itself to compare it with? */
export const isCompared = (
  log: LogFile,
  all: readonly LogFile[],
  snapshot: NodeSnapshot,
): boolean =>
  snapshot.collectedAt?.source === 'stamp' ||
  all.some((other) => other !== log && isAlike(other, log));

/**
 * The time to compare a log with (milliseconds UTC): the stamp of the collection where there is one,
 * else the newest of the logs whose clocks are alike (a year that was guessed compares with nothing
 * but such). klog names no zone, so neither events nor other logs tell how late it is for it; and a
 * stamp that differs by about whole half hours is of another zone.
 */
export function referenceTime(
  log: LogFile,
  all: readonly LogFile[],
  snapshot: NodeSnapshot,
): number {
  const alike = all.filter((other) => isAlike(other, log));
  const newest = Math.max(...alike.map((other) => other.lastTime ?? -Infinity));
  const collected = snapshot.collectedAt?.time;
  if (collected === undefined || collected < newest || snapshot.collectedAt?.source !== 'stamp')
    return newest;
  const gap = collected - newest;
  const half = 30 * MINUTE;
  const isZone =
    log.clock !== 'utc' &&
    gap > 25 * MINUTE &&
    gap < 14.5 * 60 * MINUTE &&
    Math.abs(gap - Math.round(gap / half) * half) < 4 * MINUTE;
  return isZone ? newest : collected;
}

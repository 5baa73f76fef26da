import type { KubeEvent } from '../model/kubernetes';
import type { LogFile } from '../model/logs';
import type { ParsedFile } from '../parsers/parsed-file';
import { factsOfKind } from './collect-facts';
import type { CollectionTime } from './node-snapshot';

/** Files that the collector itself writes: their time stamps tell when it ran. */
const COLLECTOR_FILES =
  /(network|endpoint|policy|hnsdiag|vfpoutput|ip|routes|ports|namespaces|winver|mtu)\.txt$/i;

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

/** Is a time with a guessed year whole years later than one that names its year? Then it is of the same days. */
function yearsApart(guessed: number, dated: number): boolean {
  const years = Math.round((guessed - dated) / YEAR);
  return years >= 1 && Math.abs(guessed - dated - years * YEAR) < 3 * DAY;
}

/**
 * When the snapshot was taken (decision 10 of the rule catalogue): an explicit stamp (of the source,
 * or what our collector wrote beside the files), else the newest time in logs or events, else the
 * newest file time of the collector's files. Undefined when nothing tells. klog names no year: a time
 * that the file's own time puts whole years behind one that names its year is of a late copy, and not used.
 */
export function collectionTime(
  stamp: number | undefined,
  files: readonly ParsedFile[],
  logs: readonly LogFile[],
  events: readonly KubeEvent[],
): CollectionTime | undefined {
  if (stamp !== undefined) return { time: stamp, source: 'stamp', file: '' };
  const stated = factsOfKind(files, 'collections').flatMap(({ facts }) => [...facts.items]);
  // The report is of the clock that timed all sections; the node's own clock is second.
  for (const { startedAt, file } of stated.sort((a, b) => b.sections.length - a.sections.length))
    if (startedAt !== undefined) return { time: startedAt, source: 'stamp', file };
  const written = newest(
    files
      .filter((f) => COLLECTOR_FILES.test(f.file.path) && f.file.modifiedAt !== undefined)
      .map((f) => ({ time: f.file.modifiedAt ?? 0, file: f.file.path })),
  );
  const ends = logs.flatMap(({ lastTime, file, yearGuessed }) =>
    lastTime === undefined ? [] : [{ time: lastTime, file, guessed: yearGuessed === true }],
  );
  const dated = newest([
    ...ends.filter(({ guessed }) => !guessed),
    ...events.flatMap((e) =>
      e.lastSeen === undefined ? [] : [{ time: e.lastSeen, file: e.evidence[0]?.file ?? '' }],
    ),
  ]);
  const said = newest([
    ...(dated ? [dated] : []),
    ...ends.filter(
      ({ time, guessed }) => guessed && !(dated !== undefined && yearsApart(time, dated.time)),
    ),
  ]);
  if (said) return { time: said.time, file: said.file, source: 'log' };
  return written && { ...written, source: 'file-time' };
}

function newest(
  times: readonly { time: number; file: string }[],
): { time: number; file: string } | undefined {
  return times.reduce<{ time: number; file: string } | undefined>(
    (best, t) => (best === undefined || t.time > best.time ? t : best),
    undefined,
  );
}

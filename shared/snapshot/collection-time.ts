import type { KubeEvent } from '../model/kubernetes';
import type { LogFile } from '../model/logs';
import type { ParsedFile } from '../parsers/parsed-file';
import { factsOfKind } from './collect-facts';
import type { CollectionTime } from './node-snapshot';

/** Files that the collector itself writes: their time stamps tell when it ran. */
const COLLECTOR_FILES =
  /(network|endpoint|policy|hnsdiag|vfpoutput|ip|routes|ports|namespaces|winver|mtu)\.txt$/i;

/**
 * When the snapshot was taken (decision 10 of the rule catalogue): an explicit stamp (of the source,
 * or what our collector wrote beside the files), else the newest time in logs or events, else the
 * newest file time of the collector's files. Undefined when nothing tells.
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
  const said = newest([
    ...logs.flatMap((l) => (l.lastTime === undefined ? [] : [{ time: l.lastTime, file: l.file }])),
    ...events.flatMap((e) =>
      e.lastSeen === undefined ? [] : [{ time: e.lastSeen, file: e.evidence[0]?.file ?? '' }],
    ),
  ]);
  if (said) return { ...said, source: 'log' };
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

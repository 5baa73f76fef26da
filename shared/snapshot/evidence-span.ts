import type { FactKind } from '../model/facts';
import type { ParsedFile } from '../parsers/parsed-file';
import { CLUSTER_KINDS, factsOfKind } from './collect-facts';
import { besideReport } from './collection-cuts';
import type { NodeSnapshot } from './node-snapshot';

/** A moment (milliseconds UTC) with what tells it: "collection-report.txt", "an entry of kubelet.log". */
export interface KnownMoment {
  readonly time: number;
  readonly by: string;
}

/** Between which moments evidence was collected; an end that nothing tells is open. */
export interface EvidenceSpan {
  readonly from: KnownMoment | undefined;
  readonly to: KnownMoment | undefined;
}

/**
 * When the evidence of a kind was collected, as far as its files prove it. Over several files it is
 * the span of all of them. What is used of a file:
 * - times of our own collector, for each file it wrote;
 * - content: nothing tells of a later time than it was collected at. For the API the newest time in
 *   its objects (less two minutes where they are of another list), and a heartbeat of a ready node is
 *   at most six minutes old; for the node the newest entry of its logs, less ten minutes for the run,
 *   and of a log without a zone fourteen hours less, the farthest that a zone lies;
 * - its own time stamp: a copy may be newer than the collection, never older. Zip archives keep local
 *   times without a zone and are left out.
 * Files of one folder are one collection (decision 10 of the rule catalogue).
 */
export function evidenceSpan(snapshot: NodeSnapshot, kind: FactKind): EvidenceSpan {
  const known = made.get(snapshot) ?? new Map<FactKind, EvidenceSpan>();
  made.set(snapshot, known);
  const span = known.get(kind) ?? spanOf(snapshot, kind);
  known.set(kind, span);
  return span;
}

/**
 * The moment that times inside of API objects of a kind are held against (milliseconds UTC). Where
 * our collector says when it read the node, the lists of the API may still be of another time: only
 * what tells of them counts. Undefined when nothing does.
 */
export function listingTime(snapshot: NodeSnapshot, kind: FactKind): number | undefined {
  return snapshot.cluster.collections.length === 0
    ? snapshot.collectedAt?.time
    : evidenceSpan(snapshot, kind).from?.time;
}

const made = new WeakMap<NodeSnapshot, Map<FactKind, EvidenceSpan>>();

function spanOf(snapshot: NodeSnapshot, kind: FactKind): EvidenceSpan {
  const paths = new Set(snapshot.evidence.get(kind)?.files ?? []);
  const files = filesOf(snapshot).filter(
    (file) => paths.has(file.file.path) && file.facts.some((facts) => facts.kind === kind),
  );
  const spans = files.map((file) => fileSpan(snapshot, file));
  return {
    from: all(spans.map((s) => s.from)) && least(spans.map((s) => s.from)),
    to: all(spans.map((s) => s.to)) && most(spans.map((s) => s.to)),
  };
}

const filesOf = (snapshot: NodeSnapshot): ParsedFile[] => [
  ...new Set([...snapshot.files, ...snapshot.cluster.files]),
];

function fileSpan(snapshot: NodeSnapshot, parsed: ParsedFile): EvidenceSpan {
  const reported = reportSpan(snapshot, parsed);
  if (reported) return reported;
  const ofApi = parsed.facts.some(({ kind }) => CLUSTER_KINDS.includes(kind));
  const written = fileTime(parsed);
  const to = least([written, ...(ofApi ? heartbeats(parsed) : [])]);
  const told = ofApi
    ? apiTimes(snapshot, parsed)
    : [...startTimes(snapshot), ...logTimes(snapshot)];
  const possible = told.filter(({ time }) => to === undefined || time <= to.time);
  return { from: most(possible), to };
}

/** What our own collector says of a file it wrote. */
function reportSpan(snapshot: NodeSnapshot, { file }: ParsedFile): EvidenceSpan | undefined {
  for (const report of snapshot.cluster.collections) {
    const section = report.sections.find((s) => besideReport(report.file, s.path) === file.path);
    if (section?.from === undefined || section.to === undefined) continue;
    const by = baseName(report.file);
    return { from: { time: section.from, by }, to: { time: section.to, by } };
  }
  return undefined;
}

function fileTime({ file }: ParsedFile): KnownMoment | undefined {
  if (file.modifiedAt === undefined || /\.zip!\//i.test(file.path)) return undefined;
  return file.modifiedAt < FIRST_YEAR
    ? undefined
    : { time: file.modifiedAt, by: `the file time of ${baseName(file.path)}` };
}

/** Archives without times give 1970 or 1980; Windows nodes came with Kubernetes 1.5. */
const FIRST_YEAR = Date.UTC(2016, 0);

const HEARTBEAT_LIMIT = 6 * 60_000;
const FARTHEST_ZONE = 14 * 3_600_000;
/** A run of collectlogs.ps1 on a busy node takes minutes, and copies logs at any moment of it. */
const RUN = 10 * 60_000;
/** Lists of the API that are made one after another. */
const LISTS = 2 * 60_000;

function heartbeats(parsed: ParsedFile): KnownMoment[] {
  const times = factsOfKind([parsed], 'kube-nodes').flatMap(({ facts }) =>
    facts.items.flatMap((n) =>
      n.ready === true && n.lastHeartbeat !== undefined ? [n.lastHeartbeat] : [],
    ),
  );
  const by = `six minutes after the newest heartbeat in ${baseName(parsed.file.path)}`;
  return times.length === 0 ? [] : [{ time: Math.max(...times) + HEARTBEAT_LIMIT, by }];
}

/** Times in the API objects of the folder that the file lies in. */
function apiTimes(snapshot: NodeSnapshot, { file }: ParsedFile): KnownMoment[] {
  const near = filesOf(snapshot).filter((other) => folder(other.file.path) === folder(file.path));
  return near.flatMap((other) => {
    const by = `the newest time in ${baseName(other.file.path)}`;
    return factsOfKind([other], 'kube-newest').flatMap(({ facts }) =>
      facts.items.map(({ time }) =>
        other.file === file ? { time, by } : { time: time - LISTS, by: `two minutes before ${by}` },
      ),
    );
  });
}

function logTimes(snapshot: NodeSnapshot): KnownMoment[] {
  return snapshot.logs.flatMap((log): KnownMoment[] => {
    if (log.lastTime === undefined || log.yearGuessed === true) return [];
    const by = `the newest entry of ${baseName(log.file)}`;
    return log.clock === 'utc'
      ? [{ time: log.lastTime - RUN, by: `ten minutes before ${by}` }]
      : [
          {
            time: log.lastTime - RUN - FARTHEST_ZONE,
            by: `14 h before ${by}, which names no zone`,
          },
        ];
  });
}

/** When our collector began by the node's own clock, for a collection run by hand. */
function startTimes(snapshot: NodeSnapshot): KnownMoment[] {
  return factsOfKind(snapshot.files, 'collections').flatMap(({ facts }) =>
    facts.items.flatMap(({ startedAt, complete, file }) =>
      startedAt === undefined || complete !== undefined
        ? []
        : [{ time: startedAt, by: baseName(file) }],
    ),
  );
}

const folder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

type Maybe = KnownMoment | undefined;
const all = (moments: readonly Maybe[]): true | undefined =>
  moments.length > 0 && moments.every((m) => m !== undefined) ? true : undefined;
/** Of equal moments the same one is named whatever the order of the files. */
const pick = (moments: readonly Maybe[], sign: 1 | -1): Maybe =>
  moments
    .filter((m) => m !== undefined)
    .sort((a, b) => sign * (a.time - b.time) || (a.by < b.by ? -1 : 1))[0];
const least = (moments: readonly Maybe[]): Maybe => pick(moments, 1);
const most = (moments: readonly Maybe[]): Maybe => pick(moments, -1);

import type { LogEntry, LogFile, LogLevel } from '../model/logs';
import type { ViewContext } from '../inspect/view-context';
import { isCompared, referenceTime } from '../rules/logs/reference-time';
import { silenceText } from '../rules/logs/silence-text';

export interface LogRequest {
  readonly components: readonly string[];
  readonly levels: readonly LogLevel[];
  readonly text: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Entries that match, as pairs of (log, entry), in time order; entries without a time stay with the one before. */
export interface LogOrder {
  readonly logs: Uint16Array;
  readonly entries: Uint32Array;
  readonly total: number;
}

/** Filters and merges the logs of a snapshot. The costly part of a page: callers keep it between pages. */
export function logOrder(context: ViewContext, request: LogRequest): LogOrder {
  const { logs } = context.snapshot;
  const matching: { log: number; entry: number; time: number }[] = [];
  let total = 0;
  logs.forEach((log, index) => {
    total += log.entryCount;
    if (request.components.length > 0 && !request.components.includes(log.component)) return;
    const hits = request.text === '' ? undefined : new Set(log.find(request.text));
    let time = log.firstTime ?? Number.NEGATIVE_INFINITY;
    for (let entry = 0; entry < log.entryCount; entry += 1) {
      time = log.time(entry) ?? time;
      if (hits && !hits.has(entry)) continue;
      if (request.levels.length > 0 && !request.levels.includes(log.level(entry))) continue;
      if (request.from !== null && time < request.from) continue;
      if (request.to !== null && time > request.to) continue;
      matching.push({ log: index, entry, time });
    }
  });
  // Event logs come with the newest entry first.
  if (logs.length > 1 || logs[0]?.component === 'windows')
    matching.sort((a, b) => a.time - b.time || a.log - b.log || a.entry - b.entry);
  return {
    logs: Uint16Array.from(matching, (m) => m.log),
    entries: Uint32Array.from(matching, (m) => m.entry),
    total,
  };
}

export interface LogRow {
  readonly key: string;
  readonly component: string;
  readonly entry: LogEntry;
  readonly findings: readonly number[];
}

/** The rows of a page, at most `maxBytes` of text. */
export function logRows(
  context: ViewContext,
  order: LogOrder,
  offset: number,
  limit: number,
  maxBytes: number,
): LogRow[] {
  const rows: LogRow[] = [];
  const said = eventTexts(context);
  const cited = citedLines(context);
  let bytes = 0;
  for (let i = offset; i < Math.min(offset + limit, order.entries.length); i += 1) {
    const log = context.snapshot.logs[order.logs[i] ?? 0];
    if (!log) continue;
    const raw = log.entry(order.entries[i] ?? 0);
    const told =
      log.component === 'windows' ? said.get(`${log.file}:${raw.evidence.line}`) : undefined;
    const entry = told === undefined ? raw : { ...raw, text: told };
    bytes += Math.min(entry.text.length, 4000) + 200;
    if (bytes > maxBytes && rows.length > 0) break;
    rows.push({
      key: `${log.file}#${entry.index}`,
      component: log.component,
      entry:
        entry.text.length > 4000 ? { ...entry, text: `${entry.text.slice(0, 4000)} …` } : entry,
      findings: cited.flatMap((c) =>
        c.file === log.file && c.line <= entry.evidence.endLine && c.endLine >= entry.evidence.line
          ? [c.finding]
          : [],
      ),
    });
  }
  return rows;
}

/** Entries of event logs as provider, number and message: their lines are CSV. */
function eventTexts({ snapshot }: ViewContext): ReadonlyMap<string, string> {
  return new Map(
    snapshot.windowsEvents.map(({ provider, id, message, evidence }) => [
      `${evidence[0]?.file ?? ''}:${evidence[0]?.line ?? 0}`,
      `${provider} ${Number.isFinite(id) ? id : ''}: ${message}`,
    ]),
  );
}

function citedLines(
  context: ViewContext,
): { file: string; line: number; endLine: number; finding: number }[] {
  const files = new Set(context.snapshot.logs.map((l) => l.file));
  return context.findings.flatMap((finding, index) =>
    finding.snapshotId === context.snapshot.id
      ? finding.evidence.filter((e) => files.has(e.file)).map((e) => ({ ...e, finding: index }))
      : [],
  );
}

export interface Staleness {
  readonly minutes: number | undefined;
  readonly tone: 'ok' | 'warning' | 'error' | 'unknown';
  readonly text: string;
}

/** How long a log had been silent when the bundle was taken; the LOG-STALE rule judges, this only shows. */
export function staleness(context: ViewContext, log: LogFile): Staleness {
  const { snapshot } = context;
  // Windows writes an event when something happens; silence means nothing.
  if (log.component === 'windows')
    return { minutes: undefined, tone: 'unknown', text: 'an event log' };
  if (log.lastTime === undefined || !snapshot.collectedAt) {
    return { minutes: undefined, tone: 'unknown', text: 'time not known' };
  }
  if (!isCompared(log, snapshot.logs, snapshot))
    return { minutes: undefined, tone: 'unknown', text: 'nothing to compare its end with' };
  const until = referenceTime(log, snapshot.logs, snapshot);
  const minutes = Math.max(0, Math.round((until - log.lastTime) / 60_000));
  const severity = context.severityOf('log', log.file);
  const judged =
    severity !== undefined &&
    context.findingsOf('log', log.file).some((i) => context.findings[i]?.ruleId === 'LOG-STALE');
  const text = minutes < 2 ? 'wrote until the end' : `silent for ${silenceText(minutes * 60_000)}`;
  return { minutes, tone: judged && severity !== 'info' ? severity : 'ok', text };
}

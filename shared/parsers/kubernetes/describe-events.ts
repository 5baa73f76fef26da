import type { KubeEvent } from '../../model/kubernetes';
import { ageSeconds } from './duration';

/** What an `Events:` row of kubectl describe says; the object comes from the describe around it. */
export type DescribedEvent = Omit<
  KubeEvent,
  'evidence' | 'objectKind' | 'objectName' | 'namespace'
>;

const TYPE = /^(?:Normal|Warning)$/;

/**
 * Reads a row of the events table of `kubectl describe`, either layout: `Type Reason Age From Message`
 * or, before 1.10, `FirstSeen LastSeen Count From SubObjectPath Type Reason Message`. Cells are
 * separated by two blanks or more; From may hold one (`kubelet, node1`). Undefined for other lines.
 */
export function describedEvent(line: string): DescribedEvent | undefined {
  const cells = line.trim().split(/ {2,}|\t+/);
  const type = cells.findIndex((cell) => TYPE.test(cell));
  if (type === 0) return newerRow(cells);
  if (type >= 4 && type <= 5) return olderRow(cells, type);
  return undefined;
}

function newerRow(cells: readonly string[]): DescribedEvent | undefined {
  const [type, reason = '', age = '', from = '', ...rest] = cells;
  const match = /^(\S+)(?: \(x(\d+) over (\S+)\))?$/.exec(age);
  const seen = ageSeconds(match?.[1] ?? '');
  if (!match || (seen === undefined && !/^<\w+>$/.test(age)) || !/^\w+$/.test(reason))
    return undefined;
  return {
    type,
    reason,
    message: rest.join('  '),
    count: match[2] === undefined ? undefined : Number(match[2]),
    lastSeenAgo: seen,
    firstSeenAgo: match[3] === undefined ? seen : ageSeconds(match[3]),
    ...sourceOf(from),
  };
}

function olderRow(cells: readonly string[], type: number): DescribedEvent | undefined {
  const [first = '', last = '', count = '', from = ''] = cells;
  if (ageSeconds(first) === undefined && !/^<\w+>$/.test(first)) return undefined;
  return {
    type: cells[type],
    reason: cells[type + 1] ?? '',
    message: cells.slice(type + 2).join('  '),
    count: /^\d+$/.test(count) ? Number(count) : undefined,
    lastSeenAgo: ageSeconds(last),
    firstSeenAgo: ageSeconds(first),
    ...sourceOf(from),
  };
}

/** `kubelet, node1` or `{kubelet node1}`. */
function sourceOf(from: string): { source: string | undefined; host: string | undefined } {
  const [source, host] = from.replace(/[{}]/g, '').trim().split(/,?\s+/);
  return { source: source === '' ? undefined : source, host };
}

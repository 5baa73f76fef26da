import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { source, list, number, text, yesNo } from './cells';
import { rowsOf, type CellTone, type Table } from './table';

const RESULT_TONE: Readonly<Record<string, CellTone>> = {
  passed: 'ok',
  failed: 'error',
  skipped: 'dim',
  inconclusive: 'warning',
};

export const testsTable: Table = {
  columns: [
    { id: 'result', title: 'Result', width: 100 },
    { id: 'name', title: 'Test', width: 430 },
    { id: 'context', title: 'Group', width: 190 },
    { id: 'duration', title: 'Took', width: 90, align: 'end' },
    { id: 'message', title: 'Message', width: 320 },
    { id: 'source', title: 'Evidence', width: 200, mono: true },
  ],
  empty: {
    text: 'No test results. The validation script deploys test pods and tries every leg of the network.',
    command: '.\\ValidateKubernetes.Pester.tests.ps1',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.tests.map((test, index) => ({
        key: `${test.name}#${index}`,
        evidence: test.evidence[0],
        tone: test.result === 'failed' ? ('error' as const) : undefined,
        cells: [
          text(test.result, RESULT_TONE[test.result]),
          text(test.name),
          text(test.context === undefined ? test.suite : `${test.suite} · ${test.context}`),
          test.durationMs === undefined
            ? text(undefined)
            : {
                text:
                  test.durationMs < 1000
                    ? `${test.durationMs} ms`
                    : `${(test.durationMs / 1000).toFixed(1)} s`,
                sort: test.durationMs,
              },
          text(test.message),
          source(test),
        ],
      })),
    ),
};

export const dnsLookupsTable: Table = {
  columns: [
    { id: 'name', title: 'Name', width: 300 },
    { id: 'server', title: 'Asked', width: 140, mono: true },
    { id: 'container', title: 'From', width: 160, mono: true, middle: true },
    { id: 'ok', title: 'Answered', width: 90 },
    { id: 'answers', title: 'Answers', width: 220, mono: true },
    { id: 'message', title: 'Message', width: 260 },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No name lookups. They tell a broken DNS load balancer from broken DNS pods.',
    command:
      'kubectl exec <pod> -- powershell Resolve-DnsName kubernetes.default.svc.cluster.local',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.dnsLookups.map((lookup, index) => ({
        key: `${lookup.name}#${index}`,
        evidence: lookup.evidence[0],
        tone: lookup.ok ? undefined : ('error' as const),
        cells: [
          text(lookup.name),
          text(lookup.server),
          text(insideOf(context.snapshot, lookup.container)),
          yesNo(lookup.ok, false),
          list(lookup.answers),
          text(lookup.message),
          source(lookup),
        ],
      })),
    ),
};

/** The pod that a container is of, where the snapshot tells; its id otherwise. */
function insideOf(snapshot: NodeSnapshot, container: string | undefined): string | undefined {
  if (container === undefined || !/^[0-9a-f]{12,}$/.test(container)) return container;
  const pod = snapshot.cluster.pods.find(({ containerIds }) =>
    containerIds.some((id) => id.startsWith(container) || container.startsWith(id)),
  );
  return pod?.name ?? container;
}

export const contradictionsTable: Table = {
  columns: [
    { id: 'object', title: 'Object', width: 280, middle: true },
    { id: 'field', title: 'What differs', width: 140 },
    { id: 'values', title: 'What the files say', width: 460 },
    { id: 'count', title: 'Sources', width: 80, align: 'end' },
  ],
  empty: { text: 'The files agree with one another wherever they speak of the same object.' },
  rows: (context) =>
    rowsOf(
      context.snapshot.contradictions.map((contradiction, index) => ({
        key: `${contradiction.object}/${contradiction.field}#${index}`,
        evidence: contradiction.values[0]?.evidence,
        tone: 'warning' as const,
        cells: [
          text(contradiction.object),
          text(contradiction.field),
          text(
            contradiction.values
              .map(
                (v) => `${v.value} (${v.evidence.file.split('/').pop() ?? ''}:${v.evidence.line})`,
              )
              .join(' · '),
          ),
          number(contradiction.values.length),
        ],
      })),
    ),
};

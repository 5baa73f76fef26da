import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { newestSnapshots, type FlowQuestion } from './flow';
import { nodeView } from './node-view';
import { tracePacket } from './trace';
import {
  cellTracer,
  unknownCell,
  worstOf,
  type CellTracer,
  type ReachabilityCell,
} from './reachability-cell';
import {
  cellQuestion,
  nodePortColumns,
  reachabilityAxes,
  type ReachabilityColumn,
  type ReachabilityRow,
} from './reachability-axes';

export type WalkThroughKind =
  | 'pod-same-node'
  | 'pod-other-node'
  | 'internet'
  | 'service'
  | 'node-port'
  | 'node-port-outside'
  | 'dns';

/** A real flow of a node that shows a kind well. */
export interface WalkThroughFlow {
  readonly question: FlowQuestion;
  /** The way of its trace to show: of a broken flow the one that breaks. */
  readonly branch: number;
  readonly arrives: boolean;
  /** How it ends, in one sentence. */
  readonly reason: string;
  readonly fromName: string;
  readonly toName: string;
}

/** One of the walk-throughs of a node, with a flow that works and one that is broken where there are such. */
export interface WalkThrough {
  readonly kind: WalkThroughKind;
  readonly title: string;
  readonly node: string;
  readonly snapshotId: string;
  readonly working: WalkThroughFlow | undefined;
  readonly broken: WalkThroughFlow | undefined;
  /** Why there is no flow at all; undefined where there is one. */
  readonly none: string | undefined;
}

const KINDS: readonly (readonly [WalkThroughKind, string, string])[] = [
  [
    'pod-same-node',
    'Pod to pod on the same node',
    'The node has fewer than two pods with an address.',
  ],
  ['pod-other-node', 'Pod to a pod of another node', 'No pod of another node is known.'],
  ['internet', 'Pod to the internet', 'No pod of this node has an address.'],
  ['service', 'Pod to a service', 'No service with a cluster address is known.'],
  ['node-port', 'Pod to a NodePort', 'No NodePort load balancer is known.'],
  ['node-port-outside', 'From outside to a NodePort', 'No NodePort load balancer is known.'],
  ['dns', 'Pod to the cluster DNS', 'The address of the cluster DNS is not known.'],
];

/** So many pods and destinations of a kind are tried for one that works and one that does not. */
const MOST_SENDERS = 6;
const MOST_DESTINATIONS = 24;

/** Somebody who asks a NodePort: addresses that are nobody's (RFC 5737, RFC 3849). */
const CLIENT = { name: 'a client outside', addresses: ['203.0.113.5', '2001:db8::cb00:7105'] };

/** Flows worth watching, picked from what every node of the case has. Broken ones are found where there are any near. */
export function walkThroughs(theCase: Case): readonly WalkThrough[] {
  const axes = reachabilityAxes(theCase);
  const trace = cellTracer(theCase);
  return newestSnapshots(theCase).flatMap((snapshot) => {
    const rows = axes.rows
      .filter((row) => row.snapshotId === snapshot.id && row.addresses.length > 0)
      .slice(0, MOST_SENDERS);
    const nodePorts = nodePortColumns(snapshot);
    return KINDS.map(([kind, title, none]): WalkThrough => {
      const fromOutside = kind === 'node-port-outside';
      const wanted =
        fromOutside || kind === 'node-port'
          ? nodePorts
          : axes.columns.filter((column) => kindOf(column, snapshot, theCase) === kind);
      // The API server is no pod: any other service shows more.
      const ordered = wanted.toSorted((a, b) => Number(isApiServer(a)) - Number(isApiServer(b)));
      const senders = fromOutside
        ? [{ ...CLIENT, node: snapshot.node, snapshotId: snapshot.id, endpointId: undefined }]
        : rows;
      const how = fromOutside ? traceOutside(theCase) : trace;
      const flows = picked(senders, ordered.slice(0, MOST_DESTINATIONS), how, theCase);
      const about = { kind, title, node: snapshot.node, snapshotId: snapshot.id };
      return {
        ...about,
        ...flows,
        none: flows.working === undefined && flows.broken === undefined ? none : undefined,
      };
    });
  });
}

/** Cells are of pods; a packet from outside is traced in full. */
const traceOutside =
  (theCase: Case): CellTracer =>
  (from, { to, protocol }) => {
    const result = tracePacket({ from, to, protocol }, theCase);
    return result.kind === 'problem'
      ? unknownCell(result.text)
      : worstOf(result.trace.branches.map(({ disposition }) => disposition));
  };

const isApiServer = ({ name }: ReachabilityColumn): boolean => name === 'default/kubernetes';

function kindOf(
  { kind, ip }: ReachabilityColumn,
  snapshot: NodeSnapshot,
  theCase: Case,
): WalkThroughKind | undefined {
  switch (kind) {
    case 'pod':
      return nodeView(snapshot, theCase).localEndpoint(ip) === undefined
        ? 'pod-other-node'
        : 'pod-same-node';
    case 'node':
      return undefined;
    default:
      return kind;
  }
}

/** The first flow that works and the first that does not; unknown ends only where nothing better is. */
function picked(
  rows: readonly ReachabilityRow[],
  columns: readonly ReachabilityColumn[],
  trace: CellTracer,
  theCase: Case,
): Pick<WalkThrough, 'working' | 'broken'> {
  let working: WalkThroughFlow | undefined;
  let broken: WalkThroughFlow | undefined;
  let unknown: WalkThroughFlow | undefined;
  for (const row of rows) {
    for (const column of columns) {
      const question = cellQuestion(row, column);
      if (question === undefined) continue;
      const cell = trace(question.from, column);
      const flow = flowOf(question, cell, row, column);
      if (cell.lost === 0) working ??= { ...flow, branch: telling(question, cell, theCase) };
      else if (cell.kind === 'insufficient-information') unknown ??= flow;
      else broken ??= flow;
      if (working !== undefined && broken !== undefined) return { working, broken };
    }
  }
  return { working, broken: broken ?? (working === undefined ? unknown : undefined) };
}

/** Of several ways that work, one to another pod than the sender shows the most. */
function telling(question: FlowQuestion, cell: ReachabilityCell, theCase: Case): number {
  if (cell.ways < 2) return cell.branch;
  const result = tracePacket(question, theCase);
  if (result.kind === 'problem') return cell.branch;
  const { branches, header } = result.trace;
  const other = branches.findIndex(({ end }) => end?.destinationIp !== header?.sourceIp);
  return other === -1 ? cell.branch : other;
}

const flowOf = (
  question: FlowQuestion,
  { branch, lost, reason }: ReachabilityCell,
  row: ReachabilityRow,
  column: ReachabilityColumn,
): WalkThroughFlow => ({
  question,
  branch,
  arrives: lost === 0,
  reason,
  fromName: row.name,
  toName: column.name,
});

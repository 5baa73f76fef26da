import type { EntityRef } from '../model/finding';

export interface GraphRequest {
  readonly show: 'all' | 'problems' | 'selected';
  readonly locality: 'local' | 'all';
  readonly focus: EntityRef | null;
  /** Ids of groups that the user opened. */
  readonly expanded: readonly string[];
  readonly filter: string;
  /** Width that the picture may take at 100 %, in px; without it the boxes are as wide as they like. */
  readonly room?: number | undefined;
  /** Fold objects of one kind where there are more than this. */
  readonly foldAbove?: number | undefined;
}

export type GraphTone = 'error' | 'warning' | 'ok' | 'none' | 'dim';
export type GraphNodeKind =
  | 'network'
  | 'remote-group'
  | 'load-balancer'
  | 'load-balancer-group'
  | 'endpoint'
  | 'endpoint-group'
  | 'remote-endpoint'
  | 'missing-endpoint'
  | 'compartment'
  | 'column-title';

export interface PlainNode {
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly label: string;
  readonly sublabel?: string | undefined;
  readonly parent?: string | undefined;
  readonly ref?: EntityRef | undefined;
  readonly tone: GraphTone;
  readonly count?: number | undefined;
}

export interface PlainEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly tone: 'error' | 'warning' | 'none' | 'dim';
  readonly label?: string | undefined;
}

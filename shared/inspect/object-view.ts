import type { Evidence } from '../model/evidence';
import type { EntityKind, EntityRef } from '../model/finding';
import type { Contradiction } from '../snapshot/node-snapshot';
import { inspectHns } from './inspect-hns';
import { inspectHost } from './inspect-host';
import { inspectKubernetes } from './inspect-kubernetes';
import { inspectVfp } from './inspect-vfp';
import type { ViewContext } from './view-context';

export interface Property {
  readonly label: string;
  readonly value: string;
  readonly mono?: boolean | undefined;
  readonly tone?: 'error' | 'warning' | 'ok' | 'dim' | undefined;
  readonly refs?: readonly EntityRef[] | undefined;
  readonly evidence?: Evidence | undefined;
}

export interface Related {
  readonly title: string;
  readonly refs: readonly EntityRef[];
}

/** What an inspector gives for one object; the view adds findings and contradictions. */
export interface ObjectDescription {
  readonly ref: EntityRef;
  readonly kindText: string;
  readonly subtitle: string;
  readonly properties: readonly Property[];
  readonly related: readonly Related[];
  readonly evidence: readonly Evidence[];
  /** Objects whose findings are this one's, too: the rules of a port. */
  readonly holds?: readonly EntityRef[] | undefined;
  /** How contradictions name this object. */
  readonly contradictionNames?: readonly string[] | undefined;
}

export interface ObjectView extends Omit<ObjectDescription, 'holds'> {
  readonly tone: 'error' | 'warning' | 'ok' | 'unknown';
  readonly findings: readonly number[];
  readonly contradictions: readonly Contradiction[];
}

/** Everything the inspector shows of an object, or undefined when the snapshot has no such object. */
export function objectView(
  context: ViewContext,
  kind: EntityKind,
  id: string,
): ObjectView | undefined {
  const described = describe(context, kind, id);
  if (!described) return undefined;
  const { holds = [], ...description } = described;
  const findings = findingsWithin(context, [description.ref, ...holds]);
  const severity = context.findings[findings[0] ?? -1]?.severity;
  const names = description.contradictionNames ?? [];
  return {
    ...description,
    tone:
      severity === 'error' || severity === 'warning'
        ? severity
        : findings.length === 0
          ? 'ok'
          : 'unknown',
    findings,
    contradictions: context.snapshot.contradictions.filter((c) => names.includes(c.object)),
  };
}

/** Findings that name any of the objects, worst first. */
function findingsWithin(context: ViewContext, refs: readonly EntityRef[]): number[] {
  const all = new Set(refs.flatMap(({ kind, id }) => context.findingsOf(kind, id)));
  const rank = (index: number): number =>
    ['error', 'warning', 'info'].indexOf(context.findings[index]?.severity ?? 'info');
  return [...all].sort((a, b) => rank(a) - rank(b));
}

function describe(
  context: ViewContext,
  kind: EntityKind,
  id: string,
): ObjectDescription | undefined {
  switch (kind) {
    case 'network':
    case 'endpoint':
    case 'load-balancer':
    case 'namespace':
      return inspectHns(context, kind, id);
    case 'vfp-port':
    case 'vfp-layer':
    case 'vfp-group':
    case 'vfp-rule':
    case 'vswitch-port':
      return inspectVfp(context, kind, id);
    case 'compartment':
    case 'adapter':
    case 'route':
    case 'process':
    case 'windows-service':
    case 'container':
    case 'cni-config':
    case 'log':
    case 'file':
    case 'port-range':
    case 'test':
      return inspectHost(context, kind, id);
    case 'service':
    case 'pod':
    case 'node':
    case 'event':
      return inspectKubernetes(context, kind, id);
  }
}

import { dipCoverage } from '../inspect/load-balancer-coverage';
import { toneOf, type ViewContext } from '../inspect/view-context';
import type { HnsLoadBalancer } from '../model/hns';
import { shortGuid } from '../model/ids';
import { loadBalancerRef } from '../snapshot/entity-ref';
import type { PlainEdge, PlainNode } from './graph-model';
import { endpointsKnown } from './pick-objects';

/** More absent endpoints than this stand in one box. */
const MISSING_ALONE = 20;

/** Links from load balancers to the boxes that stand for their backends: one between two boxes. */
export class BackendEdges {
  readonly #edges = new Map<string, PlainEdge>();
  readonly #context: ViewContext;
  readonly #place: Map<string, string>;
  readonly #nodes: PlainNode[];
  readonly #missing: ReadonlySet<string>;

  /** `place` maps an endpoint id to the node that stands for it; absent endpoints get theirs here. */
  constructor(
    context: ViewContext,
    shown: readonly HnsLoadBalancer[],
    place: Map<string, string>,
    nodes: PlainNode[],
  ) {
    this.#context = context;
    this.#place = place;
    this.#nodes = nodes;
    this.#missing = new Set(
      shown.flatMap((lb) =>
        lb.endpointIds.filter((id) => !context.snapshot.links.endpointById.has(id)),
      ),
    );
  }

  get all(): PlainEdge[] {
    return [...this.#edges.values()];
  }

  /** The links of one load balancer, which the node `source` stands for. */
  add(lb: HnsLoadBalancer, source: string): void {
    const broken = brokenBackends(this.#context, lb);
    for (const endpointId of lb.endpointIds) {
      const exists = !this.#missing.has(endpointId);
      const target = this.#place.get(endpointId) ?? (exists ? undefined : this.#absent(endpointId));
      // What the request does not show has no box.
      if (target === undefined) continue;
      const gone = !exists && endpointsKnown(this.#context);
      const noRule = broken.get(endpointId);
      this.#put({
        source,
        target,
        tone: gone || noRule !== undefined ? 'error' : exists ? 'none' : 'dim',
        label: gone ? 'gone' : noRule,
      });
    }
  }

  /** Two links between the same boxes are one; what is broken of them is said. */
  #put(edge: Omit<PlainEdge, 'id'>): void {
    const id = `${edge.source}>${edge.target}`;
    if (this.#edges.get(id)?.tone !== 'error') this.#edges.set(id, { id, ...edge });
  }

  /** The box of an endpoint that is referred to and does not exist. */
  #absent(endpointId: string): string {
    const known = endpointsKnown(this.#context);
    const many = this.#missing.size > MISSING_ALONE;
    const id = many ? 'missing:all' : `missing:${endpointId}`;
    if (!this.#nodes.some((node) => node.id === id)) {
      this.#nodes.push({
        id,
        kind: 'missing-endpoint',
        label: many ? `${this.#missing.size} endpoints` : shortGuid(endpointId),
        sublabel: known
          ? many
            ? 'do not exist'
            : 'endpoint does not exist'
          : many
            ? 'not in the files'
            : 'endpoint not in the files',
        tone: known ? 'error' : 'dim',
        ...(many ? { count: this.#missing.size } : {}),
      });
    }
    this.#place.set(endpointId, id);
    return id;
  }
}

/**
 * Backends whose DIP is absent from this load balancer's VFP rules on some pod port, with how many.
 * Only where a finding speaks of the load balancer: the graph shows what the rules judged.
 */
function brokenBackends(context: ViewContext, lb: HnsLoadBalancer): ReadonlyMap<string, string> {
  const broken = new Map<string, string>();
  if (toneOf(context, loadBalancerRef(lb)) === undefined) return broken;
  for (const id of lb.endpointIds) {
    const ip = context.snapshot.links.endpointById.get(id)?.ipAddresses[0];
    const vfp = ip === undefined ? undefined : dipCoverage(context, lb, ip);
    if (!vfp || vfp.present >= vfp.ports) continue;
    broken.set(
      id,
      vfp.present === 0 ? 'no rule' : `no rule on ${vfp.ports - vfp.present} of ${vfp.ports}`,
    );
  }
  return broken;
}

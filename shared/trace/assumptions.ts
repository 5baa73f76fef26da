/** How sure a statement about VFP is that no dump shows. */
type Confidence = 'documented' | 'observed' | 'inferred';

/** Something that a trace takes for granted because the public record does not settle it. */
export interface Assumption {
  readonly id: AssumptionId;
  readonly statement: string;
  readonly confidence: Confidence;
}

export type AssumptionId = keyof typeof STATEMENTS;

/** Each is explained, with its sources, in docs/vfp-semantics.md under the same id. */
const STATEMENTS = {
  'layer-order': [
    'observed',
    'Layers are met in ascending priority on the way out of a port and in descending priority on the way in.',
  ],
  'group-order': [
    'inferred',
    'Groups of a layer are met in ascending priority, in both directions.',
  ],
  'priority-order': [
    'observed',
    'In a group the smaller priority number wins; of equal ones the rule listed first.',
  ],
  'match-type': [
    'inferred',
    'The group prints a match type that is not interpreted; its rules are compared by priority.',
  ],
  'no-default-allow': [
    'inferred',
    'A layer of allow and block rules without "Default Allow" drops what none of them matches.',
  ],
  'unflagged-layer': [
    'inferred',
    'A layer without "Default Allow" that only rewrites passes what none of its rules matches.',
  ],
  'not-interpreted': [
    'inferred',
    'A rule of a type that is not interpreted is taken to pass the packet unchanged.',
  ],
  'behind-encap': [
    'inferred',
    'Layers behind an encapsulation hold their conditions against the outer header.',
  ],
  'local-overlay': [
    'inferred',
    'A map encapsulation sends nothing into a tunnel whose destination is an endpoint of this node.',
  ],
  'map-space': [
    'inferred',
    "The map space is not read: where it leads is taken from HNS's remote endpoint and its provider address.",
  ],
  'nat-address': [
    'inferred',
    "The NAT pool's address is not shown; outbound NAT uses the node's management address.",
  ],
  'lb-source': [
    'inferred',
    'On overlay, load balancing towards a node address also makes the address in the rule name the source.',
  ],
  'nodeport-turned-back': [
    'documented',
    "A packet for a NodePort comes to the host's port, which turns it back into the switch: its OUT rules balance it as they do for the host's own packets.",
  ],
  'nodeport-source': [
    'inferred',
    "Balancing a packet from outside at the host's port makes the address in the rule name the source, except with direct server return.",
  ],
  'fixing-mac': [
    'inferred',
    '"Fixing MAC" sets the MAC of the chosen endpoint, or of the next hop, which the dump does not show.',
  ],
  'host-routes': [
    'documented',
    "What leaves the node takes its next hop from the routes of the host's compartment.",
  ],
  'straight-to-wire': [
    'inferred',
    "The frame goes from the pod's port to the external port with the pod's MAC; a dump does not show whether it passes the bridge endpoint and the host's stack in between.",
  ],
  'pod-gateway': [
    'inferred',
    "No file shows the pod's gateway of this address family; it is taken to be that of its HNS subnet.",
  ],
  'external-port': [
    'inferred',
    'The external port, whose rules are not in the case, lets the packet pass.',
  ],
  'source-interface': [
    'documented',
    'Of equal default routes the one of the interface that has the source or management address is used.',
  ],
  'fabric-unrouted': [
    'inferred',
    'The network outside of the cluster has no route to pod addresses.',
  ],
  'flow-pair': [
    'documented',
    'Replies of a translated flow are translated back by the flow, without a rule of their own.',
  ],
  'established-flow': [
    'inferred',
    'The packet belongs to a flow that is there already: it is walked by the rules as they are, while the switch may keep to what it decided when the flow began.',
  ],
  'new-flow': [
    'documented',
    'The packet begins a new flow: an established flow may bypass rules that changed after it began.',
  ],
} as const satisfies Record<string, readonly [Confidence, string]>;

/** The assumption of an id. */
export function assumption(id: AssumptionId): Assumption {
  const [confidence, statement] = STATEMENTS[id];
  return { id, statement, confidence };
}

/** All of them, for the documentation's test. */
export const ASSUMPTION_IDS = Object.keys(STATEMENTS) as readonly AssumptionId[];

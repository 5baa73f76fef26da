import type { Evidence } from '../model/evidence';
import type { MissingEvidence } from '../model/finding';

export type DispositionKind =
  | 'delivered'
  | 'delivered-after-nat'
  | 'encapsulated-to-peer'
  | 'dropped-by-rule'
  | 'dropped-by-default'
  | 'no-route'
  | 'no-endpoint'
  | 'looped'
  | 'insufficient-information';

/** How a packet ends, and the exact condition under which a trace says so. */
export const DISPOSITIONS: Readonly<
  Record<
    DispositionKind,
    { readonly success: boolean; readonly title: string; readonly when: string }
  >
> = {
  delivered: {
    success: true,
    title: 'Delivered',
    when: 'the destination has it, or the wire towards a next hop that is no peer of the case, addresses unchanged',
  },
  'delivered-after-nat': {
    success: true,
    title: 'Delivered after NAT',
    when: 'as delivered, and a rule changed an address or a port on the way',
  },
  'encapsulated-to-peer': {
    success: true,
    title: 'Encapsulated to a peer',
    when: "it left in a tunnel towards a peer whose bundle is not in the case, and nothing known of that peer's address or router MAC speaks against it",
  },
  'dropped-by-rule': {
    success: false,
    title: 'Dropped by a rule',
    when: 'a block rule is the best match of its group and decides its layer',
  },
  'dropped-by-default': {
    success: false,
    title: 'Dropped by default',
    when: 'no rule of a filtering layer without Default Allow matches, or the port is blocked',
  },
  'no-route': {
    success: false,
    title: 'No route',
    when: 'neither a route nor an encapsulation rule leads to the destination, or the answer has no way back',
  },
  'no-endpoint': {
    success: false,
    title: 'No endpoint',
    when: 'nothing has the address: no endpoint, pod or backend of that address, a service address that no rule translates, a MAC that the peer does not own',
  },
  looped: {
    success: false,
    title: 'Looped',
    when: 'the packet comes to a port again with a header it had there before',
  },
  'insufficient-information': {
    success: false,
    title: 'Insufficient information',
    when: 'what decides is not in the case; what is missing is named',
  },
};

/** The end of one branch. */
export interface Disposition {
  readonly kind: DispositionKind;
  /** The last sentence: who has the packet, or the rule or missing thing that ends it. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /** What would let the trace go on. */
  readonly missing: readonly MissingEvidence[];
}

/** Did the packet arrive, as far as this node can do it? */
export function isDelivered({ kind }: Disposition): boolean {
  return DISPOSITIONS[kind].success;
}

/**
 * Ends a branch: `text` is its last sentence, `evidence` what ends it, `missing` what would let
 * it go on.
 */
export function ended(
  kind: DispositionKind,
  text: string,
  evidence: readonly Evidence[] = [],
  missing: readonly MissingEvidence[] = [],
): Disposition {
  return { kind, text, evidence, missing };
}

import type { Evidence } from '../model/evidence';
import type { MissingEvidence } from '../model/finding';
import type { HnsLoadBalancer } from '../model/hns';
import { canonicalIp, familyOf } from '../model/ip';
import type { VfpDip, VfpRuleBody } from '../model/vfp';
import { parseRuleName } from '../model/vfp-rule-name';
import { endpointRef, loadBalancerName, loadBalancerRef } from '../snapshot/entity-ref';
import { ended, type Disposition } from './disposition';
import { inOwnPodSubnet, nodeAddress, type NodeView } from './node-view';
import { addressText, type PacketHeader } from './packet';
import type { Effect, RuleContext } from './transform';

const says = (body: VfpRuleBody, words: RegExp): boolean => body.data.some((l) => words.test(l));

const RULES_OF_PORT: MissingEvidence = {
  what: 'the rule with all of its data',
  command: 'vfpctrl /port <port> /get-rule-counter',
  where: 'node',
};

/** Load balancing: the destination becomes one of the DIPs, so each DIP is a branch of its own. */
export function balanced(
  body: VfpRuleBody,
  header: PacketHeader,
  context: RuleContext,
): readonly Effect[] {
  const { view, evidence } = context;
  const lb = view.loadBalancerAt(header.destinationIp, header.destinationPort, header.protocol);
  if (body.dips.length === 0) {
    const none = body.dipCount === 0;
    return [
      {
        after: header,
        text: `${body.name} load balances to ${none ? 'no address' : 'addresses that are not shown'}`,
        end: none
          ? ended('no-endpoint', `Rule ${body.name} has no DIP to send to.`, [evidence])
          : ended(
              'insufficient-information',
              `The DIPs of rule ${body.name} are not in the dump.`,
              [evidence],
              [RULES_OF_PORT],
            ),
      },
    ];
  }
  const how: Balancing = {
    body,
    lb,
    fixesMac: says(body, /^Fixing MAC/i),
    source: namedSource(body),
    modifiesSource: says(body, /^Modifying source IP/i),
  };
  return body.dips.map((dip) => balancedTo(how, dip, header, context));
}

/** What one load-balancing rule does, whichever DIP is chosen. */
interface Balancing {
  readonly body: VfpRuleBody;
  readonly lb: HnsLoadBalancer | undefined;
  readonly fixesMac: boolean;
  /** The address in the rule's name that may become the source. */
  readonly source: string | undefined;
  readonly modifiesSource: boolean;
}

function namedSource(body: VfpRuleBody): string | undefined {
  const name = parseRuleName(body.name);
  return name.kind === 'load-balancing' && name.form === 'plain' ? name.source : undefined;
}

function balancedTo(
  how: Balancing,
  dip: VfpDip,
  header: PacketHeader,
  context: RuleContext,
): Effect {
  const { view, evidence } = context;
  const { body, lb, fixesMac: fixes } = how;
  const endpoint = view.anyEndpoint(dip.ip);
  const outside = isFromOutside(header, context);
  const source = outside ? how.source : sourceOf(how, dip, view);
  const after: PacketHeader = {
    ...header,
    destinationIp: dip.ip,
    destinationPort: header.destinationPort === undefined ? undefined : dip.port,
    destinationMac: fixes ? endpoint?.mac : header.destinationMac,
    ...(source === undefined ? {} : { sourceIp: source, sourcePort: undefined }),
  };
  const to = addressText(dip.ip, dip.port, header.protocol);
  const gone = missingEndpoint(dip, view, lb, evidence, body);
  return {
    after,
    text: `${body.name} sends it to ${to}, ${body.dips.length === 1 ? 'its only DIP' : `one of ${body.dips.length} DIPs`}`,
    choice: body.dips.length === 1 ? undefined : { kind: 'dip', text: to },
    end: gone,
    remarks: () => (lb === undefined ? [] : differences(body, lb, view)),
    assumes: [
      ...(fixes ? (['fixing-mac'] as const) : []),
      ...(source ? ([outside ? 'nodeport-source' : 'lb-source'] as const) : []),
    ],
    entities: [
      ...(lb === undefined ? [] : [loadBalancerRef(lb)]),
      ...(endpoint === undefined ? [] : [endpointRef(endpoint)]),
    ],
    balancer: lb,
  };
}

/** kube-proxy gives every backend an endpoint, a remote one if need be; without it VFP has no MAC or provider. */
function missingEndpoint(
  dip: VfpDip,
  view: NodeView,
  lb: HnsLoadBalancer | undefined,
  evidence: Evidence,
  body: VfpRuleBody,
): Disposition | undefined {
  if (!view.endpointsListed || view.anyEndpoint(dip.ip) !== undefined) return undefined;
  const named =
    lb?.endpointIds.some((id) => !view.snapshot.links.endpointById.has(id)) === true
      ? `; load balancer ${loadBalancerName(lb)} names an endpoint that HNS does not list`
      : '';
  return ended(
    'no-endpoint',
    `Rule ${body.name} sends to ${dip.ip}, for which HNS has no endpoint${named}.`,
    [evidence, ...(lb?.evidence.slice(0, 1) ?? [])],
  );
}

/** What HNS and the rule say differently of the same frontend. */
function differences(body: VfpRuleBody, lb: HnsLoadBalancer, view: NodeView): string[] {
  const expected = lb.endpointIds.flatMap(
    (id) => view.snapshot.links.endpointById.get(id)?.ipAddresses[0] ?? [],
  );
  const listed = new Set(body.dips.map(({ ip }) => ip));
  const missing = expected.filter((ip) => !listed.has(ip));
  const out: string[] = [];
  if (missing.length > 0)
    out.push(
      `HNS balances ${loadBalancerName(lb)} to ${missing.join(', ')} as well: no packet of this port goes there, the rule does not list ${missing.length === 1 ? 'it' : 'them'}.`,
    );
  if (body.dipCount !== undefined && body.dipCount !== body.dips.length)
    out.push(`The rule counts ${body.dipCount} DIPs and lists ${body.dips.length}.`);
  return out;
}

/**
 * On overlay a backend that is a node and no pod gets the address in the rule's name as the source
 * (kube-proxy hands the node's own over), since nothing outside of the tunnels knows pod addresses.
 */
function sourceOf(
  { source: named, modifiesSource }: Balancing,
  dip: VfpDip,
  view: NodeView,
): string | undefined {
  if (named === undefined || familyOf(named) !== familyOf(dip.ip)) return undefined;
  if (modifiesSource) return named;
  const inside = inOwnPodSubnet(view, dip.ip) !== false || view.peerOfPod(dip.ip) !== undefined;
  return view.snapshot.mode.mode === 'overlay' && !inside && view.isHostAddress(named)
    ? named
    : undefined;
}

/** At the host's port, and neither the host's own packet nor one of a pod of the node. */
const isFromOutside = ({ sourceIp }: PacketHeader, { view, place }: RuleContext): boolean =>
  place.role === 'host' &&
  !view.isHostAddress(sourceIp) &&
  view.localEndpoint(sourceIp) === undefined;

/** Static NAT: the address and port are in the data, as a DIP range or as `Source IP` / `Destination IP`. */
export function natted(
  body: VfpRuleBody,
  header: PacketHeader,
  context: RuleContext,
): readonly Effect[] {
  const ofSource = says(body, /^Modifying source IP/i) && !says(body, /^Modifying destination IP/i);
  const keep = (port: number | undefined, to: number): number | undefined =>
    port === undefined ? undefined : to;
  if (body.dips.length > 0) {
    return body.dips.map((dip) => ({
      after: ofSource
        ? { ...header, sourceIp: dip.ip, sourcePort: keep(header.sourcePort, dip.port) }
        : {
            ...header,
            destinationIp: dip.ip,
            destinationPort: keep(header.destinationPort, dip.port),
          },
      text: `${body.name} translates the ${ofSource ? 'source' : 'destination'} to ${addressText(dip.ip, dip.port, header.protocol)}`,
      choice:
        body.dips.length === 1
          ? undefined
          : ({ kind: 'dip', text: addressText(dip.ip, dip.port, header.protocol) } as const),
    }));
  }
  const { setSourceIp, setDestinationIp } = body;
  if (setSourceIp !== undefined || setDestinationIp !== undefined) {
    return [
      {
        after: {
          ...header,
          sourceIp: setSourceIp ?? header.sourceIp,
          destinationIp: setDestinationIp ?? header.destinationIp,
        },
        text: `${body.name} translates addresses`,
      },
    ];
  }
  if (body.natPool !== undefined) return outboundNatted(body, header, context);
  return [notShown(body, header, context)];
}

/** Outbound NAT: the source becomes an address of the pool, the port is picked when the flow begins. */
export function outboundNatted(
  body: VfpRuleBody,
  header: PacketHeader,
  { view, place }: RuleContext,
): readonly Effect[] {
  const range = place.port.natRanges.find((each) => each.name === body.natPool);
  const line = (key: RegExp): string | undefined =>
    range?.text.map((text) => key.exec(text)?.[1]?.trim()).find((value) => value !== undefined);
  const printed = canonicalIp(line(/^\s*(?:IP )?Address\s*:\s*(\S+)/i) ?? '');
  const shown =
    printed !== undefined && familyOf(printed) === familyOf(header.sourceIp) ? printed : undefined;
  const node = nodeAddress(view.snapshot, header.sourceIp);
  const address = shown ?? node?.value;
  if (address === undefined) {
    return [
      {
        after: header,
        text: `${body.name} translates the source to an address that is not shown`,
        end: ended(
          'insufficient-information',
          `Neither the pool of rule ${body.name} nor the node's address is in the case.`,
          [],
          [
            {
              what: "the port's NAT ranges",
              command: 'vfpctrl /port <port> /list-nat-range',
              where: 'node',
            },
          ],
        ),
      },
    ];
  }
  const ports = line(/^\s*Port range\s*:\s*(.+)$/i);
  const picked =
    header.protocol === 6 || header.protocol === 17
      ? `, with a port ${ports === undefined ? 'of its pool' : `out of ${ports}`}`
      : '';
  return [
    {
      after: { ...header, sourceIp: address, sourcePort: undefined },
      text: `${body.name} makes ${address} the source${picked}`,
      assumes: shown === undefined ? ['nat-address'] : [],
      evidence: range === undefined ? [] : [range.evidence],
    },
  ];
}

/** NAT by a map space: the mapping is not in a collected dump. */
export function mapNatted(
  body: VfpRuleBody,
  header: PacketHeader,
  context: RuleContext,
): readonly Effect[] {
  return [notShown(body, header, context)];
}

function notShown(body: VfpRuleBody, header: PacketHeader, { evidence }: RuleContext): Effect {
  return {
    after: header,
    text: `${body.name} (${body.typeText}) translates to an address that is not shown`,
    end: ended(
      'insufficient-information',
      `What rule ${body.name} of type ${body.typeText} translates to is not in its data.`,
      [evidence],
      [
        {
          what: 'the mappings of the port',
          command: 'vfpctrl /port <port> /list-mapping',
          where: 'node',
        },
      ],
    ),
  };
}
